"""The empty string is shared by all interpreters, but not in 3.10."""

from identity import report_identity

report_identity("str()", '"".join([])')
