"""The module ``_interpreters`` exists from 3.13 on."""

import importlib

import report

try:
    importlib.import_module("_interpreters")
except ModuleNotFoundError:
    report.absent("no module _interpreters")
else:
    report.works("the module is there")
