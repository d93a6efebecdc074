"""``PyState_FindModule(&posixmodule)`` finds ``posix`` in 3.8 and gives ``NULL`` since 3.9.

``posix`` became a multi-phase module in 3.9.
"""

import posix
from ctypes import c_void_p, py_object, pythonapi

from report import works

get_def = pythonapi.PyModule_GetDef
get_def.argtypes, get_def.restype = [py_object], c_void_p
find = pythonapi.PyState_FindModule
find.argtypes, find.restype = [c_void_p], c_void_p

found = find(get_def(posix))
works({None: "NULL", id(posix): "the module"}[found])
