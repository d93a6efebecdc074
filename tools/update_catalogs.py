"""Bring the catalogs of the package up to date: ``update_catalogs.py [LANGUAGE ...]``.

Every message of ours that readers see is found in the sources and written to the catalog of each
language (``.po``); translations stay, those of messages that are gone go. Then each is compiled
(``.mo``). A language without a catalog gets one, to be filled by its translator. Translate, and run
this once more.
"""

import argparse
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "_ext/sphinx_snapshots"
KEYWORDS = {"_": None, "ngettext": (1, 2)}
HEADER = "# Words of sphinx-snapshots that readers see: see tools/update_catalogs.py."


def extract(package: Path = PACKAGE) -> Catalog:
    """Collect all messages of the sources, each with the files that have it."""
    catalog = Catalog(project="sphinx-snapshots")
    found = extract_from_dir(package, [("**.py", "python")], keywords=KEYWORDS)
    for name, line, message, comments, context in sorted(found, key=lambda each: each[:2]):
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def catalog_file(language: str, package: Path = PACKAGE) -> Path:
    """Name the catalog of a language."""
    return package / "locale" / language / "LC_MESSAGES/sphinx_snapshots.po"


def render(catalog: Catalog) -> bytes:
    """Write a catalog as its translators edit it; the same catalog gives the same bytes."""
    output = io.BytesIO()
    write_po(output, catalog, width=100, ignore_obsolete=True, include_lineno=False)
    return output.getvalue().rstrip() + b"\n"


def compile_catalog(catalog: Catalog) -> bytes:
    """Write a catalog as programs read it."""
    output = io.BytesIO()
    write_mo(output, catalog)
    return output.getvalue()


def update(language: str, messages: Catalog) -> Catalog:
    """Return the catalog of a language with exactly these messages, translated where it was."""
    path = catalog_file(language)
    catalog = Catalog(
        locale=language,
        header_comment=HEADER,
        project=messages.project,
        version="1",
        last_translator="the contributors",
        language_team="the contributors",
        msgid_bugs_address="the tracker of the repository",
        revision_date=messages.creation_date,
        fuzzy=False,
    )
    if path.exists():
        catalog = read_po(io.BytesIO(path.read_bytes()), locale=language)
    catalog.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    return catalog


def main() -> None:
    """Update the catalogs that are there, and those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="such as de or pt_BR")
    options = parser.parse_args()
    messages = extract()
    there = {path.parts[-3] for path in (PACKAGE / "locale").glob("*/LC_MESSAGES/*.po")}
    for language in sorted(there.union(options.languages)):
        catalog = update(language, messages)
        path = catalog_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(catalog))
        path.with_suffix(".mo").write_bytes(compile_catalog(catalog))
        left = sum(not message.string for message in catalog if message.id)
        print(f"{language}: {len(catalog)} messages, {left} without a translation")


if __name__ == "__main__":
    main()
