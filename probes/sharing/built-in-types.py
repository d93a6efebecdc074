"""Built-in types are the same objects in all interpreters."""

from identity import report_identity

report_identity("int", "dict", "type", "ValueError", "type(sys.flags)")
