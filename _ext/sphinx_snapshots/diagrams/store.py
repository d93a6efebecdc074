"""The folder of committed drawings: one file for each diagram, named as the diagram."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..kit.files import replace_file
from .svg import Drawing, DrawingError

__all__ = ["Store"]


@dataclass(frozen=True, slots=True)
class Store:
    """Reads and writes drawings. Names must be fit ones: see `diagram.is_fit_name`."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return where the drawing *name* is, or would be."""
        return self.folder / f"{name}.svg"

    def names(self) -> set[str]:
        """Return the names of all drawings that are there."""
        return {path.stem for path in self.folder.glob("*.svg")}

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a drawing, or `None` if there is no such drawing."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def load(self, name: str) -> Drawing | None:
        """Return a drawing, or `None` if there is no such drawing.

        :raises DrawingError: the file holds something that a drawing may not hold.
        """
        content = self.content(name)
        if content is None:
            return None
        try:
            return Drawing.parse(content.decode())
        except UnicodeDecodeError as error:
            raise DrawingError("it is not UTF-8") from error

    def save(self, name: str, text: str) -> None:
        """Replace a drawing, all or nothing."""
        replace_file(self.path(name), text.encode())

    def remove(self, name: str) -> None:
        """Delete a drawing."""
        self.path(name).unlink()
