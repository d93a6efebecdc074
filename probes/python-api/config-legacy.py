"""A legacy interpreter shares the GIL and may fork, replace the process and have daemon threads.

:since: 3.13
"""

import _interpreters
import report

config = vars(_interpreters.new_config("legacy"))
allowed = [name[6:] for name, value in config.items() if name.startswith("allow_") and value]
report.works(f"{config['gil']} GIL; allows {' '.join(allowed)}")
