"""``_random.Random`` is shared in 3.8, and belongs to each interpreter since 3.9.

It is a static type in 3.8, a heap type since 3.9.
"""

from identity import report_identity

report_identity('__import__("_random").Random')
