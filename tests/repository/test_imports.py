"""Who may know whom: extensions know the kit and not each other, and no build has a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from import_graph import When, find_circle, reachable, read_imports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from import_graph import Import

PACKAGE = Path(__file__).parents[2] / "_ext" / "sphinx_snapshots"
NAME = PACKAGE.name
KIT = f"{NAME}.kit"
#: What knows files at most, from below to above.
PURE = [
    f"{NAME}.refstatus.{module}"
    for module in ("model", "urls", "snapshot", "items", "claims", "sentences", "texts")
]
#: What a build must not have.
NETWORK = ("requests", "__main__", "refresh")


def complain(imports: list[Import]) -> Iterator[str]:
    """What is wrong with who imports whom, one sentence each."""
    for each in imports:
        importer, imported = _part(each.importer), _part(each.imported)
        if imported not in {"", "kit", importer}:
            direction = "upward" if importer in {"", "kit"} else "sideways"
            yield f"{direction}: {each}"
        elif each.importer in PURE and not _is_below(each):
            yield f"upward: {each}"
    own_calls = [each for each in imports if each.importer in PURE or each.when is When.AT_ONCE]
    for name in PURE:
        found = reachable([name], own_calls, lambda when: when is not When.FOR_TYPES)
        for foreign in ("sphinx", "docutils", "requests"):
            if foreign in found:
                yield f"not pure: {name} brings {foreign}, by {found[foreign]}"
    circle = find_circle(imports)
    if circle:
        yield f"circle: {' -> '.join(circle)}"
    extensions = sorted({f"{NAME}.{_part(each.importer)}" for each in imports} - {KIT, f"{NAME}."})
    # What a function imports, the build may call.
    found = reachable(extensions, imports, lambda when: when is not When.FOR_TYPES)
    for name in sorted(found):
        if not set(name.split(".")).isdisjoint(NETWORK):
            yield f"network: a build has {name}, by {found[name]}"


def _part(name: str) -> str:
    """The kit or the extension that a module is of; empty for other packages and for the root."""
    package, *parts = name.split(".")
    return parts[0] if package == NAME and parts else ""


def _is_below(each: Import) -> bool:
    """Whether a pure module may import this one."""
    if each.imported in PURE:
        return PURE.index(each.imported) < PURE.index(each.importer)
    return _part(each.imported) in {"", "kit"}


def test_extensions_know_the_kit_and_not_each_other_and_no_build_has_a_network() -> None:
    imports = read_imports(PACKAGE)
    # What is looked at is all that there is.
    modules = {each.importer for each in imports}
    assert {KIT + ".pages", f"{NAME}.releases", f"{NAME}.refstatus.__main__"} <= modules
    assert {each.when for each in imports} == set(When)
    assert list(complain(imports)) == []


_COMPILED = shutil.ignore_patterns("__pycache__")
IN_FUNCTION = "\n\ndef planted():\n    {}\n"
FOR_TYPES = "\nif TYPE_CHECKING:\n    {}\n"


@pytest.mark.parametrize(
    ("file", "code", "complaint"),
    [
        ("releases.py", "from .behavior import warnings", "sideways: sphinx_snapshots.releases:"),
        (
            "diagrams/__init__.py",
            FOR_TYPES.format("from ..refstatus.model import State"),
            "sphinx_snapshots.refstatus.model (for types)",
        ),
        (
            "behavior/model.py",
            IN_FUNCTION.format("import sphinx_snapshots.refstatus.model"),
            "sphinx_snapshots.refstatus.model (in a function)",
        ),
        ("kit/files.py", "from ..refstatus import model", "upward: sphinx_snapshots.kit.files:"),
        ("__init__.py", "from . import releases", "upward: sphinx_snapshots:"),
        (
            "refstatus/model.py",
            FOR_TYPES.format("from .domain import CitationDomain"),
            "upward: sphinx_snapshots.refstatus.model:",
        ),
        ("refstatus/urls.py", "from .snapshot import read", "upward: sphinx_snapshots.refstatus."),
        ("refstatus/model.py", "import docutils", "not pure: sphinx_snapshots.refstatus.model"),
        (
            "refstatus/snapshot.py",
            "from ..kit import warnings",
            "not pure: sphinx_snapshots.refstatus.snapshot brings sphinx",
        ),
        (
            "refstatus/__init__.py",
            "from . import badges",
            "not pure: sphinx_snapshots.refstatus.model brings sphinx",
        ),
        ("kit/rewrites.py", "from . import pages", "circle: sphinx_snapshots.kit.pages -> "),
        (
            "refstatus/domain.py",
            IN_FUNCTION.format("from . import badges"),
            "circle: sphinx_snapshots.refstatus.",
        ),
        (
            "refstatus/badges.py",
            IN_FUNCTION.format("from .refresh import merge"),
            "network: a build has sphinx_snapshots.refstatus.refresh, by",
        ),
        ("releases.py", "import requests", "network: a build has requests, by"),
        ("kit/pages.py", IN_FUNCTION.format("import requests.auth"), "network: a build has requ"),
        (
            "refstatus/export.py",
            IN_FUNCTION.format("from .__main__ import main"),
            "network: a build has sphinx_snapshots.refstatus.__main__, by",
        ),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, file: str, code: str, complaint: str) -> None:
    package = Path(shutil.copytree(PACKAGE, tmp_path / NAME, ignore=_COMPILED))
    with (package / file).open("a") as stream:
        stream.write(f"\n{code}\n")
    assert [told for told in complain(read_imports(package)) if complaint in told]


def test_what_is_pure_loads_no_sphinx() -> None:
    loaded = "sys.modules.keys() & {'sphinx', 'docutils', 'requests'}"
    code = f"import {', '.join(PURE)}, sys; sys.exit(bool({loaded}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
