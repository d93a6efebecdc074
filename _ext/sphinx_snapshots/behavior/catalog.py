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
from typing import TYPE_CHECKING, Final, NamedTuple

from .model import ID_PATTERN, Language, Probe, Series

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


#: The folder beside the subjects that holds what many probes use.
SUPPORT: Final = "support"

_LARGEST: Final = 100_000  # bytes; a probe is to be read by people
_ID: Final = re.compile(ID_PATTERN)
_FIELD: Final = re.compile(r":(?P<name>\w+):(?:[ \t]+(?P<value>.*))?")
_C_COMMENT: Final = re.compile(r"\s*/\*(?P<text>.*?)\*/", re.DOTALL)
_C_MARGIN: Final = re.compile(r"^[ \t]*\*(?!/) ?", re.MULTILINE)


class CatalogError(ValueError):
    """A probe cannot be used. The message names the file, the line if known, and what is wrong."""


class _SupportFile(NamedTuple):
    """What many probes may use.

    :param use: a part of each line that uses it.
    """

    name: str
    use: re.Pattern[str]
    content: str


def read(folder: Path) -> dict[str, Probe]:
    """The probes below ``folder`` by id, sorted.

    :raises CatalogError: a probe is not as it must be, or two have one id.
    """
    probes: dict[str, Probe] = {}
    support = _read_support(folder / SUPPORT)
    for path in sorted(folder.glob("*/*")):
        if path.parent.name == SUPPORT or path.suffix[1:] not in set(Language):
            continue
        probe = _read_probe(path, support)
        if probe.id in probes:
            raise CatalogError(f"{path}: {probes[probe.id].path} has the same id; rename one")
        probes[probe.id] = probe
    return dict(sorted(probes.items()))


def read_probe(path: Path) -> Probe:
    """The probe in the file ``path``.

    :raises CatalogError: the file cannot be read, or its name or comment is not as it must be.
    """
    return _read_probe(path, _read_support(path.parent.parent / SUPPORT))


def _read_probe(path: Path, support: Iterable[_SupportFile]) -> Probe:
    if _ID.fullmatch(path.stem) is None:
        raise CatalogError(f"{path}: the name must be words of a-z and 0-9 joined by hyphens")
    language = Language(path.suffix[1:])
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise CatalogError(f"{path}: larger than {_LARGEST} bytes")
        source = content.decode()
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path}: not UTF-8: {error}") from error
    try:
        split = _split_python if language is Language.PYTHON else _split_c
        text, program = split(source)
        claim, details, fields = _parse_comment(text)
        since, series = _parse_fields(fields)
    except ValueError as error:
        raise CatalogError(f"{path}: {error}") from error
    facts = (language, since, series, program, _used(program, support))
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    return Probe(
        path.stem,
        path.parent.name,
        path,
        language,
        claim,
        details,
        program,
        since,
        series,
        digest,
    )


def _used(program: str, support: Iterable[_SupportFile]) -> list[str]:
    """The texts of the support files that a program uses, itself or by way of others.

    A program may write another one, so a file counts as used where its name stands on a line with
    ``import``, ``from`` or ``include``. That may be one too many, which costs a run, but none too
    few.
    """
    used: dict[str, str] = {}
    texts = [program]
    while texts:
        text = texts.pop()
        for file in support:
            if file.name not in used and file.use.search(text):
                used[file.name] = file.content
                texts.append(file.content)
    return [used[name] for name in sorted(used)]


def _read_support(folder: Path) -> list[_SupportFile]:
    """What many probes may use.

    :raises CatalogError: one cannot be read.
    """
    found = []
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.h")]):
        name = re.escape(path.name if path.suffix == ".h" else path.stem)
        use = re.compile(rf"(?:import|from|include)\b.*\b{name}\b")
        try:
            found.append(_SupportFile(path.name, use, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise CatalogError(f"{path}: cannot be read: {error}") from error
    return found


def _parse_comment(text: str) -> tuple[str, str, dict[str, str]]:
    """Claim, details and fields of a docstring, or of a C comment without its stars.

    :raises ValueError: there is no claim, or a field is unknown or twice.
    """
    lines = []
    fields: dict[str, str] = {}
    for line in cleandoc(text).splitlines():
        match = _FIELD.fullmatch(line.rstrip())
        if match is None:
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
    docstring = ast.get_docstring(tree)
    if docstring is None:
        raise ValueError("there is no docstring that states the claim")
    lines = source.splitlines(keepends=True)
    return docstring, "".join(lines[tree.body[0].end_lineno :]).strip("\n") + "\n"


def _split_c(source: str) -> tuple[str, str]:
    """Text of the first comment and program."""
    match = _C_COMMENT.match(source)
    if match is None:
        raise ValueError("the file must begin with a comment, /* ... */, that states the claim")
    return _C_MARGIN.sub("", match["text"]), source[match.end() :].strip("\n") + "\n"
