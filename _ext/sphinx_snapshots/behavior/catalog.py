"""The probes of a folder: ``SUBJECT/ID.py`` and ``SUBJECT/ID.c``, each with a comment that claims.

The module docstring, or the first ``/* ... */`` of a C file, holds the claim (its first
paragraph), then details, and where needed the fields ``:since: 3.12`` and ``:series: 3.12 3.13``.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from inspect import cleandoc
from typing import TYPE_CHECKING, Final

from ..kit.files import FileError
from .model import ID_PATTERN, Language, Probe, Series

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: The folder beside the subjects that holds what many probes use.
SUPPORT: Final = "support"

_FIELD: Final = re.compile(r":(?P<name>\w+):(?:[ \t]+(?P<value>.*))?")
# What stands behind a word that brings in something else, up to the end of the line.
_USE: Final = re.compile(r"(?:import|from|include)\b(.*)")
_C_COMMENT: Final = re.compile(r"\s*/\*(?P<text>.*?)\*/", re.DOTALL)
_C_MARGIN: Final = re.compile(r"^[ \t]*\*(?!/) ?", re.MULTILINE)


def read(folder: Path) -> dict[str, Probe]:
    """The probes below ``folder`` by id, sorted.

    :raises FileError: a probe is not as it must be, or two have one id.
    """
    probes: dict[str, Probe] = {}
    support = _read_support(folder / SUPPORT)
    for path in sorted(folder.glob("*/*")):
        if path.parent.name == SUPPORT or path.suffix[1:] not in set(Language):
            continue
        source = _read_text(path)
        try:
            probe = _read_probe(path, source, support)
        except ValueError as error:
            raise FileError(f"{path}: {error}") from error
        if probe.id in probes:
            raise FileError(f"{path}: {probes[probe.id].path} has the same id; rename one")
        probes[probe.id] = probe
    return dict(sorted(probes.items()))


def _read_support(folder: Path) -> dict[re.Pattern[str], str]:
    """The texts of what many probes may use, each by a pattern of its name.

    A program may write another one, so a file counts as used where its name stands on a line with
    ``import``, ``from`` or ``include``. That may be one too many, which costs a run, but none too
    few.
    """
    found = {}
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.h")]):
        name = re.escape(path.name if path.suffix == ".h" else path.stem)
        found[re.compile(rf"\b{name}\b")] = _read_text(path)
    return found


def _read_text(path: Path) -> str:
    """The content of a file.

    :raises FileError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8: {error}") from error


def _read_probe(path: Path, source: str, support: Mapping[re.Pattern[str], str]) -> Probe:
    """The probe in a file.

    :raises ValueError: its name or comment is not as it must be.
    """
    if re.fullmatch(ID_PATTERN, path.stem) is None:
        raise ValueError("the name must be words of a-z and 0-9 joined by hyphens")
    language = Language(path.suffix[1:])
    comment, program = (_split_python if language is Language.PYTHON else _split_c)(source)
    claim, details, fields = _parse_comment(comment)
    since, series = _parse_fields(fields)
    facts = (language, since, series, program, _used(program, support))
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    names = (path.stem, path.parent.name, path)
    return Probe(*names, language, claim, details, program, since, series, digest)


def _used(program: str, support: Mapping[re.Pattern[str], str]) -> list[str]:
    """The support files that a program uses, itself or by way of others."""
    used: set[re.Pattern[str]] = set()
    texts = [program]
    while texts:
        lines = "\n".join(_USE.findall(texts.pop()))
        new = {name for name in support.keys() - used if name.search(lines)}
        used |= new
        texts += [support[name] for name in new]
    return [text for name, text in support.items() if name in used]


def _parse_comment(text: str) -> tuple[str, str, dict[str, str]]:
    """Claim, details and fields of a docstring, or of a C comment without its stars.

    :raises ValueError: there is no claim, or a field is unknown or twice.
    """
    lines = []
    fields: dict[str, str] = {}
    for line in cleandoc(text).splitlines():
        if (match := _FIELD.fullmatch(line.rstrip())) is None:
            lines.append(line.rstrip())
            continue
        name = match["name"]
        if name not in {"since", "series"}:
            raise ValueError(f"the field :{name}: is unknown; known are :since: and :series:")
        if name in fields:
            raise ValueError(f"the field :{name}: stands twice")
        fields[name] = match["value"] or ""
    claim, _, details = "\n".join(lines).strip("\n").partition("\n\n")
    claim = " ".join(claim.split())
    if not claim.endswith("."):
        raise ValueError("the first paragraph must be the claim, a sentence that ends with a stop")
    return claim, details.strip("\n"), fields


def _parse_fields(fields: dict[str, str]) -> tuple[Series, tuple[Series, ...]]:
    """What the fields ``since`` and ``series`` say.

    :raises ValueError: one is malformed, or both are there.
    """
    series = tuple(map(Series.from_text, fields.get("series", "").split()))
    if "series" in fields and not series:
        raise ValueError("the field :series: names no series")
    if list(series) != sorted(set(series)):
        raise ValueError("the field :series: must name each series once, oldest first")
    since = Series.from_text(fields["since"].strip()) if "since" in fields else Series(3, 8)
    if series and "since" in fields:
        raise ValueError(":since: and :series: exclude each other")
    return since, series


def _split_python(source: str) -> tuple[str, str]:
    """Docstring and program."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ValueError(f"line {error.lineno}: {error.msg}") from error
    if (docstring := ast.get_docstring(tree)) is None:
        raise ValueError("there is no docstring that states the claim")
    lines = source.splitlines(keepends=True)
    return docstring, "".join(lines[tree.body[0].end_lineno :]).strip("\n") + "\n"


def _split_c(source: str) -> tuple[str, str]:
    """Text of the first comment and program."""
    if (match := _C_COMMENT.match(source)) is None:
        raise ValueError("the file must begin with a comment, /* ... */, that states the claim")
    return _C_MARGIN.sub("", match["text"]), source[match.end() :].strip("\n") + "\n"
