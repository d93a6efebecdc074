"""A build backend that needs nothing: makes the editable wheel of a package without modules."""

from __future__ import annotations

import zipfile
from pathlib import Path

INFO = "empty-1.dist-info"
FILES = {
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: empty\nVersion: 1\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/RECORD": "",
}


def build_editable(
    wheel_directory: str,
    config_settings: dict[str, str] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Write the wheel and return its name, as PEP 660 has it."""
    name = "empty-1-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, name), "w") as wheel:
        for path, content in FILES.items():
            wheel.writestr(path, content)
    return name
