"""An isolated interpreter has its own GIL and may have threads, but no daemon threads.

:since: 3.13
"""

import _interpreters
import report

config = vars(_interpreters.new_config("isolated"))
allowed = [name[6:] for name, value in config.items() if name.startswith("allow_") and value]
report.works(f"{config['gil']} GIL; allows {' '.join(allowed)}")
