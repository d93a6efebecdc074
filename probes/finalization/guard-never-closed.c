/* A ``PyInterpreterGuard`` that is never closed makes the end of Python hang; from 3.15 on. */

#include "probe.h"

#if PY_VERSION_HEX < 0x030F0000

int
main(void)
{
    report_absent("no PyInterpreterGuard");
    return 0;
}

#else

#include <signal.h>

static void
give_up(int Py_UNUSED(signal_number))
{
    static const char line[] = "{\"outcome\": \"hangs\", \"detail\": \"Py_FinalizeEx()\"}\n";
    _exit(write(STDOUT_FILENO, line, sizeof(line) - 1) < 0);
}

int
main(void)
{
    Py_Initialize();
    PyInterpreterGuard_FromCurrent();
    signal(SIGALRM, give_up);
    alarm(3);
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}

#endif
