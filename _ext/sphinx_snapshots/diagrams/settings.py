"""The settings of the extension."""

from __future__ import annotations

from typing import ClassVar

from ..kit import settings
from ..kit.settings import setting, text


class Settings(settings.Settings):
    """What ``conf.py`` says, as ``diagrams_directory``."""

    prefix: ClassVar[str] = "diagrams"

    #: The folder of the drawings, below that of the pages.
    directory: str = setting("_data/diagrams", text, "html")
