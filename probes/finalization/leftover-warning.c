/* From 3.14 on, a warning tells that a subinterpreter was left over at the end of Python.

   :since: 3.13
*/

#include "probe.h"

int
main(void)
{
    int pipe_ends[2];
    char warning[300] = "";
    if (pipe(pipe_ends) < 0) {
        return 1;
    }
    Py_Initialize();
    PyThreadState *main_state = PyThreadState_Get();
    Py_NewInterpreter();
    PyThreadState_Swap(main_state);

    fflush(stderr);
    dup2(pipe_ends[1], STDERR_FILENO);
    Py_FinalizeEx();
    close(pipe_ends[1]);
    close(STDERR_FILENO);  /* the other descriptor of this end */
    const char *text = NULL;
    if (read(pipe_ends[0], warning, sizeof(warning) - 1) > 0) {
        text = strstr(warning, "RuntimeWarning");
    }
    report_works("%.*s", text ? (int)strcspn(text, ";") : 10, text ? text : "no warning");
    return 0;
}
