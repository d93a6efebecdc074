"""What tests of clones of this repository share: git, and make as a contributor calls it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["MAKE", "PYTHON", "ROOT", "UV", "git", "make"]

ROOT = Path(__file__).resolve().parents[1]
MAKE = shutil.which("make") or ""
#: The Python that environments are made with, not that of one.
PYTHON = getattr(sys, "_base_executable", sys.executable)
#: The one of the development requirements, beside the Python that runs the tests.
UV = shutil.which("uv", path=os.fspath(Path(sys.executable).parent)) or shutil.which("uv")


def git(*arguments: str | Path) -> str:
    """What a git command in this repository prints."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def make(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, with more variables in the environment."""
    inherited = {
        k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL", "PYTHON"}
    }
    return subprocess.run(
        [MAKE, "-C", str(folder), "--no-print-directory", *arguments],
        env=inherited | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
