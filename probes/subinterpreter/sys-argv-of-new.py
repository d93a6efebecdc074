"""``sys.argv`` of a new interpreter is the command line, as the main interpreter got it.

What the main interpreter has added to its own list is not there.
"""

import sys

import subinterpreter
from kinds import result_of_each

command_line = list(sys.argv)
sys.argv.append("added by main")


def compare(isolated):
    program = "import sys; print(repr(getattr(sys, 'argv', None)))"
    there = eval(subinterpreter.run(program, isolated=isolated))
    if there == command_line:
        return "the command line"
    return "none" if there is None else "with what main added" if there == sys.argv else "another"


result_of_each(compare)
