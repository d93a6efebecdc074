"""A closed isolated interpreter leaves more than 1 MB behind on 3.12 and 3.13.

Nothing frees that before the process ends.
"""

from memory import report_growth

report_growth(isolated=True)
