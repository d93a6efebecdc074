"""What a test does on a machine that lacks one of its tools."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

__all__ = ["go_without"]


def go_without(reason: str, *, whole_module: bool = False) -> NoReturn:
    """Skip the test on a contributor's machine, but fail in CI, which must have all tools.

    :param whole_module: called while a module is imported: skip all of its tests.
    """
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; CI must not go without", pytrace=False)
    pytest.skip(reason, allow_module_level=whole_module)
