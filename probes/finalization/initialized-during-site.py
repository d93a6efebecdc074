"""While ``site`` is imported, ``Py_IsInitialized()`` is 1 up to 3.14 and 0 from 3.15 on."""

import child
import report

with open("sitecustomize.py", "w") as file:
    file.write("import ctypes, os\nos.write(1, b'%d' % ctypes.pythonapi.Py_IsInitialized())\n")
report.result_of(child.run, "", environment={"PYTHONPATH": "."})
