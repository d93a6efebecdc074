"""What Sphinx is told of refstatus: its settings, its parts, and the snapshot they share."""

from __future__ import annotations

import re
from types import NoneType
from typing import TYPE_CHECKING

from sphinx.config import ENUM
from sphinx.errors import ExtensionError

from ..kit.rewrites import rewrite_when_changed
from . import badges, builder, collect, directives, export, linkcheck, prose, roles
from .model import REPOSITORY_PATTERN

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the settings and the parts of the extension."""
    text: frozenset[type] = frozenset({str})
    app.add_config_value("refstatus_snapshot", "_data/references.jsonl", "", types=text)
    app.add_config_value("refstatus_repository", "python/cpython", "env", types=text)
    app.add_config_value("refstatus_bpo_links", "github", "", types=ENUM("github", "bpo"))
    app.add_config_value("refstatus_repositories", ["*"], "env", types=frozenset({list, tuple}))
    app.add_config_value("refstatus_recognize_text", True, "env", types=frozenset({bool}))
    app.add_config_value("refstatus_badges", True, "", types=frozenset({bool, list, tuple}))
    app.add_config_value("refstatus_max_age", None, "", types=frozenset({int, NoneType}))
    app.add_config_value("refstatus_index", True, "env", types=frozenset({bool}))
    app.connect("config-inited", check_configuration)
    roles.setup(app)
    prose.setup(app)
    collect.setup(app)
    badges.setup(app)
    directives.setup(app)
    export.setup(app)
    builder.setup(app)
    linkcheck.setup(app)
    rewrite_when_changed(app, "refstatus-items", describe_page)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}


def check_configuration(app: Sphinx, config: Config) -> None:
    """Stop at once over a setting that cannot be used, rather than make dead links.

    :raises ExtensionError: which setting it is, and what to write.
    """
    repository = config.refstatus_repository
    if not _is_repository(repository):
        raise ExtensionError(f"refstatus_repository is {repository!r}; write it as 'owner/name'")
    # Sphinx itself only warns of a wrong type, and goes on.
    further = config.refstatus_repositories
    if not isinstance(further, list | tuple) or not all(map(_is_repository_or_all, further)):
        raise ExtensionError(
            f"refstatus_repositories is {further!r}; write a list of 'owner/name', or ['*'] for all"
        )
    snapshot = config.refstatus_snapshot
    if not isinstance(snapshot, str):
        raise ExtensionError(f"refstatus_snapshot is {snapshot!r}; write the path of a file")
    limit = config.refstatus_max_age
    if not isinstance(limit, int | None):
        raise ExtensionError(f"refstatus_max_age is {limit!r}; write a number of days, or None")


def _is_repository(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(REPOSITORY_PATTERN, value) is not None


def _is_repository_or_all(value: object) -> bool:
    return value == "*" or _is_repository(value)


def describe_page(app: Sphinx, docname: str) -> str:
    """All that ``docname`` shows of the snapshot, as text that differs when it does."""
    parts = (badges.describe_page(app, docname), directives.describe_overviews(app, docname))
    return "\n".join(part for part in parts if part)
