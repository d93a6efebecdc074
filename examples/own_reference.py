"""An instance that is freed at exit frees what it holds."""

import os
import sys

from items import Item


class Told:
    write = staticmethod(os.write)

    def __del__(self):
        self.write(1, b"freed\n")


item = Item(Told())
del item
last = Item(Told())
print("before the exit")
sys.stdout.flush()
