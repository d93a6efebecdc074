"""The catalogs of the package: complete, up to date, and fit to be filled in."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "_ext/sphinx_snapshots"
CATALOGS = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/sphinx_snapshots.po"))
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("catalogs", ROOT / "tools/update_catalogs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=CATALOGS, ids=lambda path: path.parts[-3])
def path(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture
def catalog(path: Path) -> Catalog:
    return read_po(io.BytesIO(path.read_bytes()), locale=path.parts[-3])


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def calls() -> Iterator[tuple[str, ...]]:
    """The messages of the sources as Python itself sees them, also those in f-strings."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            number = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
            strings = list(node.args[:number])
            if number:
                assert all(isinstance(s, ast.Constant) for s in strings), f"{path}:{node.lineno}"
                yield tuple(str(s.value) for s in strings if isinstance(s, ast.Constant))


def test_german_and_french_are_there() -> None:
    assert {path.parts[-3] for path in CATALOGS} >= {"de", "fr"}


def test_all_messages_of_the_sources_are_in_a_catalog_and_no_others(
    tool: Any, catalog: Catalog
) -> None:
    known = {tuple(forms(message.id)) for message in messages(catalog)}
    assert known == {tuple(forms(message.id)) for message in messages(tool.extract())}
    assert known == set(calls())
    assert not catalog.obsolete


def test_each_message_is_translated_in_each_form(catalog: Catalog) -> None:
    for message in messages(catalog):
        number = catalog.num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == number, message.id
        assert all(form.strip() for form in forms(message.string)), message.id
        assert not message.fuzzy, message.id


def test_a_translation_has_the_places_of_its_message(catalog: Catalog) -> None:
    for message in messages(catalog):
        wanted = sorted(PLACEHOLDER.findall(forms(message.id)[0]))
        for form in forms(message.string):
            assert sorted(PLACEHOLDER.findall(form)) == wanted, form
            # What stands before or after a name on the page keeps its space.
            assert form.endswith(" ") == forms(message.id)[0].endswith(" "), form


def test_what_is_compiled_is_what_was_translated(path: Path, catalog: Catalog) -> None:
    """If not, run ``tools/update_catalogs.py``."""
    compiled = read_mo(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    found = {tuple(forms(m.id)): forms(m.string) for m in messages(compiled)}
    assert found == {tuple(forms(m.id)): forms(m.string) for m in messages(catalog)}
