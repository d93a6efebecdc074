"""``behavior.json``: what each probe showed on each Python, beside the pages, for other tools.

``behavior.schema.json`` beside it says what is in it. A change that could break a reader raises
``FORMAT``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ..kit.files import replace_file
from ..kit.pages import is_website
from .domain import BehaviorDomain, probe_anchor
from .model import ID_PATTERN, VERSION_PATTERN, Outcome

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FORMAT: Final = 1
FILE_NAME: Final = "behavior.json"
SCHEMA_NAME: Final = "behavior.schema.json"


def make_schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    text = {"type": "string"}
    result = {
        "type": "object",
        "description": "What one exact version showed.",
        "properties": {"outcome": {"enum": list(Outcome)}, "detail": text},
        "required": ["outcome", "detail"],
        "additionalProperties": False,
    }
    probe = {
        "type": "object",
        "properties": {
            "subject": {"type": "string", "description": "What the probe is about."},
            "claim": {"type": "string", "description": "What happens, in reStructuredText."},
            "page": {
                "type": ["string", "null"],
                "description": "Address of the program and its results, within the site.",
            },
            "results": {
                "type": "object",
                "description": "By exact version; +debug is a debug build.",
                "patternProperties": {f"^{VERSION_PATTERN}$": result},
                "additionalProperties": False,
            },
        },
        "required": ["subject", "claim", "page", "results"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What small programs did on each CPython",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "probes": {
                "type": "object",
                "patternProperties": {f"^{ID_PATTERN}$": probe},
                "additionalProperties": False,
            },
        },
        "required": ["format", "probes"],
        "additionalProperties": False,
    }


def export_probes(app: Sphinx) -> dict[str, Any]:
    """The content of the file."""
    domain = BehaviorDomain.of(app.env)
    results: dict[str, dict[str, dict[str, str]]] = {}
    for probe, version, run in domain.results.lines():
        seen = run.observation
        shown = {"outcome": str(seen.outcome), "detail": seen.detail}
        results.setdefault(probe, {})[str(version)] = shown
    return {
        "format": FORMAT,
        "probes": {
            name: {
                "subject": probe.subject,
                "claim": probe.claim,
                "page": _find_address(app, domain, name),
                "results": results.get(name, {}),
            }
            for name, probe in sorted(domain.probes.items())
        },
    }


def _find_address(app: Sphinx, domain: BehaviorDomain, probe: str) -> str | None:
    home = domain.home_of(probe)
    return f"{app.builder.get_target_uri(home)}#{probe_anchor(probe)}" if home else None


def write_export(app: Sphinx, exception: Exception | None) -> None:
    """Write both files after a build that wrote a site."""
    if exception or not (is_website(app.builder) and BehaviorDomain.of(app.env).settings.export):
        return
    for name, content in ((FILE_NAME, export_probes(app)), (SCHEMA_NAME, make_schema())):
        replace_file(Path(app.outdir, name), msgspec.json.encode(content) + b"\n")
