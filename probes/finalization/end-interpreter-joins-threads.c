/* ``Py_EndInterpreter()`` waits for the non-daemon threads of the interpreter. */

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
    PyThreadState *main_state = PyThreadState_Get();
    PyThreadState *inside = Py_NewInterpreter();
    snprintf(program, sizeof(program),
             "import os, threading, time\n"
             "def work():\n"
             "    time.sleep(0.3)\n"
             "    os.write(%d, b'the thread, ')\n"
             "threading.Thread(target=work).start()\n", pipe_ends[1]);
    PyRun_SimpleString(program);
    Py_EndInterpreter(inside);
    if (write(pipe_ends[1], "the end", 7) < 0) {
        return 1;
    }
    PyThreadState_Swap(main_state);
    ssize_t length = read(pipe_ends[0], seen, sizeof(seen));
    report_works("%.*s", (int)length, seen);
    return 0;
}
