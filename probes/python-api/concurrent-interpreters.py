"""The module ``concurrent.interpreters`` exists from 3.14 on."""

import importlib

import report

try:
    importlib.import_module("concurrent.interpreters")
except ModuleNotFoundError:
    report.absent("no module concurrent.interpreters")
else:
    report.works("the module is there")
