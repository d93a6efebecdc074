"""Reading probes: what their comments say, and what is refused and how that is said."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sphinx_snapshots.behavior.catalog import read
from sphinx_snapshots.behavior.model import Language, Probe, Series
from sphinx_snapshots.kit.files import FileError

PYTHON = '''\
"""``os.fork()`` raises.

It did not
always.

:since: 3.12
"""

import os

os.fork()
'''
C = """\
/* The index is *not* zero.
 *
 * - one
 *   - two
 *
 * :series: 3.8 3.12
 */
#include <Python.h>
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read_probe(path: Path) -> Probe:
    return read(path.parent.parent)[path.stem]


def test_a_docstring_is_taken_apart(tmp_path: Path) -> None:
    probe = read_probe(write(tmp_path, "subinterpreter/fork.py", PYTHON))
    assert (probe.id, probe.subject, probe.language) == ("fork", "subinterpreter", Language.PYTHON)
    assert probe.claim == "``os.fork()`` raises."
    assert probe.details == "It did not\nalways."
    assert probe.program == "import os\n\nos.fork()\n"
    assert probe.since == Series(3, 12)
    assert probe.reason_not_to_run(Series(3, 11)) == "new in 3.12"
    assert probe.reason_not_to_run(Series(3, 12)) is None


def test_a_comment_in_c_is_taken_apart(tmp_path: Path) -> None:
    probe = read_probe(write(tmp_path, "module-index/index.c", C))
    assert probe.language is Language.C
    assert probe.claim == "The index is *not* zero."
    assert probe.details == "- one\n  - two"
    assert probe.program == "#include <Python.h>\n"
    assert probe.reason_not_to_run(Series(3, 9)) == "shown on 3.8, 3.12 only"
    assert probe.reason_not_to_run(Series(3, 8)) is None


def test_a_claim_may_go_over_lines_and_begin_with_a_role(tmp_path: Path) -> None:
    text = "\n    :func:`os.fork` raises in a\n    subinterpreter.\n\n    More.\n"
    probe = read_probe(write(tmp_path, "subject/x.py", f'"""{text}"""\n'))
    assert (probe.claim, probe.details) == (":func:`os.fork` raises in a subinterpreter.", "More.")


# The digest -----------------------------------------------------------------------


@pytest.fixture
def probes(tmp_path: Path) -> Path:
    """A folder with a probe of each language, and support of which each uses some."""
    write(tmp_path, "a/uses.py", PYTHON + 'run("""\\nimport sys, report\\n""")\n')
    write(tmp_path, "a/alone.py", PYTHON)
    write(tmp_path, "a/in-c.c", C + '#include "probe.h"\n')
    write(tmp_path, "support/report.py", "from child import run\n")
    write(tmp_path, "support/child.py", "")
    write(tmp_path, "support/other.py", "import report\n")
    write(tmp_path, "support/probe.h", "/* report */\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "before", "after", "changed"),
    [
        ("a/uses.py", "os.fork()\n", "os.fork\n", {"uses"}),
        ("a/uses.py", ":since: 3.12", ":since: 3.13", {"uses"}),
        ("a/uses.py", "raises", "fails", set()),
        ("a/in-c.c", "#include <Python.h>", "#include <python.h>", {"in-c"}),
        ("a/in-c.c", "- one", "- another", set()),
        ("support/report.py", "run", "start", {"uses"}),
        ("support/child.py", "", "# by way of another\n", {"uses"}),
        ("support/probe.h", "report", "tell", {"in-c"}),
        ("support/other.py", "report", "child", set()),
    ],
)
def test_the_digest_is_of_the_program_and_of_the_support_that_it_uses(
    probes: Path, name: str, before: str, after: str, changed: set[str]
) -> None:
    old = read(probes)
    path = probes / name
    path.write_text(path.read_text().replace(before, after, 1))
    new = read(probes)
    assert {name for name in new if new[name].digest != old[name].digest} == changed


# What is read, and what is not ----------------------------------------------------


def test_a_catalog_is_sorted_and_leaves_out_what_is_no_probe(tmp_path: Path) -> None:
    for name in ("b/y.py", "a/z.py", "support/report.py", "notes.py"):
        write(tmp_path, name, PYTHON)
    for name in ("b/README.md", "a/__pycache__/z.pyc", "support/probe.h"):
        write(tmp_path, name, "")
    write(tmp_path, "b/a.c", C)
    assert list(read(tmp_path)) == ["a", "y", "z"]


def test_a_folder_without_probes_is_an_empty_catalog(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere") == {}


def test_an_id_cannot_be_used_twice(tmp_path: Path) -> None:
    write(tmp_path, "a/same.py", PYTHON)
    write(tmp_path, "b/same.c", C)
    with pytest.raises(FileError, match=r"b/same\.c: .*a/same\.py has the same id"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("Fork.py", PYTHON, "words of a-z"),
        ("a_b.py", PYTHON, "words of a-z"),
        ("a--b.py", PYTHON, "words of a-z"),
        ("x.py", "import os\n", "no docstring"),
        ("x.py", "'''x", "line 1"),
        ("x.py", "\0", "null bytes"),
        ("x.c", "#include <Python.h>\n/* Late. */\n", "must begin with a comment"),
        ("x.c", "/* Open.", "must begin with a comment"),
        ("x.py", '"""No stop"""', "a sentence that ends with a stop"),
        ("x.py", '""""""', "a sentence that ends with a stop"),
        ("x.py", '"""A.\n\n:after: 3.12\n"""', ":after: is unknown"),
        ("x.py", '"""A.\n\n:since: 3.12\n:since: 3.12\n"""', ":since: stands twice"),
        ("x.py", '"""A.\n\n:since:\n"""', "'' is not a series"),
        ("x.py", '"""A.\n\n:since: 3.7\n"""', "'3.7' is not a series"),
        ("x.py", '"""A.\n\n:since: 3.12.1\n"""', "'3.12.1' is not a series"),
        ("x.py", '"""A.\n\n:series:\n"""', "names no series"),
        ("x.py", '"""A.\n\n:series: 3.10 3.9\n"""', "oldest first"),
        ("x.py", '"""A.\n\n:series: 3.9\n:since: 3.9\n"""', "exclude each other"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = write(tmp_path, f"subject/{name}", text)
    with pytest.raises(FileError) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_what_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "subject/x.py", "")
    path.write_bytes(b'"""A\xff."""')
    with pytest.raises(FileError, match="not UTF-8"):
        read(tmp_path)


def read_text(text: str) -> Probe:
    """The probe whose docstring is ``text``."""
    with TemporaryDirectory() as name:
        return read_probe(write(Path(name), "subject/x.py", f"{text!r}\n"))


WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1).filter(
    lambda word: not word.startswith(":")
)
LINES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@given(
    st.lists(LINES, min_size=1, max_size=3),
    st.lists(st.lists(LINES, min_size=1, max_size=3), max_size=3),
    st.sampled_from([None, ":since: 3.10", ":series: 3.9 3.14"]),
    st.integers(0, 8),
)
def test_claim_details_and_fields_come_back(
    claim: list[str], paragraphs: list[list[str]], field: str | None, indent: int
) -> None:
    claim = [*claim[:-1], claim[-1] + "."]
    blocks = [claim, *paragraphs, *([[field]] if field else [])]
    lines = "\n\n".join("\n".join(block) for block in blocks).split("\n")
    text = "\n".join([lines[0], *(" " * indent + line if line else "" for line in lines[1:])])
    comment = read_text(text)
    assert comment.claim == " ".join(" ".join(claim).split())
    assert comment.details == "\n\n".join("\n".join(block) for block in paragraphs)
    assert comment.since == (Series(3, 10) if field == ":since: 3.10" else Series(3, 8))
    assert bool(comment.series) == (field is not None and "series" in field)


@given(st.text())
@example(":series: 3.9\n\nA.")
@example("A.\n:since: ٣.9")
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    try:
        comment = read_text(text)
    except FileError:
        return
    assert comment.claim.endswith(".")
    assert "\n" not in comment.claim
