/* Starting and ending Python again and again uses up memory on some series.

   They are those that do not release their interned strings. The memory of the process grows by
   more than 2 MB in 30 rounds, or by less than that.
*/

#include "probe.h"

static long
memory_in_bytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) {
        exit(1);
    }
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

int
main(void)
{
    long before = 0;
    for (int round = 0; round < 40; round++) {
        if (round == 10) {
            before = memory_in_bytes();
        }
        Py_Initialize();
        Py_FinalizeEx();
    }
    long growth = memory_in_bytes() - before;
    report_works("memory %s", growth > 2000000 ? "grows" : "stays level");
    return 0;
}
