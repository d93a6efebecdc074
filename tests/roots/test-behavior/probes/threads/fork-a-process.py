"""``os.fork()`` raises, crashes or hangs."""

import os

os.fork()
