"""Import _random twice and compare the two modules and their types (CPython 3.8 to 3.15)."""

# ruff: noqa: I001  (the order of the imports is the point)
import sys

# start
import _random as mod1

del sys.modules["_random"]
import _random as mod2

print("same module:", mod2 is mod1)
print("same type:", mod2.Random is mod1.Random)
print("instance of the other:", isinstance(mod1.Random(), mod2.Random))
try:
    mod1.Random.x = 1
    print("mod1.Random.x:", mod1.Random.x)
except TypeError as error:
    print("mod1.Random.x = 1:", error)
try:
    print("mod2.Random.x:", mod2.Random.x)
except AttributeError as error:
    print("mod2.Random.x:", error)
# end

print("heap type:", bool(mod1.Random.__flags__ & 1 << 9))  # Py_TPFLAGS_HEAPTYPE
