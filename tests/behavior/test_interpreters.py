"""Finding interpreters: one a series, in the order promised, and nothing that is not one."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from sphinx_snapshots.behavior import interpreters
from sphinx_snapshots.behavior.interpreters import VARIABLE, InterpreterError
from sphinx_snapshots.behavior.model import Series, Version

HERE = Series(*sys.version_info[:2])
OTHER = "3.9"  # too old to run this


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def pretender(path: Path, **changes: object) -> Path:
    """A program that answers like the Python that runs this, but for some fields."""
    answer = {"path": str(path), **changes}
    text = f"""\
#!{sys.executable}
import json, subprocess, sys
answer = json.loads(subprocess.check_output([sys.executable, *sys.argv[1:]]))
answer.update({answer!r})
print(json.dumps(answer))
"""
    return script(path, text)


def found(folder: Path, **environ: str) -> dict[str, str]:
    """Paths by version, found where nothing is but what the test has put there."""
    environ = {"PATH": str(folder / "bin"), "PYENV_ROOT": str(folder / "pyenv"), **environ}
    return {python.version: python.path for python in interpreters.find(environ)}


def test_the_python_that_runs_this_is_found_itself_not_its_virtual_environment() -> None:
    python = interpreters.ask(sys.executable)
    assert python.exact.series == HERE
    assert python.home == sys.base_prefix
    code = "import sys; print(sys.prefix == sys.base_prefix)"
    assert subprocess.check_output([python.path, "-c", code], text=True) == "True\n"
    assert (Path(python.include) / "Python.h").name == "Python.h"
    assert python.suffix.endswith(".so")


def test_a_virtual_environment_stands_for_its_base(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    program = tmp_path / "venv" / "bin" / "python"
    python = interpreters.ask(program)
    assert python.home == sys.base_prefix
    assert tmp_path not in Path(python.path).parents


def test_listed_ones_win_over_the_running_one_and_that_over_the_path(tmp_path: Path) -> None:
    listed = pretender(tmp_path / "listed", version=f"{HERE}.98")
    pretender(tmp_path / "bin" / f"python{HERE}", version=f"{HERE}.99")
    # Nor does one win whose name promises another series.
    pretender(tmp_path / "bin" / f"python{OTHER}", version=f"{HERE}.97")
    running = interpreters.ask(sys.executable)
    assert found(tmp_path) == {running.version: running.path}
    assert found(tmp_path, **{VARIABLE: f"{os.pathsep}{listed}"}) == {f"{HERE}.98": str(listed)}


def test_a_program_that_asks_another_python_is_not_told_of_the_home_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    shim = pretender(tmp_path / "shim", version=f"{OTHER}.1")
    assert interpreters.ask(shim).version == f"{OTHER}.1"


def test_of_one_series_the_first_that_is_listed_counts(tmp_path: Path) -> None:
    one = pretender(tmp_path / "one", version=f"{OTHER}.1")
    two = pretender(tmp_path / "two", version=f"{OTHER}.2")
    listed = f"{one}{os.pathsep}{two}"
    assert set(found(tmp_path, **{VARIABLE: listed})) - {found_here()} == {f"{OTHER}.1"}


def test_a_debug_build_counts_beside_the_release_build_and_only_if_it_is_listed(
    tmp_path: Path,
) -> None:
    debug = pretender(tmp_path / "bin" / f"python{OTHER}", version=f"{OTHER}.9+debug")
    assert set(found(tmp_path)) == {found_here()}
    release = pretender(tmp_path / "release", version=f"{OTHER}.1")
    for listed in ([debug, release], [release, debug]):
        versions = list(found(tmp_path, **{VARIABLE: os.pathsep.join(map(str, listed))}))
        assert versions == [f"{OTHER}.1", f"{OTHER}.9+debug", found_here()]
    assert interpreters.ask(debug).exact.is_debug
    assert interpreters.ask(debug).series == Series.from_text(OTHER)


def test_a_debug_build_is_known_by_its_count_of_references(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "count.py").write_text("import sys\nsys.gettotalrefcount = lambda: 0\n")
    program = script(
        tmp_path / "python",
        f"""\
#!{sys.executable}
import sys
exec(open({str(tmp_path / "count.py")!r}).read())
exec(sys.argv[3])
""",
    )
    assert interpreters.ask(program).version == f"{found_here()}+debug"


def found_here() -> str:
    return interpreters.ask(sys.executable).version


def test_the_path_wins_over_pyenv_and_pyenvs_newest_over_older_ones(tmp_path: Path) -> None:
    versions = tmp_path / "pyenv" / "versions"
    for name in (f"{OTHER}.9", f"{OTHER}.18", f"{OTHER}.2"):
        pretender(versions / name / "bin" / "python3", version=name)
    assert f"{OTHER}.18" in found(tmp_path)
    script(versions / f"{OTHER}.18" / "bin" / "python3", "#!/bin/sh\nexit 1\n")
    assert f"{OTHER}.9" in found(tmp_path)
    pretender(tmp_path / "bin" / f"python{OTHER}", version=f"{OTHER}.3")
    assert set(found(tmp_path)) == {f"{OTHER}.3", found_here()}


def test_a_shim_does_not_hide_what_stands_behind_it_on_the_path(tmp_path: Path) -> None:
    shims = tmp_path / "pyenv" / "shims"
    script(shims / f"python{OTHER}", f"#!/bin/sh\ntouch {tmp_path}/asked\nexit 127\n")
    pretender(tmp_path / "bin" / f"python{OTHER}", version=f"{OTHER}.3")
    path = os.pathsep.join([str(shims), str(tmp_path / "bin")])
    assert set(found(tmp_path, PATH=path)) == {f"{OTHER}.3", found_here()}
    assert not (tmp_path / "asked").exists()


def test_what_cannot_be_used_is_passed_over_unless_it_is_listed(tmp_path: Path) -> None:
    programs = [
        script(tmp_path / "bin" / "python3.8", "#!/bin/sh\nexit 1\n"),
        pretender(tmp_path / "bin" / "python3.9", version="3.9.1", implementation="pypy"),
        pretender(tmp_path / "bin" / "python3.28", version="3.28.0", free_threaded=True),
        pretender(tmp_path / "bin" / "python3.29", version="2.7.18"),
    ]
    assert list(found(tmp_path)) == [found_here()]
    for program in programs:
        with pytest.raises(InterpreterError, match=program.name):
            found(tmp_path, **{VARIABLE: str(program)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exit 3", "exit status 3"),
        ("echo boom >&2; exit 1", "boom"),
        ("printf 'a\\033[31m' >&2; exit 1", r"x1b\[31m"),
        ("echo 3.12.1", "is no Python that can be used"),
        ("printf '\\377'", "is no Python that can be used"),
        ("echo '{}'", "is no Python that can be used"),
        ("kill -9 $$", "exit status -9"),
    ],
)
def test_what_is_no_python_is_refused_on_one_line(tmp_path: Path, text: str, message: str) -> None:
    program = script(tmp_path / "python3.12", f"#!/bin/sh\n{text}\n")
    with pytest.raises(InterpreterError, match=message) as caught:
        interpreters.ask(program)
    assert str(program) in str(caught.value)
    assert str(caught.value).isprintable()


def test_what_is_not_there_or_no_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InterpreterError, match="No such file"):
        interpreters.ask(tmp_path / "nothing")
    with pytest.raises(InterpreterError, match="does not start"):
        interpreters.ask(tmp_path)


def test_versions_are_ordered_as_they_are_released() -> None:
    names = ["3.9.18", "3.15.0a7", "3.15.0b1", "3.15.0rc2", "3.15.0", "3.15.1", "3.15.10"]
    assert list(map(str, sorted(map(Version, reversed(names))))) == names


@pytest.mark.parametrize(
    "text", ["3.7.1", "3.12", "3.12.01", "4.0.0", "3.12.1+", " 3.12.1", "٣.9.1"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version"):
        Version(text)


# The tool that gets more of them --------------------------------------------------


def get_interpreters(folder: Path, *series: str) -> subprocess.CompletedProcess[str]:
    """Run the tool where there is neither apt nor uv."""
    tool = Path(__file__).parents[2] / "tools" / "get_interpreters.py"
    # Beside a virtual environment's Python there may be uv.
    program = interpreters.ask(sys.executable).path
    return subprocess.run(
        [program, str(tool), str(folder), *series],
        env={"PATH": str(folder / "nothing")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tool_keeps_an_interpreter_that_is_there(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "python3.14"
    script(program, "#!/bin/sh\necho 3.14\n")
    done = get_interpreters(tmp_path, "3.14")
    assert (done.returncode, done.stdout) == (0, f"{program}\n")
    assert done.stderr == "get-interpreters: python3.14 is there\n"


def test_the_tool_says_on_one_line_why_it_cannot_get_one_and_prints_the_others(
    tmp_path: Path,
) -> None:
    good = script(tmp_path / "bin" / "python3.14", "#!/bin/sh\necho 3.14\n")
    script(tmp_path / "bin" / "python3.15", "#!/bin/sh\necho 3.14\n")
    done = get_interpreters(tmp_path, "3.14", "3.15")
    assert (done.returncode, done.stdout) == (1, f"{good}\n")
    assert done.stderr.splitlines()[1:] == [
        line for line in done.stderr.splitlines() if "no python3.15: there is no apt-get" in line
    ]
    assert not (tmp_path / "bin" / "python3.15").exists()
