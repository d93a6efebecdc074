"""Small integers are shared by all interpreters, but not in 3.9 and 3.10."""

from identity import report_identity

report_identity('int("5")', 'int("-5")')
