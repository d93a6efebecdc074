"""Commands see a site as a build does: its ``conf.py``, what overrides it, and its pages."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sphinx_snapshots.kit.command import SiteError, add_site_options, open_site, read_pages
from sphinx_snapshots.kit.files import BusyError, locked

if TYPE_CHECKING:
    from sphinx.application import Sphinx


@pytest.fixture
def site(tmp_path: Path, rootdir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a site, which is the current one."""
    folder = Path(shutil.copytree(rootdir / "test-kit", tmp_path / "site"))
    monkeypatch.chdir(folder)
    return folder


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_site_options(parser)
    return parser.parse_args(arguments)


def settings(app: Sphinx) -> Any:
    domain: Any = app.env.get_domain("notes")
    return domain.settings


def paragraphs(app: Sphinx) -> dict[str, int]:
    domain: Any = app.env.get_domain("notes")
    found: dict[str, int] = domain.data["paragraphs"]
    return found


def test_a_command_knows_the_settings_of_conf_py(site: Path) -> None:
    with (site / "conf.py").open("a") as file:
        file.write("kit_file = 'elsewhere.jsonl'\n")
    with open_site(parse()) as app:
        assert settings(app).file == "elsewhere.jsonl"
        assert app.srcdir == site


def test_a_command_can_be_about_another_folder_and_another_conf_py(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conf").mkdir()
    (site / "conf.py").rename(tmp_path / "conf" / "conf.py")
    monkeypatch.chdir(tmp_path)
    with open_site(parse("--source", "site", "-c", "conf")) as app:
        read_pages(app)
        assert paragraphs(app).keys() == {"a", "alone", "b", "index"}


def test_what_the_command_line_says_counts_and_of_two_the_later(site: Path) -> None:
    said = ("kit_names=x,y", "kit_side=left", "kit_side=right", "kit_is_on=0", "language=de")
    with open_site(parse(*(part for value in said for part in ("-D", value)))) as app:
        found = settings(app)
        assert (found.names, found.side, found.is_on) == (("x", "y"), "right", False)
        assert app.config.language == "de"


def test_conf_py_may_ask_for_the_tags_of_the_command_line(site: Path) -> None:
    with (site / "conf.py").open("a") as file:
        file.write("kit_file = 'both' if tags.has('one') and tags.has('two') else 'none'\n")
    with open_site(parse("-t", "one", "--tag", "two")) as app:
        assert settings(app).file == "both"


def test_nothing_is_written_into_the_site(site: Path) -> None:
    before = sorted(site.rglob("*"))
    with open_site(parse()) as app:
        read_pages(app)
        assert paragraphs(app)["b"] == 1
    assert [path for path in sorted(site.rglob("*")) if "__pycache__" not in path.parts] == before


def test_what_was_read_can_be_kept_so_that_only_changed_pages_are_read(site: Path) -> None:
    read: list[str] = []

    def read_again() -> dict[str, int]:
        read.clear()
        with open_site(parse("--doctrees", "../kept")) as app:
            app.connect("env-before-read-docs", lambda app, env, names: read.extend(names))
            read_pages(app)
            return dict(paragraphs(app))

    assert read_again().keys() == set(read) == {"a", "alone", "b", "index"}
    kept = sorted((site.parent / "kept").iterdir())
    (site / "b.rst").write_text("B\n=\n\nText.\n\nMore.\n")
    assert read_again()["b"] == 2
    assert read == ["b"]
    assert read_again()["b"] == 2
    assert read == []
    assert sorted((site.parent / "kept").iterdir()) == kept


@pytest.mark.parametrize("extra", [0, 2])
def test_only_many_pages_are_read_by_several_processes(
    site: Path, monkeypatch: pytest.MonkeyPatch, extra: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for number in range(extra):
        (site / f"more-{number}.rst").write_text(":orphan:\n\nMore\n====\n")
    read_here = []
    with open_site(parse()) as app:
        app.connect("source-read", lambda app, name, content: read_here.append(name))
        read_pages(app)
        assert len(app.env.all_docs) == 4 + extra
    assert len(read_here) == (0 if extra else 4)


def test_no_second_command_reads_into_the_folder_that_one_keeps(site: Path) -> None:
    kept = site.parent / "kept" / "environment.pickle"
    with (
        open_site(parse("--doctrees", "../kept")),
        pytest.raises(BusyError),
        locked(kept, max_wait=0),
    ):
        pytest.fail("both may write")


@pytest.mark.parametrize(
    ("doctrees", "options"),
    [
        ("_build/doctrees", []),
        ("_build/.doctrees", []),
        ("_build/html/.doctrees", []),
        ("../build/doctrees", []),
        ("_build/doctrees", ["--doctrees", "../kept"]),
    ],
)
def test_only_what_changed_since_a_build_is_read_and_the_build_finds_all_as_it_was(
    site: Path, doctrees: str, options: list[str]
) -> None:
    for folder in ("_build/older", doctrees):
        (site / "b.rst").write_text(f"B\n=\n\n{folder}\n")
        with open_site(parse("--doctrees", folder)) as app:
            read_pages(app)
    os.utime("_build/older/environment.pickle", (0, 0))
    (site / "a.rst").write_text("A\n=\n\nText.\n\nMore.\n\nEven more.\n")
    built = {path: path.read_bytes() for path in Path(doctrees).iterdir()}
    read: list[str] = []
    with open_site(parse(*options)) as app:
        app.connect("env-before-read-docs", lambda app, env, names: read.extend(names))
        read_pages(app)
        assert paragraphs(app)["a"] == 3
    assert read == ["a"]
    assert {path: path.read_bytes() for path in Path(doctrees).iterdir()} == built


def test_what_a_build_has_left_and_nobody_can_read_costs_no_more_than_time(site: Path) -> None:
    (site / "_build" / "doctrees").mkdir(parents=True)
    (site / "_build" / "doctrees" / "environment.pickle").write_bytes(b"half of a")
    with open_site(parse()) as app:
        read_pages(app)
        assert paragraphs(app).keys() == {"a", "alone", "b", "index"}


def test_no_token_is_in_the_environment_while_the_site_is_open(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    with open_site(parse()) as app:
        assert app.config.author == "nobody"
        assert "GITHUB_TOKEN" not in os.environ
        read_pages(app)
    assert os.environ["GITHUB_TOKEN"] == "secret"
    (site / "conf.py").write_text("1 / 0\n")
    with pytest.raises(SiteError), open_site(parse()):
        pass
    assert os.environ["GITHUB_TOKEN"] == "secret"


def test_what_the_site_prints_is_no_output_of_the_command(
    site: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (site / "b.rst").write_text("B\n==\n\n.. nothing::\n")
    with open_site(parse()) as app:
        read_pages(app)
    out, told = capfd.readouterr()
    assert out == ""
    assert "conf.py was here" in told
    assert 'b.rst:4: ERROR: Unknown directive type "nothing"' in told
    # Nobody looks at colors in a file.
    assert "\x1b" not in told


@pytest.mark.parametrize("text", ["name", "=value", ""])
def test_a_definition_has_a_name_and_a_value(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("-D", text)
    assert f"{text!r} is not NAME=VALUE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("conf", "message"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("if", "syntax error in your configuration file"),
        ("import sys\nsys.exit()", "called sys.exit()"),
        ("extensions = ['no_such_module']", "Could not import extension no_such_module"),
        ("needs_sphinx = '99.0'", "at least Sphinx v99.0"),
        ("kit_side = 'up'", """kit_side is 'up'; write "left" or "right\""""),
    ],
)
def test_a_site_that_cannot_be_read_is_an_error_with_a_clear_word(
    site: Path, conf: str, message: str
) -> None:
    with (site / "conf.py").open("a") as file:
        file.write(f"{conf}\n")
    with pytest.raises(SiteError) as told, open_site(parse()):
        pass
    assert str(told.value).startswith(f"Sphinx cannot read {site / 'conf.py'}: ")
    assert message in str(told.value)


def test_a_folder_without_conf_py_is_no_site(site: Path) -> None:
    (site / "conf.py").unlink()
    with pytest.raises(SiteError) as told, open_site(parse()):
        pass
    assert str(told.value) == f"{site} has no conf.py: it is not the source of a site"


def test_a_folder_of_pages_that_is_not_there_is_an_error(site: Path) -> None:
    with pytest.raises(SiteError, match="Cannot find source directory"):  # noqa: SIM117  one error
        with open_site(parse("--source", "gone", "-c", ".")):
            pass


@pytest.mark.parametrize(
    ("conf", "message"),
    [
        ("root_doc = 'first'", "unable to load the master document"),
        (
            "NotesDomain.process_doc = lambda *_: 1 / 0",
            "ZeroDivisionError",
        ),
    ],
)
def test_pages_that_cannot_be_read_are_an_error_with_a_clear_word(
    site: Path, conf: str, message: str
) -> None:
    with (site / "conf.py").open("a") as file:
        file.write(f"{conf}\n")
    with open_site(parse()) as app, pytest.raises(SiteError) as told:
        read_pages(app)
    assert str(told.value).startswith(f"Sphinx cannot read the pages in {site}: ")
    assert message in str(told.value)
