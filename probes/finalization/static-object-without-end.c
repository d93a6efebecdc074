/* In a program that ends without ``Py_FinalizeEx()``, ``Py_IsInitialized()`` is 1 in a destructor. */

#include "probe.h"

static void __attribute__((destructor))
look(void)
{
    report_works("Py_IsInitialized() is %d", Py_IsInitialized());
}

int
main(void)
{
    Py_Initialize();
    return 0;
}
