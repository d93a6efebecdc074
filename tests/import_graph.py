"""Which module of a package imports which, read from the sources without running any."""

from __future__ import annotations

import ast
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path


class When(StrEnum):
    """When an import happens."""

    #: As soon as the module is imported.
    AT_ONCE = "at once"
    #: When a function is called.
    IN_CALLS = "in a function"
    #: Never: it is for those who check types.
    FOR_TYPES = "for types"


class Import(NamedTuple):
    """An import of one module by another.

    :param importer: dotted name.
    :param imported: dotted name, of a module of the package or of another package.
    """

    importer: str
    imported: str
    when: When
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported} ({self.when})"


def read_imports(package: Path) -> list[Import]:
    """All imports in the modules of a package, those of names as those of their modules."""
    files = {_name_module(path, package): path for path in sorted(package.rglob("*.py"))}
    found: list[Import] = []
    for name, path in files.items():
        home = name if path.stem == "__init__" else name.rpartition(".")[0]
        for statement, when in _read_statements(path.read_text(encoding="utf-8")):
            for imported in _name_imported(statement, home, files):
                found.append(Import(name, imported, when, statement.lineno))
    return found


def _name_module(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _read_statements(source: str) -> tuple[tuple[ast.Import | ast.ImportFrom, When], ...]:
    """Cached, as packages that differ in one file are read one after another."""
    return tuple(_find_statements(ast.parse(source), When.AT_ONCE))


def _find_statements(
    tree: ast.AST, when: When
) -> Iterator[tuple[ast.Import | ast.ImportFrom, When]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, when
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _find_statements(node, When.IN_CALLS)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _find_statements(node, When.FOR_TYPES)
        else:
            yield from _find_statements(node, when)


def _name_imported(
    statement: ast.Import | ast.ImportFrom, home: str, modules: Mapping[str, object]
) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
        return
    parents = home.split(".")
    base = ".".join(parents[: len(parents) + 1 - statement.level]) if statement.level else ""
    module = ".".join(filter(None, (base, statement.module)))
    for alias in statement.names:
        name = f"{module}.{alias.name}"
        yield name if name in modules else module


def reachable(
    start: Iterable[str], imports: Iterable[Import], follows: Callable[[When], bool]
) -> dict[str, str]:
    """The modules that importing ``start`` imports as well, each to the one that imports it."""
    following: dict[str, list[str]] = {}
    for each in imports:
        if follows(each.when):
            following.setdefault(each.importer, []).append(each.imported)
    found = dict.fromkeys(start, "")
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        # A module brings its packages.
        parent = name.rpartition(".")[0]
        for onward in (*following.get(name, ()), *((parent,) if parent else ())):
            if onward not in found:
                found[onward] = name
                waiting.append(onward)
    return found


def find_circle(imports: Iterable[Import]) -> list[str]:
    """Modules each of which imports the next, and the last one the first; empty if there is none.

    An import for types counts as well: what is in a circle cannot be understood one by one.
    """
    following: dict[str, list[str]] = {}
    for each in imports:
        following.setdefault(each.importer, []).append(each.imported)
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return path[path.index(name) :]
        if name not in done:
            for onward in following.get(name, ()):
                if circle := follow(onward, [*path, name]):
                    return circle
            done.add(name)
        return []

    return next(filter(None, (follow(name, []) for name in list(following))), [])
