"""A string of one Latin-1 character is shared by all interpreters, but not in 3.10."""

from identity import report_identity

report_identity("chr(120)", "chr(233)")
