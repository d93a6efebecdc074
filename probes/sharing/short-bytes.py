"""Empty and one-byte ``bytes`` are shared by all interpreters, but not in 3.10."""

from identity import report_identity

report_identity("bytes()", "bytes([120])")
