"""The command that draws."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from diagrams_site import Site, files
from sphinx_snapshots.diagrams import __main__ as command
from sphinx_snapshots.diagrams.domain import Store
from sphinx_snapshots.diagrams.model import SourceError


def test_committed_drawings_are_what_the_command_makes(
    drawn: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drawn.check() == 0
    before = files(drawn.drawings)
    assert drawn.draw() == 0
    assert capsys.readouterr() == ("", "")
    assert files(drawn.drawings) == before
    shutil.rmtree(drawn.drawings)
    assert drawn.draw() == 0
    assert capsys.readouterr().out.splitlines() == [
        f"drew {name}" for name in ["fig-calls", "fig-hostile", "fig-lookup", "fig-markdown"]
    ]
    assert files(drawn.drawings) == before


def test_check_finds_every_difference(drawn: Site, capsys: pytest.CaptureFixture[str]) -> None:
    (drawn.drawings / "fig-calls.svg").unlink()
    drawn.replace("drawings/fig-hostile.svg", "<title ", "<title  ")
    drawn.replace("markdown.md", "one --> two", "one --> three")
    shutil.copy(drawn.drawings / "fig-lookup.svg", drawn.drawings / "fig-orphan.svg")
    before = files(drawn.drawings)
    assert drawn.check() == 1
    lines = capsys.readouterr().err.splitlines()
    assert [Path(line.partition(":")[0]).name for line in lines] == [
        "fig-calls.svg",
        "fig-hostile.svg",
        "fig-markdown.svg",
        "fig-orphan.svg",
    ]
    assert "no page uses this drawing" in lines[-1]
    assert files(drawn.drawings) == before
    assert drawn.draw() == 0
    assert capsys.readouterr().out.splitlines() == [
        "drew fig-calls",
        "drew again fig-hostile",
        "drew again fig-markdown",
        "removed fig-orphan, which no page uses",
    ]
    assert drawn.check() == 0


def test_errors_in_a_source_are_shown(drawn: Site, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(drawn.drawings)
    drawn.replace("markdown.md", "one --> two", "one --> [two")
    for run in (drawn.draw, drawn.check):
        assert run() == 1
        text = capsys.readouterr().err
        assert re.search(r"markdown\.md:3: diagram 'fig-markdown', its line 4, column \d+: ", text)
        assert text.endswith("\n    one --> [two\n")
    assert files(drawn.drawings) == before


def test_colors_of_ones_own_are_refused(drawn: Site, capsys: pytest.CaptureFixture[str]) -> None:
    page = (drawn.source / "markdown.md").read_text("utf-8")
    refused = {
        "style one fill:#f00": "'fill:#f00' would not follow the theme",
        "linkStyle 0 stroke:#f00": "'stroke:#f00' would not follow the theme",
        "class one x\n  classDef x color:#f00": "#f00' would not follow",
    }
    for number, line in enumerate(refused):
        text = page.replace("one --> two", f"one --> two\n  {line}")
        drawn.write(f"color-{number}.md", text.replace("fig-markdown", f"fig-color-{number}"))
    assert drawn.draw() == 1
    told = capsys.readouterr().err
    for number, message in enumerate(refused.values()):
        assert re.search(rf"color-{number}\.md:3: .*{re.escape(message)}", told)


def test_kinds_of_diagram_that_need_more_colors_are_refused(
    drawn: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.replace("markdown.md", "flowchart TB", "timeline")
    drawn.replace("markdown.md", "one --> two", "one : two")
    assert drawn.draw() == 1
    assert "no kind of diagram that has a color for each series" in capsys.readouterr().err


def test_unfit_and_taken_names_are_not_drawn(
    drawn: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (drawn.source / "markdown.md").read_text("utf-8")
    drawn.write("second.md", text.replace("fig-markdown", "../outside"))
    drawn.write("third.md", text.replace("two", "three"))
    before = files(drawn.source.parent)
    assert drawn.draw() == 1
    error = capsys.readouterr().err
    assert "second.md:3: '../outside' does not fit" in error
    assert re.search(r"third\.md:3: .* has the name of the one at .*markdown\.md:3", error)
    assert files(drawn.source.parent) == before


def test_groups_and_wide_drawings(drawn: Site, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"A_long_identifier_{number}()" for number in range(7)]
    links = "".join(f'  top -->|label| n{n}["{name}"]\n' for n, name in enumerate(names))
    drawn.replace("markdown.md", "  one --> two\n", f"subgraph g\n{links}end\n")
    assert drawn.draw() == 0
    assert re.search(r"fig-markdown is \d+ pixels wide, the column 736", capsys.readouterr().out)
    drawing = Store(drawn.drawings).load("fig-markdown")
    assert drawing is not None
    assert drawing.font_size == 14
    assert set(names) <= set(drawing.words)


def test_a_drawing_is_rather_wide_than_has_broken_words(drawn: Site) -> None:
    names = [f"PyInterpreterState_Get_one_of_a_kind_{number}" for number in range(3)]
    calls = "".join(f"  {names[0]}->>{name}: {name}\n" for name in names[1:])
    drawn.replace("markdown.md", "flowchart TB", "sequenceDiagram")
    drawn.replace("markdown.md", "  one --> two\n", calls)
    assert drawn.draw() == 0
    drawing = Store(drawn.drawings).load("fig-markdown")
    assert drawing is not None
    assert set(names) <= set(drawing.words)


def test_command_says_what_it_needs(
    drawn: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command.main(["draw", "--source", str(drawn.drawings)]) == 2
    assert "has no conf.py" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "quickjs", None)
    monkeypatch.delitem(sys.modules, "sphinx_snapshots.diagrams.pele", raising=False)
    assert drawn.draw() == 2
    assert 'pip install "sphinx-snapshots[draw]"' in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        command.main(["paint"])
    assert "invalid choice" in capsys.readouterr().err


def test_endless_drawing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mermaid_render")
    from sphinx_snapshots.diagrams import pele

    program = pele.Pele()
    monkeypatch.setattr(pele, "_CALL", "throw new Error(%s + %s)")
    with pytest.raises(SourceError) as caught:
        program.draw("graph TB\n  a", "k")
    assert "gave up" in caught.value.message
