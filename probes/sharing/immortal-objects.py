"""Since 3.12 the reference counts of objects that interpreters share do not change.

A thousand references are made to each object, and should add a thousand to its count.
"""

import sys

from report import works

SHARED = [None, True, ..., 5, "", b"", (), int, dict, ValueError]

added = set()
for item in SHARED:
    before = sys.getrefcount(item)
    references = [item] * 1000
    added.add(sys.getrefcount(item) - before)

works(", ".join(f"{count} added" for count in sorted(added)))
