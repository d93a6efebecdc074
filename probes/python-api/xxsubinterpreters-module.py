"""The module ``_xxsubinterpreters`` exists up to 3.12."""

import importlib

import report

try:
    importlib.import_module("_xxsubinterpreters")
except ModuleNotFoundError:
    report.absent("no module _xxsubinterpreters")
else:
    report.works("the module is there")
