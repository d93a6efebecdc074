"""Get the names in docs.python.org that cross-references lead to: ``update_inventory.py``.

Where they are and where they go stands in ``conf.py``. The file is replaced only by an inventory of
the same project and version that still has nine tenths of the names, and only if more than the
compression differs. Exit status: 0 done, 1 the file stays as it is.
"""

from __future__ import annotations

import runpy
import sys
import zlib
from functools import partial
from pathlib import Path
from typing import Final

from sphinx.util.inventory import InventoryFile
from sphinx_snapshots.kit.files import replace_file
from sphinx_snapshots.refstatus.refresh.http import (
    LARGEST_BODY,
    HttpClient,
    Request,
    RequestError,
    Stopped,
)

KEPT: Final = 0.9


def names_of(content: bytes, site: str) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    """Kind and name to project, version, address and display name, all below ``site``.

    :raises ValueError: this is no inventory, or one that leads elsewhere.
    """
    # Sphinx would unpack as much as there is.
    packed = content.split(b"\n", 4)[-1]
    try:
        if len(zlib.decompressobj().decompress(packed, LARGEST_BODY + 1)) > LARGEST_BODY:
            raise ValueError(f"it unpacks to more than {LARGEST_BODY // 1024**2} MiB")
        data = InventoryFile.loads(content, uri=site).data
    except zlib.error as error:
        raise ValueError(f"not a whole inventory: {error}") from None
    names = {
        (kind, name): (item.project_name, item.project_version, item.uri, item.display_name)
        for kind, items in data.items()
        for name, item in items.items()
    }
    for key, (_, _, uri, _) in names.items():
        if not (uri.startswith(site) and "".join((*key, uri)).isprintable()):
            raise ValueError(f"the name {key[1]!r} leads to {uri!r}")
    return names


def update(site: str, path: Path) -> bool:
    """Replace the inventory ``path`` with that of ``site``; whether it was replaced.

    :raises ValueError: the new one, or the old one, cannot be used.
    :raises RequestError: it cannot be had; so ``Stopped``.
    :raises OSError: the file cannot be written.
    """
    try:
        old = names_of(path.read_bytes(), site)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"the old one cannot be used ({why}); restore it with git") from None
    client = HttpClient(max_wait=60, announce=partial(print, file=sys.stderr))
    content = client.fetch(Request(f"{site}objects.inv", accept="*/*"), lambda it: it.body)
    new = names_of(content, site)
    if old == new:
        return False
    if (kept := len(old.keys() & new.keys())) < KEPT * len(old):
        raise ValueError(f"it has only {kept} of {len(old)} names")
    versions = [sorted({item[:2] for item in names.values()}) for names in (old, new)]
    if versions[0] != versions[1]:
        raise ValueError(f"it is of {versions[1]}, not of {versions[0]}")
    replace_file(path, content)
    return True


def main() -> int:
    folder = Path()
    site, name = runpy.run_path(str(folder / "conf.py"))["intersphinx_mapping"]["python"]
    try:
        if update(site, folder / name):
            print(f"`{name}`: the names in docs.python.org have changed.")
    except (OSError, RequestError, Stopped, ValueError) as error:
        print(f"{name} stays as it is: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
