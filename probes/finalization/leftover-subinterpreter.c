/* A subinterpreter left over by C code is a fatal error up to 3.12; later, it is closed.

   On 3.13 that happens after the modules of the main interpreter, from 3.14 on before.
*/

#include "probe.h"

int
main(void)
{
    int pipe_ends[2];
    char program[300], seen[100];
    if (pipe(pipe_ends) < 0) {
        return 1;
    }
    Py_Initialize();
    snprintf(program, sizeof(program),
             "import os\n"
             "class Finalizer:\n"
             "    def __del__(self, write=os.write):\n"
             "        write(%d, b'__del__ in main, ')\n"
             "target = Finalizer()\n", pipe_ends[1]);
    PyRun_SimpleString(program);

    PyThreadState *main_state = PyThreadState_Get();
    Py_NewInterpreter();
    snprintf(program, sizeof(program),
             "import atexit, os\n"
             "atexit.register(os.write, %d, b'atexit in sub, ')\n", pipe_ends[1]);
    PyRun_SimpleString(program);
    PyThreadState_Swap(main_state);

    Py_FinalizeEx();
    ssize_t length = read(pipe_ends[0], seen, sizeof(seen));
    report_works("%.*s", (int)length - 2, seen);
    return 0;
}
