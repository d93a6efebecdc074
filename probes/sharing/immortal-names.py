"""Since 3.12 the names in compiled code are immortal: of functions, variables and attributes.

A program is compiled whose names stand nowhere else. A thousand references are made to each of
them, and to a string from sys.intern(); an immortal object does not count them.
"""

import sys

from report import works

PROGRAM = """
def a_function_of_this_probe(a_variable_of_this_probe):
    return a_variable_of_this_probe.an_attribute_of_this_probe
"""


def is_immortal(item):
    before = sys.getrefcount(item)
    references = [item] * 1000
    return sys.getrefcount(item) - before < len(references)


namespace = {}
exec(compile(PROGRAM, "<probe>", "exec"), namespace)
code = namespace["a_function_of_this_probe"].__code__
strings = {
    "function": code.co_name,
    "variable": code.co_varnames[0],
    "attribute": code.co_names[0],
    "sys.intern()": sys.intern(f"of this probe, number {len(PROGRAM)}"),
}
immortal = [name for name, item in strings.items() if is_immortal(item)]
works(f"immortal: {', '.join(immortal) or 'none'}")
