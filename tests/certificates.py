"""A certificate that no machine trusts."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def make_certificate(folder: Path) -> Path:
    """A certificate for this machine, with its key, as PEM; ``public.pem`` beside it has no key."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    command = (
        "openssl req -x509 -newkey rsa:2048 -noenc -days 2 -subj /CN=localhost "
        "-addext subjectAltName=IP:127.0.0.1 -keyout certificate.pem -out public.pem"
    )
    subprocess.run(shlex.split(command), cwd=folder, check=True, capture_output=True)
    path = folder / "certificate.pem"
    with path.open("ab") as file:
        file.write((folder / "public.pem").read_bytes())
    return path
