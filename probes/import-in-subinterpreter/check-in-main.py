"""The main interpreter cannot change how extension modules are checked.

The function is private, and new in 3.12.

:since: 3.12
"""

import _imp

from report import result_of

result_of(_imp._override_multi_interp_extensions_check, -1)
