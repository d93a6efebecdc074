"""``behavior.json``: what each probe showed on each Python, beside the pages, for other tools.

``behavior.schema.json`` beside it says what is in it, and is made from the classes here. A change
that could break a reader raises the format.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from ..kit.files import replace_file
from ..kit.pages import is_website
from .domain import BehaviorDomain, probe_anchor
from .model import ID_PATTERN, VERSION_PATTERN, Outcome

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FILE_NAME: Final = "behavior.json"
SCHEMA_NAME: Final = "behavior.schema.json"


class Result(msgspec.Struct, forbid_unknown_fields=True):
    """What one exact version showed."""

    outcome: Outcome
    detail: str


class ProbeResults(msgspec.Struct, forbid_unknown_fields=True):
    """A small program, and what it showed."""

    subject: Annotated[str, Meta(description="What the probe is about.")]
    claim: Annotated[str, Meta(description="What happens, in reStructuredText.")]
    page: Annotated[
        str | None, Meta(description="Address of the program and its results, within the site.")
    ]
    results: Annotated[
        dict[Annotated[str, Meta(pattern=f"^{VERSION_PATTERN}$")], Result],
        Meta(description="By exact version; +debug is a debug build."),
    ]


class Export(msgspec.Struct, forbid_unknown_fields=True):
    """What small programs did on each CPython."""

    format: Literal[1]
    probes: dict[Annotated[str, Meta(pattern=f"^{ID_PATTERN}$")], ProbeResults]


def make_schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **msgspec.json.schema(Export)}


def export_probes(app: Sphinx) -> Export:
    """The content of the file."""
    domain = BehaviorDomain.of(app.env)
    probes = {
        name: ProbeResults(probe.subject, probe.claim, _find_address(app, domain, name), {})
        for name, probe in sorted(domain.probes.items())
    }
    for name, version, run in domain.results.lines():
        if name in probes:
            probes[name].results[str(version)] = Result(*run.observation)
    return Export(1, probes)


def _find_address(app: Sphinx, domain: BehaviorDomain, probe: str) -> str | None:
    home = domain.home_of(probe)
    if home is None:
        return None
    # The first page of a site of folders is the folder in which this file is.
    return f"{app.builder.get_target_uri(home) or './'}#{probe_anchor(probe)}"


def write_export(app: Sphinx, exception: Exception | None) -> None:
    """Write both files after a build that wrote a site."""
    if exception or not (is_website(app.builder) and BehaviorDomain.of(app.env).settings.export):
        return
    for name, content in ((FILE_NAME, export_probes(app)), (SCHEMA_NAME, make_schema())):
        replace_file(Path(app.outdir, name), msgspec.json.encode(content) + b"\n")
