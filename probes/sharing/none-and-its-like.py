"""``None``, ``True``, ``False`` and ``Ellipsis`` are the same objects in all interpreters."""

from identity import report_identity

report_identity("None", "True", "False", "Ellipsis")
