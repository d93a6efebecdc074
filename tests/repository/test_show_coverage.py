"""What the tests cover of a folder is printed, and too little of it is an error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "show_coverage.py"
# Of four lines the third is not run, of two branches one.
HALF = "import sys\nif sys.argv:\n    pass\nelse:\n    sys.exit()\n"


def show(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), "code", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A folder in which one file of two was run under coverage."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "half.py").write_text(HALF)
    (tmp_path / "other.py").write_text("if 0:\n    x = 1\n    y = 2\n")
    run = [sys.executable, "-m", "coverage", "run", "--branch", "--source=."]
    subprocess.run([*run, "code/half.py"], cwd=tmp_path, check=True)
    return tmp_path


def test_lines_and_branches_of_the_folder_are_told_apart(measured: Path) -> None:
    done = show(measured)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "code: 75.0 % of the lines, 50.0 % of the branches\n"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--lines", "75", "--branches", "50"], 0),
        (["--lines", "76"], 1),
        (["--branches", "51"], 1),
    ],
)
def test_too_little_is_an_error(measured: Path, options: list[str], status: int) -> None:
    done = show(measured, *options)
    assert done.returncode == status
    assert ("the tests must cover" in done.stderr) == bool(status)


def test_nothing_measured_is_an_error_and_says_so(tmp_path: Path) -> None:
    done = show(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("code: No data to report.")
