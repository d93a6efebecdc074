"""Right after start-up the list of an interpreter is long in 3.8 and short since 3.12.

A module is in the list if ``PyState_FindModule()`` finds it by its definition.
"""

from child import run
from report import result_of

PROGRAM = """
import sys
started = list(sys.modules.items())  # before anything else is imported

from ctypes import c_void_p, py_object, pythonapi

get_def = pythonapi.PyModule_GetDef
get_def.argtypes, get_def.restype = [py_object], c_void_p
find = pythonapi.PyState_FindModule
find.argtypes, find.restype = [c_void_p], c_void_p

definitions = [(name, module, get_def(module)) for name, module in started]
listed = [name for name, module, d in definitions if d and find(d) == id(module)]
print(len(listed), "modules" if len(listed) > 3 else "modules: " + " ".join(sorted(listed)))
"""

result_of(run, PROGRAM, options=["-S"])
