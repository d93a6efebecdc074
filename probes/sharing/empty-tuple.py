"""The empty tuple is shared by all interpreters, but not in 3.10."""

from identity import report_identity

report_identity("tuple()", "tuple([])")
