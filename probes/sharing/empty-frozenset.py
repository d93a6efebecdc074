"""The empty frozenset is shared in 3.8 and 3.9, and no singleton since 3.10."""

from identity import report_identity

report_identity("frozenset()")
