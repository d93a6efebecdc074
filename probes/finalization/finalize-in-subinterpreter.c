/* ``Py_FinalizeEx()`` returns 0 when it is called with a subinterpreter current.

   That does not make it safe.
*/

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    Py_NewInterpreter();
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}
