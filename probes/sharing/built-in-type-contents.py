"""What a built-in type contains belongs to each interpreter since 3.12."""

from identity import report_identity

report_identity('dict.__dict__["keys"]', 'int.__dict__["__add__"]')
