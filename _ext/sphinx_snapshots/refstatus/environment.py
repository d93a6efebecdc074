"""The environment of the programs that a command starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def without_tokens(environ: Mapping[str, str]) -> dict[str, str]:
    """A copy without ``GITHUB_TOKEN`` and the like: no other program has a use for them."""
    return {name: value for name, value in environ.items() if not name.endswith("_TOKEN")}
