"""``python -m sphinx_snapshots.behavior probe``: what it writes and keeps, says, and ends with."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec
import pytest
from sphinx_snapshots.behavior import catalog, interpreters
from sphinx_snapshots.behavior.__main__ import main
from sphinx_snapshots.behavior.model import Version
from sphinx_snapshots.behavior.snapshot import read
from subprocess_coverage import COVERAGE

ROOT = Path(__file__).parents[2]
HERE = Version("{}.{}.{}".format(*sys.version_info))
WORKS = """print('{"outcome": "works", "detail": "fine"}')\n"""


def add(folder: Path, name: str, program: str = WORKS, fields: str = "") -> Path:
    path = folder / "probes" / "subject" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'"""It does something.\n\n{fields}\n"""\n{program}', encoding="utf-8")
    return path


def make_site(folder: Path, **settings: object) -> None:
    """Write a ``conf.py`` with these settings."""
    lines = ['extensions = ["sphinx_snapshots.behavior"]']
    lines += [f"{name} = {value!r}" for name, value in settings.items()]
    (folder / "conf.py").write_text("\n".join([*lines, ""]), encoding="utf-8")


class Done(NamedTuple):
    """How the command ended."""

    status: int
    stdout: str
    stderr: str


Command: TypeAlias = Callable[..., Done]


@pytest.fixture
def probe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """The command, in the folder of a site and on the interpreter that runs this."""
    monkeypatch.chdir(tmp_path)
    make_site(tmp_path)

    def run(*arguments: str) -> Done:
        try:
            status = main(["probe", "--python", sys.executable, *arguments])
        except SystemExit as error:
            status = int(str(error.code))
        return Done(status, *capsys.readouterr())

    return run


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sphinx_snapshots.behavior", "probe", *arguments]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "BEHAVIOR_PYTHONS"}
    return {**kept, **COVERAGE, "PYTHONPATH": str(ROOT / "_ext"), **more}


def results(folder: Path) -> Path:
    return folder / "_data" / "behavior.jsonl"


def without_digests(folder: Path) -> str:
    """What the file of results holds, as `line` writes it."""
    return re.sub(',"digest":"[0-9a-f]{16}"', "", results(folder).read_text())


def line(name: str, version: Version | str = HERE, detail: str = "fine") -> str:
    return f'{{"probe":"{name}","version":"{version}","outcome":"works","detail":"{detail}"}}\n'


def keep(folder: Path, *lines: str) -> str:
    """Write a file of results, and return what it holds."""
    digest = ',"digest":"0123456789abcdef"}\n'
    content = "".join(['{"format":2}\n', *(line.replace("}\n", digest) for line in lines)])
    results(folder).parent.mkdir(exist_ok=True)
    results(folder).write_text(content, encoding="utf-8")
    return content


def test_it_writes_what_it_sees_and_tells_progress_and_news(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "b.py")
    add(tmp_path, "a.py")
    done = probe("-j1")
    assert done.status == 0
    assert without_digests(tmp_path) == '{"format":2}\n' + line("a") + line("b")
    assert done.stderr == (f"[1/2] a on {HERE}: works: fine\n[2/2] b on {HERE}: works: fine\n")
    assert done.stdout == (
        f"a on {HERE}: nothing -> works: fine\n"
        f"b on {HERE}: nothing -> works: fine\n"
        "2 results, 0 of them as before\n"
    )
    assert probe().stdout == "2 results, 2 of them as before\n"


def test_the_file_is_the_same_however_many_run_at_once(tmp_path: Path, probe: Command) -> None:
    for number in range(4):
        add(tmp_path, f"p{number}.py", f"import time\ntime.sleep({(3 - number) / 20})\n{WORKS}")
    contents = set()
    for at_once in ("-j1", "-j4"):
        assert probe(at_once).status == 0
        contents.add(results(tmp_path).read_bytes())
        results(tmp_path).unlink()
    assert len(contents) == 1


def test_what_it_does_not_run_is_kept(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py")
    add(tmp_path, "b.py")
    old = [line("a", "3.9.1", "old"), line("a", "3.29.1", "new")]
    keep(tmp_path, *old, line("b", HERE, "as it was"))
    assert probe("a").status == 0
    assert without_digests(tmp_path) == "".join(
        ['{"format":2}\n', old[0], line("a"), old[1], line("b", HERE, "as it was")]
    )


def test_another_file_of_results_is_written_alone(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py")
    before = keep(tmp_path, line("a", "3.8.1"))
    assert probe("-D", "behavior_results=later.jsonl").status == 0
    assert results(tmp_path).read_text() == before
    assert set(read(tmp_path / "later.jsonl").of("a")) == {HERE.series}


def test_it_knows_the_settings_of_the_site(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py")
    (tmp_path / "probes").rename(tmp_path / "programs")
    make_site(tmp_path, behavior_probes="programs", behavior_results="seen.jsonl")
    assert probe().status == 0
    assert set(read(tmp_path / "seen.jsonl").of("a")) == {HERE.series}
    assert not results(tmp_path).exists()
    assert probe("-D", "behavior_results=other.jsonl").status == 0
    assert (tmp_path / "other.jsonl").read_bytes() == (tmp_path / "seen.jsonl").read_bytes()


def test_it_reads_the_settings_elsewhere_if_told(tmp_path: Path, probe: Command) -> None:
    add(tmp_path / "pages", "a.py")
    assert probe("--source", "pages", "-c", ".").status == 0
    assert set(read(results(tmp_path / "pages")).of("a")) == {HERE.series}


def test_it_runs_on_the_series_that_the_site_speaks_of(tmp_path: Path) -> None:
    add(tmp_path, "a.py")
    make_site(tmp_path, behavior_series=["3.28", "3.98"])
    folders = {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        command(), cwd=tmp_path, env=environment(**folders), capture_output=True, check=False
    )
    assert done.returncode == 0
    assert b"no interpreter of 3.28, 3.98 here; their results stay\n" in done.stderr
    assert read(results(tmp_path)).runs == {}


def test_what_it_writes_has_the_digest_of_the_program(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py")
    keep(tmp_path, line("a"))
    assert probe().status == 0
    run = read(results(tmp_path)).runs["a"][HERE]
    assert run.digest == catalog.read(tmp_path / "probes")["a"].digest


def test_a_probe_sees_no_token(
    tmp_path: Path, probe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    add(tmp_path, "a.py", "import os\nassert 'GITHUB_TOKEN' not in os.environ\n" + WORKS)
    assert probe().status == 0


def test_without_what_the_extra_brings_it_names_the_extra(
    tmp_path: Path, probe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path, "a.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    done = probe()
    assert done == (2, "", 'filelock is missing; pip install "sphinx-snapshots[probe]"\n')


@pytest.fixture
def two_series(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Have the next two interpreters that are asked say that they are of these versions."""
    python = interpreters.ask(sys.executable)
    versions = ("3.98.1", "3.99.1")
    answers = [msgspec.structs.replace(python, version=version) for version in versions]
    monkeypatch.setattr(interpreters, "ask", lambda _: answers.pop(0))
    return versions


def test_what_an_interpreter_showed_is_saved_while_the_next_one_runs(
    tmp_path: Path, probe: Command, two_series: tuple[str, str]
) -> None:
    program = f"""
import os, time
end = time.monotonic() + 15
while not os.path.exists({str(results(tmp_path))!r}):
    assert time.monotonic() < end
    time.sleep(0.01)
"""
    add(tmp_path, "a.py", program + WORKS, ":since: 3.99")
    done = probe("--python", "another", "-j1")
    assert (done.status, f"a on {two_series[1]}: nothing -> works" in done.stdout) == (0, True)


def test_an_interpreter_does_not_wait_for_the_end_of_another(
    tmp_path: Path, probe: Command, two_series: tuple[str, str]
) -> None:
    (tmp_path / "started").mkdir()
    program = f"""
import os, time
open(os.path.join({str(tmp_path / "started")!r}, str(os.getpid())), "w").close()
end = time.monotonic() + 15
while len(os.listdir({str(tmp_path / "started")!r})) < 2:
    assert time.monotonic() < end
    time.sleep(0.01)
"""
    add(tmp_path, "a.py", program + WORKS)
    done = probe("--python", "another", "-j2")
    assert (done.status, "2 results" in done.stdout) == (0, True)


def test_a_release_and_a_debug_build_of_one_series_are_run_beside_each_other(
    tmp_path: Path, probe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = interpreters.ask(sys.executable)
    answers = [msgspec.structs.replace(python, version=f"3.98.1{kind}") for kind in ("+debug", "")]
    monkeypatch.setattr(interpreters, "ask", lambda _: answers.pop(0))
    add(tmp_path, "a.py")
    assert probe("--python", "another").status == 0
    assert set(read(results(tmp_path)).runs["a"]) == {Version("3.98.1"), Version("3.98.1+debug")}


def test_a_debug_build_does_not_stand_for_its_series(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    debug = msgspec.structs.replace(interpreters.ask(sys.executable), version="3.98.1+debug")
    monkeypatch.setattr(interpreters, "find", lambda: (debug,))
    monkeypatch.chdir(tmp_path)
    make_site(tmp_path, behavior_series=["3.98"])
    add(tmp_path, "a.py")
    assert main(["probe"]) == 0
    assert "no interpreter of 3.98 here" in capsys.readouterr().err
    assert set(read(results(tmp_path)).runs["a"]) == {Version("3.98.1+debug")}


def test_results_without_a_probe_go(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py")
    keep(tmp_path, line("gone", "3.9.1"))
    done = probe()
    assert "gone on 3.9.1: works: fine -> nothing\n" in done.stdout
    assert without_digests(tmp_path) == '{"format":2}\n' + line("a")


def test_anew_forgets_what_the_probes_showed_elsewhere(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py")
    add(tmp_path, "b.py")
    keep(tmp_path, line("a", "3.9.1"), line("b", "3.9.1"))
    assert probe("a", "--anew").status == 0
    assert without_digests(tmp_path) == '{"format":2}\n' + line("a") + line("b", "3.9.1")


def test_a_dry_run_writes_nothing_and_says_what_would_change(
    tmp_path: Path, probe: Command
) -> None:
    add(tmp_path, "a.py")
    content = keep(tmp_path, line("a", HERE, "old"))
    done = probe("--dry-run")
    assert done.status == 0
    assert f"a on {HERE}: works: old -> works: fine\n" in done.stdout
    assert results(tmp_path).read_text() == content


def test_a_series_that_is_too_old_is_absent_without_a_run(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py", "raise SystemExit(1)\n", ":since: 3.29")
    assert probe().status == 0
    assert '"outcome":"absent","detail":"new in 3.29"' in results(tmp_path).read_text()


def test_a_probe_that_fails_keeps_its_old_result_and_does_not_stop_others(
    tmp_path: Path, probe: Command
) -> None:
    bad = add(tmp_path, "bad.py", "raise RuntimeError('because')\n")
    add(tmp_path, "good.py")
    keep(tmp_path, line("bad", HERE, "old"))
    done = probe()
    assert done.status == 1
    path = bad.relative_to(tmp_path)
    assert f"{path}: {HERE}: it ends with status 1" in done.stderr
    assert "RuntimeError: because" in done.stderr
    expected = '{"format":2}\n' + line("bad", HERE, "old") + line("good")
    assert without_digests(tmp_path) == expected


def test_a_probe_whose_answers_differ_is_refused(tmp_path: Path, probe: Command) -> None:
    counter = tmp_path / "counter"
    program = f"""
with open({str(counter)!r}, "a+") as file:
    file.write("x")
    file.seek(0)
    number = len(file.read())
print('{{"outcome": "works", "detail": "%d"}}' % (number // 3))
"""
    add(tmp_path, "moody.py", program)
    add(tmp_path, "steady.py")
    done = probe("--times", "3")
    assert done.status == 1
    assert "moody.py: " in done.stderr
    assert "its answers differ from run to run: works: 0; works: 1" in done.stderr
    assert counter.read_text() == "xxx"
    assert without_digests(tmp_path) == '{"format":2}\n' + line("steady")


def test_without_a_compiler_the_probes_in_c_have_no_results(
    tmp_path: Path, probe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    source = add(tmp_path, "in-python.py").with_name("in-c.c")
    source.write_text("/* C. */\nPyInit_x(void)\n", encoding="utf-8")
    done = probe()
    assert done.status == 1
    assert f"in-c.c: {HERE}: there is no C compiler named no-such-compiler" in done.stderr
    assert without_digests(tmp_path) == '{"format":2}\n' + line("in-python")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "there is no probe nonsense"),
        (["--python", "/nowhere/python"], "/nowhere/python: does not start"),
        (["--python", "/bin/sh"], "/bin/sh: is no Python that can be used"),
        (["--python", sys.executable], "one interpreter of each series"),
        (["-j", "0"], "must be 1 or more"),
        (["--times", "x"], "invalid"),
        (["--source", "elsewhere"], "elsewhere has no conf.py"),
        (["-D", "behavior_probes=none"], "there is no probe in the folder none"),
        (
            ["-D", "extensions=sphinx.ext.extlinks"],
            "does not have 'sphinx_snapshots.behavior' in its extensions",
        ),
        (["-D", "behavior_series=4"], "behavior_series is"),
    ],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(
    tmp_path: Path, probe: Command, arguments: list[str], message: str
) -> None:
    add(tmp_path, "a.py")
    done = probe(*arguments)
    assert done.status == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not results(tmp_path).exists()


def test_a_broken_file_of_results_is_named_before_anything_runs(
    tmp_path: Path, probe: Command
) -> None:
    note = tmp_path / "note"
    add(tmp_path, "a.py", f"open({str(note)!r}, 'w')\n{WORKS}")
    keep(tmp_path, "nonsense\n")
    done = probe()
    assert done.status == 2
    assert "behavior.jsonl:2: " in done.stderr
    assert not note.exists()
    assert results(tmp_path).read_text().endswith("nonsense\n")


def test_results_that_cannot_be_written_end_with_2(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py")
    (tmp_path / "_data").write_text("a file", encoding="utf-8")
    done = probe()
    assert done.status == 2
    assert "_data" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_probe_is_named_before_anything_runs(tmp_path: Path, probe: Command) -> None:
    add(tmp_path, "a.py", fields=":after: 3.12")
    done = probe()
    assert done.status == 2
    assert "a.py: the field :after: is unknown" in done.stderr


def test_without_names_it_runs_on_every_interpreter_found(tmp_path: Path) -> None:
    add(tmp_path, "a.py")
    make_site(tmp_path)
    folders = {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        command(), cwd=tmp_path, env=environment(**folders), capture_output=True, check=False
    )
    assert done.returncode == 0
    assert set(read(results(tmp_path)).of("a")) == {HERE.series}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_leaves_no_process_and_the_file_as_it_was(
    tmp_path: Path, number: signal.Signals
) -> None:
    make_site(tmp_path)
    lock = tmp_path / "lock"
    program = f"""
import fcntl, time
file = open({str(lock)!r}, "a")
fcntl.flock(file, fcntl.LOCK_EX)
file.write("locked")
file.flush()
time.sleep(60)
"""
    add(tmp_path, "a.py", program)
    add(tmp_path, "b.py", program)
    content = keep(tmp_path, line("a", HERE, "old"))
    with subprocess.Popen(
        command("--python", sys.executable, "-j2"),
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have told them to ignore this signal.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    ) as process:
        while not lock.exists() or lock.read_text() != "locked":
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=10)  # the probe may take 20 s
    assert process.returncode == 1
    assert said == "interrupted; what was seen on the interpreters before is written\n"
    assert results(tmp_path).read_text() == content
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
