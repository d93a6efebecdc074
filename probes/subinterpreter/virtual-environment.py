"""A new interpreter has the virtual environment of the Python that runs."""

import os
import subprocess
import sys
import tempfile

import report

SOURCE = """
if True:
    import sys
    try:
        from _interpreters import create, exec as run
    except ImportError:
        from _xxsubinterpreters import create, run_string as run
    run(create(), '''if True:
        import sys
        inside = sys.prefix != sys.base_prefix
        found = any(path.startswith(sys.prefix) for path in sys.path)
        print(f"in it: {inside}, its packages in sys.path: {found}", flush=True)''')
"""

with tempfile.TemporaryDirectory() as folder:
    # Not by a link: from there, 3.13 does not find the library of a Python that was only unpacked.
    real = os.path.realpath(sys.executable)
    subprocess.run([real, "-m", "venv", "--without-pip", folder], check=True)
    python = os.path.join(folder, "bin", "python")
    report.works(subprocess.check_output([python, "-c", SOURCE], universal_newlines=True).strip())
