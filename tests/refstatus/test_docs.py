"""The page on refstatus names everything that refstatus has, and nothing that it has not.

What the code has is asked of the code: of the application that loaded it, of the classes of the
records, of the command. So whatever is added there fails here until the page tells of it.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import textwrap
import typing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from docutils.parsers.rst import directives, roles
from refstatus_site import SNAPSHOT, add_pages, build, copy_site, starred
from site_builds import warnings
from sphinx_snapshots import __version__
from sphinx_snapshots.refstatus import __main__ as command
from sphinx_snapshots.refstatus import snapshot
from sphinx_snapshots.refstatus.export import export_items
from sphinx_snapshots.refstatus.items import GROUPINGS, KINDS, ORDERS
from sphinx_snapshots.refstatus.model import State
from sphinx_snapshots.refstatus.settings import RefstatusSettings
from sphinx_snapshots.refstatus.warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from site_builds import MakeApp
    from sphinx.testing.util import SphinxTestApp
    from sphinx_snapshots.kit.settings import Setting

ROOT = Path(__file__).parents[2]
LINT_PAGE = (ROOT / "prose-lint.rst").read_text()
PAGE = (ROOT / "refstatus.rst").read_text() + LINT_PAGE


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path, rootdir: Path) -> SphinxTestApp:
    """An application that has loaded refstatus."""
    return make_app("dummy", srcdir=copy_site(rootdir, tmp_path))


def described(marker: str) -> dict[str, str]:
    """What directives such as ``.. confval::`` describe, to all that is indented below them."""
    found = re.finditer(
        rf"^(?P<indent> *)\.\. {marker}:: (?P<name>\S+)\n(?P<body>(?:(?P=indent)   .*\n|\n)*)",
        PAGE,
        re.M,
    )
    return {match["name"]: match["body"] for match in found}


def section(*headings: str) -> str:
    """The text below headings, up to the next one of their kind; all of those that are alike."""
    found = [
        match[1]
        for heading in headings
        for match in re.finditer(rf"^{heading}\n-+\n(.*?)(?=^\S[^\n]*\n-+\n|\Z)", PAGE, re.M | re.S)
    ]
    assert len(found) >= len(headings)
    return "".join(found)


def rows(text: str) -> dict[str, str]:
    """The table of two columns in ``text``: first cell, a literal, to the second; no head."""
    found = re.finditer(r"^   \* - (\S+)\n     - (.*?)(?=^   \*|^\S|\Z)", text, re.M | re.S)
    _head, *body = [(match[1].strip("`"), " ".join(match[2].split())) for match in found]
    return dict(body)


def literals(text: str) -> list[str]:
    return re.findall(r"``(.+?)``", text)


# Installation -----------------------------------------------------------------------------


def test_a_build_needs_nothing_that_only_the_command_needs(tmp_path: Path, rootdir: Path) -> None:
    site = copy_site(rootdir, tmp_path)
    # Sphinx itself imports requests.
    code = (
        "import sys; sys.modules.update(filelock=None); "
        "from sphinx.cmd.build import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ("-W", "-q", "-b", "html", os.fspath(site), os.fspath(site / "html"))
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# Settings ---------------------------------------------------------------------------------


def test_every_setting_is_described_with_its_default_and_an_example_that_works() -> None:
    settings = {f"refstatus_{name}": each for name, each in RefstatusSettings.known().items()}
    described_settings = described("confval")
    assert described_settings.keys() == settings.keys()
    for name, setting in settings.items():
        text = described_settings[name]
        default = re.search(r"^ +:default: ``(.+)``$", text, re.M)
        assert default is not None, name
        assert ast.literal_eval(default[1]) == setting.default, name
        examples = re.findall(r"\.\. code-block:: python\n\n((?:      .*\n|\n)+)", text)
        assert examples, name
        for example in examples:
            values: dict[str, object] = {}
            exec(re.sub(r"^      ", "", example, flags=re.M), values)
            value = values[name]
            assert value != setting.default, name
            setting.read(value)
        kind = re.search(r"^ +:type: (.+)$", text, re.M)
        assert kind is not None, name
        assert set(literals(kind[1])) >= values_of(setting), name


def values_of(setting: Setting) -> set[str]:
    """How a page names what a setting may be: words to choose from, or types."""
    with pytest.raises(ValueError, match=r".") as told:
        setting.read(object())
    words = set(re.findall(r'"\w+"', str(told.value)))
    # A tuple is as good as a list, and few would write one.
    names = {kind.__name__ for kind in setting.types - {tuple}}
    spelt = {"NoneType": "None", "PosixPath": "Path", "WindowsPath": "Path"}
    return words or {spelt.get(name, name) for name in names}


# Roles, directives, warnings --------------------------------------------------------------


def test_every_role_is_described(app: SphinxTestApp) -> None:
    ours = {
        name
        for name, role in vars(roles)["_roles"].items()
        if type(role).__module__.startswith("sphinx_snapshots.refstatus")
    }
    assert described("rst:role").keys() == ours != set()


def test_every_directive_is_described_with_its_options(app: SphinxTestApp) -> None:
    ours = {
        name: directive
        for name, directive in vars(directives)["_directives"].items()
        if directive.__module__.startswith("sphinx_snapshots.refstatus")
    }
    texts = described("rst:directive")
    assert texts.keys() == ours.keys() != set()
    for name, directive in ours.items():
        text = texts[name]
        options = set(re.findall(r"\.\. rst:directive:option:: (\w+)", text))
        borrowed = re.search(r"It takes the options (.+?) of", " ".join(text.split()))
        options |= set(literals(borrowed[1])) if borrowed else set()
        assert options == set(directive.option_spec or ()), name


@pytest.mark.parametrize(
    ("option", "words"), [("kind", KINDS), ("sort", ORDERS), ("group", GROUPINGS)]
)
def test_every_choice_of_an_option_is_named(option: str, words: tuple[str, ...]) -> None:
    text = described("rst:directive:option")[option]
    kind = re.search(r":type: (.+)$", text, re.M)
    assert kind is not None
    named = re.split(r", | or ", kind[1].removesuffix(", several with commas"))
    assert tuple(named) == words


def test_every_role_and_directive_has_an_example() -> None:
    for marker, form in (("rst:role", ":{}:`"), ("rst:directive", ".. {}::")):
        for name, text in described(marker).items():
            [example] = re.findall(r"\.\. code-block:: rst\n\n((?:      .*\n|\n)+)", text)
            assert form.format(name) in example


def test_every_warning_is_described_by_one_as_it_is_given(
    make_app: MakeApp, tmp_path: Path, rootdir: Path
) -> None:
    text = section("Warnings", "Warnings of the lint")
    assert re.findall(r"^``refstatus\.(\w+)``$", text, re.M) == [kind.value for kind in WarningType]
    site = copy_site(rootdir, tmp_path)
    lines = (site / SNAPSHOT).read_text().splitlines(keepends=True)
    lines[0] = lines[0].replace("2026-11-22", "2001-01-01")
    (site / SNAPSHOT).write_text("".join([*lines[:2], *lines[1:]]))
    (site / "changes.rst").write_text(
        ":orphan:\n\n:gh:`84692`\n:gh:`84692x`\n\n.. refstatus-list::\n   :page: gone\n\n"
        "gh-84692 is still open.\n\nSince 3.8 (:gh:`5d38517`).\n\n.. written-while:: gh-84692\n"
    )
    settings = {"refstatus_max_age": 60, "refstatus_lint": True, "show_warning_types": True}
    given = warnings(build(make_app, site, "dummy", confoverrides=settings))
    blocks = re.findall(r"\.\. code-block:: none\n\n((?:      .*\n)+)", text)
    examples = {" ".join(block.split()) for block in blocks}
    assert examples == {re.sub(r"is \d+ days", "is 75 days", line) for line in given}


def test_every_custom_property_is_described() -> None:
    css = (ROOT / "_ext/sphinx_snapshots/refstatus/static/refstatus.css").read_text()
    [ours] = re.findall(r"^body \{\n(.+?)^\}", css, re.M | re.S)
    assert list(rows(section("Colors"))) == re.findall(r"^  (--[\w-]+):", ours, re.M)


# The command ------------------------------------------------------------------------------


@pytest.fixture
def help_of(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def ask(*arguments: str) -> str:
        with pytest.raises(SystemExit):
            command.main([*arguments, "--help"])
        return capsys.readouterr().out

    return ask


def test_every_command_and_option_is_described(help_of: Callable[..., str]) -> None:
    text = section("The command")
    commands = re.search(r"\{([\w,]+)\}", help_of())
    assert commands is not None
    names = commands[1].split(",")
    assert set(re.findall(r"``refstatus (\w+)", text)) == set(names)
    options = {option for name in names for option in re.findall(r"--[\w-]+", help_of(name))}
    written = {option for words in literals(text) for option in re.findall(r"--[\w-]+", words)}
    assert written == options - {"--help"}


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "_ext" / "CHANGELOG.md").read_text()
    [newest, *_] = re.findall(r"^## ([\d.]+)", changelog, re.M)
    assert newest == __version__


# Files ------------------------------------------------------------------------------------


def test_every_kind_of_record_is_described_with_its_fields() -> None:
    described_kinds = rows(section("The snapshot"))
    records = {
        str(record.__struct_config__.tag): record for record in typing.get_args(snapshot.Record)
    }
    assert described_kinds.keys() == records.keys()
    for kind, record in records.items():
        fields = [field.name for field in msgspec.structs.fields(record)]
        assert literals(described_kinds[kind]) == [name for name in fields if name != "as_of"]
        for field in msgspec.structs.fields(record):
            words = [word for part in flatten(field.type) for word in part]
            told = re.search(rf"``{field.name}`` \(([^)]+)\)", described_kinds[kind])
            if words:
                assert told is not None, field.name
                assert told[1].split(", ") == words
    assert "Each may have the date ``as_of``" in " ".join(section("The snapshot").split())


def flatten(kind: object) -> Iterable[tuple[str, ...]]:
    """The words of each ``Literal`` in a type."""
    if typing.get_origin(kind) is typing.Literal:
        yield typing.get_args(kind)
    else:
        for part in typing.get_args(kind):
            yield from flatten(part)


def example_of_json(text: str) -> str:
    [example] = re.findall(r"\.\. code-block:: json\n\n((?:   .*\n)+)", text)
    return textwrap.dedent(example)


def test_the_example_of_a_snapshot_has_a_record_of_each_kind_and_can_be_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "example.jsonl").write_text(example_of_json(section("The snapshot")))
    example = snapshot.read(tmp_path / "example.jsonl")
    assert example.remarks == ()
    assert {type(record) for record in example.records.values()} == {
        *typing.get_args(snapshot.Record)
    }


def test_the_header_of_the_snapshot_is_described() -> None:
    header = re.search(r'\{"kind":"header".+\}', section("The snapshot"))
    assert header is not None
    fields = [field.name for field in msgspec.structs.fields(snapshot.Header)]
    assert list(json.loads(header[0])) == ["kind", *fields]


def test_the_exported_file_is_described(app: SphinxTestApp) -> None:
    text = section("What other tools can read")
    app.build()
    content = json.loads(export_items(app.builder))
    fields = rows(text)
    assert set(literals(text)) >= content.keys()
    assert list(fields) == list(content["items"][0])
    assert literals(fields["kind"]) == list(KINDS)
    assert literals(fields["state"]) == [*State, "reverted"]
    place = content["items"][0]["cited_in"][0]
    example = json.loads(example_of_json(text))
    assert list(example) == list(content)
    assert list(example["items"][0]) == list(fields)
    assert list(example["items"][0]["cited_in"][0]) == list(place)
    assert literals(fields["cited_in"])[: len(place)] == list(place)


def forms() -> dict[str, int]:
    """What the page's table of forms says of each: how many badges all of a row make."""
    table = PAGE.partition(".. _refstatus-forms:")[2].partition("**Roles**")[0]
    rows = re.findall(r"^   \* - (``(?:.|\n)*?)\n     - (\d+)$", table, re.M)
    assert len(rows) == table.count("\n   * - ") - 1  # that of the heads
    return {written.replace("\n       ", " "): int(number) for written, number in rows}


@pytest.mark.parametrize("suffix", [".rst", ".md"])
def test_each_form_in_the_table_makes_as_many_badges_as_the_table_says(
    make_app: MakeApp, tmp_path: Path, rootdir: Path, suffix: str
) -> None:
    site = copy_site(rootdir, tmp_path)
    pages = {f"form-{n}": form.replace("``", "") for n, form in enumerate(forms())}
    if suffix == ".md":  # where an address is a link only if it says so
        pages = {
            name: re.sub(r"(?<!\")(https:\S+?)(?=,|$)", r"<\1>", f) for name, f in pages.items()
        }
    else:
        raw = ".. raw:: html\n\n   "
        pages = {name: raw + form if form[0] == "<" else form for name, form in pages.items()}
    add_pages(site, pages, suffix)
    app = build(make_app, site, "dummy")
    found = {name: "".join(starred(app, name)).count("*") for name in pages}
    assert found == dict(zip(pages, forms().values(), strict=True))
