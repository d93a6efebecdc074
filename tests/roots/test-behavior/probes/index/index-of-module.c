/* A module has an index.

   :since: 3.13 */

int index_of(void) { return 1 < 2; }
