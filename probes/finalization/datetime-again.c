/* Importing ``datetime`` again after ``Py_FinalizeEx()`` and ``Py_Initialize()`` crashes on 3.12.1.

   Its static types keep what finalization has freed.
*/

#include "probe.h"

int
main(void)
{
    for (int round = 0; round < 3; round++) {
        Py_Initialize();
        PyRun_SimpleString("import datetime");
        Py_FinalizeEx();
    }
    report_works("imported three times");
    return 0;
}
