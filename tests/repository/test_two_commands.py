"""`make html` and `make test` do all the set-up there is, and say so plainly when they cannot."""

import ast
import functools
import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clones import MAKE, ROOT, UV, make
from ruamel.yaml import YAML

BACKEND = ROOT / "tests" / "programs" / "empty_backend.py"
PYPROJECT = """\
[build-system]
requires = []
build-backend = "empty_backend"
backend-path = ["."]

[project]
name = "empty"
version = "1"
"""

# What the stand-in for uv is asked for: the requirements, then the extensions.
INSTALL = ["pip sync", "pip install"]

pytestmark = pytest.mark.skipif(not MAKE, reason="needs make")

# A stand-in for uv: makes a real but empty environment, notes how it was called, and on request
# is slow or fails with given words.
FAKE_UV = f"""#!/bin/sh
echo "$1 $2" >>"$LOG"
case $1 in
venv) for last; do :; done; exec {sys.executable} -m venv --without-pip "$last";;
pip) [ -z "$FAIL" ] || {{ echo "$FAIL" >&2; exit 2; }}; exec sleep "${{SLOW:-0}}";;
esac
"""

# A stand-in for pip: notes what it was to install, and can install that uv.
FAKE_PIP = """\
import os, pathlib, shutil, sys
with open(os.environ["LOG"], "a") as log:
    print(sys.argv[-1], file=log)
if sys.argv[-1].startswith("uv=="):
    shutil.copy("brought", pathlib.Path(sys.executable).with_name("uv"))
"""


class Project:
    """The set-up script and two requirements files in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "uv.log"
        self.venv = folder / ".venv"
        self.stamp = self.venv / "set-up.json"
        self.script = folder / "tools" / "setup_venv.py"
        self.script.parent.mkdir()
        shutil.copy(ROOT / "tools" / "setup_venv.py", self.script)
        shutil.copy(BACKEND, folder)
        self.write("pyproject.toml", PYPROJECT)
        self.write("requirements.txt", "")
        self.write("requirements-dev.txt", "")
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.program("uv", FAKE_UV)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def program(self, name: str, text: str) -> None:
        path = self.programs / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        """What the commands see: no uv but the stand-in, no settings of the user's pip."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        path = f"{self.programs}:/usr/bin:/bin"
        return kept | {"PATH": path, "LOG": str(self.log), "PIP_CONFIG_FILE": os.devnull} | more

    def start(self, *arguments: str, python: str = "", **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [python or sys.executable, str(self.script), *arguments],
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # As a terminal starts it: tests that run in the background ignore this signal, and
            # what they start would inherit that.
            preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )

    def set_up(self, *arguments: str, python: str = "", **more: str) -> tuple[int, str]:
        """Run the script; give its exit status and what it said, which is never a traceback."""
        process = self.start(*arguments, python=python, **more)
        output, said = process.communicate(timeout=120)
        assert output == ""
        assert "Traceback" not in said
        return process.returncode, said

    def calls(self) -> list[str]:
        """What the stand-in was asked for since the last time."""
        calls = self.log.read_text(encoding="utf-8").split("\n")[:-1] if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [call.removesuffix(" --quiet") for call in calls]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


# When something is installed, and when nothing ----------------------------------------


def test_second_run_does_nothing(project: Project) -> None:
    assert project.set_up("site") == (0, "set-up: installing requirements.txt with uv\n")
    assert project.calls() == ["venv", *INSTALL]
    assert project.set_up("site") == (0, "")
    assert project.calls() == []


def test_both_commands_share_one_environment(project: Project) -> None:
    project.set_up("site")
    project.calls()
    assert project.set_up("dev") == (0, "set-up: installing requirements-dev.txt with uv\n")
    assert project.calls() == INSTALL
    for level in ("site", "dev", "site"):
        assert project.set_up(level) == (0, "")
    assert project.calls() == []


def test_changed_contents_are_installed_and_a_new_date_is_not(project: Project) -> None:
    project.set_up("site")
    project.calls()
    os.utime(project.folder / "requirements.txt")
    project.set_up("site")
    assert project.calls() == []
    project.write("requirements.txt", "# changed\n")
    project.set_up("site")
    assert project.calls() == INSTALL
    project.set_up("site")
    assert project.calls() == []


def test_changed_declaration_of_the_package_is_installed(project: Project) -> None:
    project.set_up("site")
    project.calls()
    project.write("pyproject.toml", PYPROJECT + "# changed\n")
    project.set_up("site")
    assert project.calls() == INSTALL


def test_what_holds_everything_goes_on_holding_everything(project: Project) -> None:
    project.set_up("dev")
    project.write("requirements.txt", "# changed\n")
    assert project.set_up("site") == (0, "set-up: installing requirements-dev.txt with uv\n")


def test_naming_the_python_that_made_it_changes_nothing(project: Project) -> None:
    project.set_up("site")
    project.calls()
    assert project.set_up("site", "--python-named") == (0, "")
    assert project.calls() == []


def test_naming_another_python_makes_it_anew(project: Project) -> None:
    project.set_up("site")
    stamp = json.loads(project.stamp.read_text(encoding="utf-8"))
    project.stamp.write_text(json.dumps(stamp | {"python": "3.11.0 /elsewhere"}), encoding="utf-8")
    project.calls()
    assert "making .venv anew" in project.set_up("site", "--python-named")[1]
    assert project.calls() == ["venv", *INSTALL]


# What is broken is mended -------------------------------------------------------------


def test_environment_that_uv_made_without_pip_is_made_anew_once_uv_is_gone(
    project: Project,
) -> None:
    project.set_up("site")
    (project.programs / "uv").unlink()
    project.write("requirements.txt", "# changed\n")
    status, said = project.set_up("site")
    assert (status, said.splitlines()[-1]) == (
        0,
        "set-up: installing requirements.txt with pip",
    )
    # Here, as it takes seconds to make an environment that has pip.
    expect_unreachable_index(project)


def test_pip_brings_the_pinned_uv_and_goes_on_if_that_cannot(project: Project) -> None:
    project.set_up("site")
    project.calls()
    (site_packages,) = project.venv.glob("lib/python*/site-packages")
    (site_packages / "pip").mkdir()
    (site_packages / "pip" / "__main__.py").write_text(FAKE_PIP, encoding="utf-8")
    (project.programs / "uv").rename(project.folder / "brought")
    project.write("requirements-dev.txt", "other==1\nuv==1\n")
    installing = "set-up: installing requirements-dev.txt with"
    assert project.set_up("dev") == (0, f"{installing} uv\n")
    assert project.calls() == ["uv==1", "pip sync", "."]
    project.write("requirements-dev.txt", "other==2\nuv==1\n")
    status, said = project.set_up("dev", FAIL="only pip knows an index")
    assert (status, said.splitlines()) == (
        0,
        [
            f"{installing} uv",
            "only pip knows an index",
            "set-up: uv could not, so pip does it",
            f"{installing} pip",
        ],
    )
    assert project.calls() == ["uv==1", "pip sync", "requirements-dev.txt", "."]


def expect_unreachable_index(project: Project) -> None:
    """See that a set-up says so where no package index answers, and leaves nothing good."""
    nowhere = "http://127.0.0.1:9/"
    project.write("requirements.txt", "no-such-package-0==1\n")
    status, said = project.set_up(
        "site",
        PIP_INDEX_URL=nowhere,
        PIP_RETRIES="0",
        UV_DEFAULT_INDEX=nowhere,
        UV_HTTP_RETRIES="0",
    )
    assert status == 1
    assert "no package index answered" in said.splitlines()[-1]
    assert not project.stamp.exists()


def break_interpreter(project: Project) -> None:
    for python in (project.venv / "bin").glob("python*"):
        python.unlink()
        python.symlink_to("/nowhere/python")


def break_interpreter_that_starts(project: Project) -> None:
    python = project.venv / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)


def lose_stamp(project: Project) -> None:
    project.stamp.unlink()


def spoil_stamp(project: Project) -> None:
    project.stamp.write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    "damage", [break_interpreter, break_interpreter_that_starts, lose_stamp, spoil_stamp]
)
def test_broken_environment_is_made_anew(project: Project, damage: object) -> None:
    project.set_up("site")
    project.calls()
    assert callable(damage)
    damage(project)
    left_over = project.venv / "left-over"
    left_over.touch()
    status, said = project.set_up("site")
    assert status == 0
    assert "making .venv anew" in said
    assert project.calls() == ["venv", *INSTALL]
    assert not left_over.exists()
    assert project.set_up("site") == (0, "")


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_no_environment_is_left_alone(project: Project, kind: str) -> None:
    treasure = project.folder / "elsewhere" / "treasure"
    treasure.parent.mkdir()
    treasure.touch()
    if kind == "folder":
        treasure.parent.rename(project.venv)
        treasure = project.venv / "treasure"
    elif kind == "file":
        treasure = treasure.rename(project.venv)
    else:
        project.venv.symlink_to(treasure.parent)
    status, said = project.set_up("site")
    assert status == 1
    assert "move it away" in said
    assert treasure.exists()


# What cannot be done is said ----------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("write failed: No space left on device (os error 28)", "the disk is full"),
        ("error sending request for url (https://index.example/)", "no package index answered"),
        ("Because there is no version of a, no solution found", "does not hold every pinned"),
        ("something else", "the lines above say why"),
    ],
)
def test_failure_is_explained_and_leaves_nothing_good(
    project: Project, words: str, told: str
) -> None:
    status, said = project.set_up("site", FAIL=words)
    assert status == 1
    assert words in said
    assert told in said.splitlines()[-1]
    assert not project.stamp.exists()
    assert project.set_up("site")[0] == 0
    project.write("requirements.txt", "# changed\n")
    assert project.set_up("site", FAIL=words)[0] == 1
    assert not project.stamp.exists()


def test_unreachable_index(project: Project) -> None:
    assert UV
    (project.programs / "uv").unlink()
    (project.programs / "uv").symlink_to(UV)
    expect_unreachable_index(project)


AS_OLD_PYTHON = """\
import runpy, sys
sys.version_info = (3, 8, 18, "final", 0)
sys.version = "3.8.18 (main)"
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_too_old_python(project: Project) -> None:
    project.program("old", f"#!/bin/sh\nexec {sys.executable} -c '{AS_OLD_PYTHON}' \"$@\"\n")
    project.program("python3.12", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    old = str(project.programs / "old")
    status, said = project.set_up("dev", python=old)
    assert status == 1
    assert "needs Python 3.11 or newer" in said
    assert "is 3.8.18" in said
    assert re.search(r"Try: make test PYTHON=python3\.1\d", said)
    assert not project.venv.exists()
    project.set_up("dev")
    assert project.set_up("dev", python=old) == (0, "")  # what is there works whoever asks


def old_pythons() -> list[str]:
    """Interpreters of this machine that are too old and run."""
    found = [shutil.which(f"python3.{minor}") for minor in range(6, 11)]
    found += [str(path) for path in Path.home().glob(".pyenv/versions/3.[6-9].*/bin/python3")]
    return [
        python
        for python in found
        if python
        and not subprocess.run([python, "-V"], capture_output=True, check=False).returncode
    ]


def test_really_old_python(project: Project) -> None:
    pythons = old_pythons()
    if not pythons:
        pytest.skip("no Python older than 3.11 here")
    for python in pythons:
        status, said = project.set_up("site", python=python)
        assert status == 1
        assert "needs Python 3.11 or newer" in said


def test_old_python_can_read_the_script() -> None:
    source = (ROOT / "tools" / "setup_venv.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    futures = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "__future__" not in {node.module for node in futures}
    newer = (ast.NamedExpr, ast.Match, ast.TryStar)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]


def test_python_without_ensurepip(project: Project) -> None:
    (project.programs / "uv").unlink()
    bare = "import importlib.util as u, runpy, sys; sys.argv = sys.argv[1:]; find = u.find_spec\n"
    bare += 'u.find_spec = lambda name, *more: None if name == "ensurepip" else find(name, *more)\n'
    bare += 'runpy.run_path(sys.argv[0], run_name="__main__")\n'
    project.program("bare", f"#!/bin/sh\nexec {sys.executable} -c '{bare}' \"$@\"\n")
    status, said = project.set_up("site", python=str(project.programs / "bare"))
    assert status == 1
    assert "lacks its module ensurepip" in said
    assert "-venv" in said


def test_folder_that_cannot_be_written(project: Project) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    project.folder.chmod(0o555)
    try:
        assert project.set_up("site")[0] == 1
    finally:
        project.folder.chmod(0o755)


# Interruptions and meetings -----------------------------------------------------------


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interruption_leaves_nothing_good(project: Project, sent: signal.Signals) -> None:
    process = project.start("site", SLOW="30")
    deadline = time.monotonic() + 60
    while "pip" not in (project.log.read_text("utf-8") if project.log.exists() else ""):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(sent)
    output, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in output + said
    assert not project.stamp.exists()
    assert project.set_up("site")[0] == 0


INTERRUPTED_AT_A_START = """\
import os, runpy, signal, subprocess, sys
start = subprocess.Popen.__init__
def start_and_be_interrupted(self, command, *arguments, **options):
    start(self, command, *arguments, **options)
    if "pip" in command:
        os.kill(os.getpid(), signal.SIGTERM)
subprocess.Popen.__init__ = start_and_be_interrupted
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_step_that_begins_when_one_interrupts_ends_too(project: Project) -> None:
    project.program(
        "python", f"#!/bin/sh\nexec {sys.executable} -c '{INTERRUPTED_AT_A_START}' \"$@\"\n"
    )
    python = str(project.programs / "python")
    status, said = project.set_up("site", python=python, SLOW="30")
    assert status == 130
    assert "interrupted" in said
    began = time.monotonic()
    assert project.set_up("site")[0] == 0
    assert time.monotonic() - began < 20, "it waited for the step that went on"


def test_two_at_a_time(project: Project) -> None:
    both = [project.start("site", SLOW="1") for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert any("waiting" in words for words in said)
    assert project.calls() == ["venv", *INSTALL]


# The Makefile and the files beside it -------------------------------------------------


def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - {"python"}
    assert targets >= {"html", "test", "lint", "linkcheck", "view", "live", "diagrams", "clean"}
    listed = make(ROOT).stdout
    assert set(re.findall(r"^  make (\S+)  +\S", listed, re.MULTILINE)) == targets


def test_no_python_at_all() -> None:
    done = make(ROOT, "html", "PYTHON=no-such-python")
    assert done.returncode
    assert "There is no no-such-python here" in done.stderr


def test_hooks_are_the_checks_of_make_lint() -> None:
    config = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^ +entry: (.+)$", config, re.MULTILINE)
    checks = runpy.run_path(str(ROOT / "tools" / "lint.py"))["CHECKS"]
    run_check = ".venv/bin/python tools/lint.py"
    assert entries == ["make -s dev-environment", *(f"{run_check} {name}" for name in checks)]


def pins(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if not line.lstrip().startswith("#")}


def test_pins_agree() -> None:
    dev = pins("requirements-dev.txt")
    assert all("==" in pin for pin in dev)
    for site in (pins("requirements.txt"), pins("requirements-pdf.txt")):
        assert {pin for pin in site if ";" not in pin} <= dev
        assert {pin.split()[0] for pin in site} <= {pin.split()[0] for pin in dev}
    for name in ("requirements", "requirements-pdf", "requirements-dev"):
        wanted = re.findall(
            r"^([a-z][a-z-]*)", (ROOT / f"{name}.in").read_text("utf-8"), re.MULTILINE
        )
        assert set(wanted) <= {pin.split("==")[0] for pin in pins(f"{name}.txt")}


def test_read_the_docs_installs_what_the_pictures_of_its_pdf_need() -> None:
    settings = YAML(typ="safe").load(ROOT / ".readthedocs.yaml")
    assert "pdf" in settings["formats"]
    files = [step["requirements"] for step in settings["python"]["install"] if "path" not in step]
    installed = {pin.split("==")[0] for name in files for pin in pins(name)}
    # What make_pdf() of sphinx_snapshots.diagrams.figures imports.
    assert {"reportlab", "svglib"} <= installed
