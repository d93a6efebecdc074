"""Build the documentation of another project without refstatus and with it, and compare.

    python benchmarks/other_site.py path/to/docs --report report.json

Run it with the Python of an environment that has all that the documentation needs, and this
package. Both builds are full ones, of one process, with the project's own ``conf.py``; the second
has one more extension. Reported are:

- warnings that only the second build gives;
- links that differ, and pages whose text differs when the badges are left out;
- badges, and links to tracker items that have none (missed), by a pattern that is not ours;
- words that look like references and are no link in either build, by their form;
- user CPU time and the largest memory of each build.

``--runs 3`` repeats both builds in turn and reports medians. ``--set NAME=VALUE`` gives the second
build a setting of refstatus; the value is a literal of Python or else a string. Nothing is written
but below ``--work``.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import statistics
import sys
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

EXTENSION: Final = "sphinx_snapshots.refstatus"
#: A tracker item by its address, written down here anew: ours is what is measured.
ITEM: Final = re.compile(
    r"https?://(?:www\.)?(?:github\.com/[\w.-]+/[\w.-]+/(?:(?:issues|pull)/\d+|commit/[0-9a-f]{7,40})"
    r"|bugs\.python\.org/issue(?:\d+|\?\S*\bbpo=\d+))(?=[/?#]|$)",
    re.IGNORECASE,
)
#: What a reader takes for a reference, by form.
FORMS: Final = {
    "bpo-N": r"\b[Bb][Pp][Oo]-\d+\b",
    "gh-N": r"\b(?:gh|GH)-\d+\b",
    "owner/name#N": r"(?<![\w/])[\w-]+/[\w.-]+#\d+\b",
    "PR N": r"\b(?:PR|pull request) ?#?\d+\b",
    "issue N": r"\b[Ii]ssue ?#?\d+\b",
    "#N": r"(?<![\w/&#])#\d+\b",
}
#: A name that is another one in each build: MyST gives such to equations.
RANDOM: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Elements that the reader's text is compared without: their text is not prose.
UNREAD: Final = frozenset({"script", "style", "head", "template"})


@dataclass
class Page:
    """What one HTML file shows.

    :param links: address to how often the page has it.
    :param bare: tracker links without a badge, by address.
    :param badges: how many there are.
    :param text: all words, without badges.
    :param prose: the words that are in no link and no code.
    """

    links: Counter[str] = field(default_factory=Counter)
    bare: Counter[str] = field(default_factory=Counter)
    badges: int = 0
    text: str = ""
    prose: str = ""


class _PageParser(HTMLParser):
    """Fills a `Page`. An element is left by its own end tag, whatever is unclosed in it."""

    VOID: Final = frozenset(
        [
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "source",
            "track",
            "wbr",
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, bool]] = []
        self._link: str | None = None
        self._has_badge = False
        self._text: list[str] = []
        self._prose: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_badge = "refstatus" in (values.get("class") or "").split()
        if is_badge:
            self.page.badges += 1
            self._has_badge = True
        if tag == "a" and values.get("href"):
            self._link, self._has_badge = values["href"], False
            self.page.links[RANDOM.sub("(random)", values["href"] or "")] += 1
        if tag not in self.VOID:
            self._open.append((tag, is_badge))

    def handle_endtag(self, tag: str) -> None:
        for place in reversed(range(len(self._open))):
            if self._open[place][0] == tag:
                del self._open[place:]
                break
        if tag == "a" and self._link is not None:
            if ITEM.match(self._link) and not self._has_badge:
                self.page.bare[self._link] += 1
            self._link = None

    def handle_data(self, data: str) -> None:
        if any(is_badge or tag in UNREAD for tag, is_badge in self._open):
            return
        self._text.append(data)
        in_code = any(tag in {"code", "pre", "title"} for tag, _ in self._open)
        self._prose.append(" \0 " if in_code or self._link is not None else data)

    def close(self) -> None:
        super().close()
        self.page.text = " ".join("".join(self._text).split())
        self.page.prose = " ".join("".join(self._prose).split())


@dataclass
class Build:
    """One build.

    :param seconds: of user CPU time.
    :param megabytes: the largest resident set of the process.
    """

    status: int
    seconds: float
    megabytes: float
    warnings: Counter[str]


def build(source: Path, out: Path, *, settings: dict[str, object] | None) -> Build:
    """Build in a process of its own.

    :param settings: those of refstatus; None leaves refstatus out.
    """
    warnings = out.parent / f"{out.name}-warnings.txt"
    warnings.unlink(missing_ok=True)
    arguments = [str(source), str(out), str(warnings), json.dumps(settings)]
    said = out.parent / f"{out.name}-output.txt"
    with said.open("wb") as stream:
        process = os.posix_spawn(
            sys.executable,
            [sys.executable, __file__, "--build", *arguments],
            {**os.environ, "PYTHONHASHSEED": "0"},
            file_actions=[(os.POSIX_SPAWN_DUP2, stream.fileno(), number) for number in (1, 2)],
        )
        _, status, usage = os.wait4(process, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        print(f"the build in {out} ended with {code}: see {said} and {warnings}", file=sys.stderr)
    lines = warnings.read_text("utf-8").splitlines() if warnings.exists() else []
    told = Counter(re.sub(r"\x1b\[[\d;]*m", "", line).replace(str(out), "OUT") for line in lines)
    return Build(code, usage.ru_utime, usage.ru_maxrss / 1024, told)


def run_build(source: str, out: str, warnings: str, settings: str) -> int:
    """The process that builds: `conf.py` as it is, with refstatus at the end of its extensions."""
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.docutils import docutils_namespace, patch_docutils
    from sphinx.util.tags import Tags

    ours = json.loads(settings)
    overrides: dict[str, object] = {}
    os.chdir(source)
    if ours is not None:
        tags = Tags(["html", "format_html", "builder_html"])
        known = Config.read(source, overrides={}, tags=tags)
        named = [name for name in known.extensions if name != EXTENSION]
        overrides = {"extensions": [*named, EXTENSION], **ours}
    doctrees = f"{out}-doctrees"
    with (
        patch_docutils(source),
        docutils_namespace(),
        Path(warnings).open("w", encoding="utf-8") as stream,
    ):
        app = Sphinx(source, source, out, doctrees, "html", overrides, None, stream, freshenv=True)
        app.build(force_all=True)
    return int(app.statuscode)


def read_pages(folder: Path) -> dict[str, Page]:
    """Path below ``folder`` to what the page shows."""
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        parser = _PageParser()
        parser.feed(path.read_text("utf-8", "replace"))
        parser.close()
        pages[path.relative_to(folder).as_posix()] = parser.page
    return pages


def compare(without: dict[str, Page], with_it: dict[str, Page]) -> dict[str, object]:
    """What the second build shows otherwise, and what it misses."""
    lost: Counter[str] = Counter()
    made: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    unlinked: Counter[str] = Counter()
    texts = []
    for name in sorted(without.keys() | with_it.keys()):
        old, new = without.get(name, Page()), with_it.get(name, Page())
        lost.update(old.links - new.links)
        made.update(new.links - old.links)
        missed.update(new.bare)
        if old.text != new.text:
            texts.append(name)
        for form, pattern in FORMS.items():
            unlinked[form] += len(re.findall(pattern, new.prose))
    return {
        "pages": len(with_it),
        "badges": sum(page.badges for page in with_it.values()),
        "links lost": dict(lost.most_common()),
        "links made": dict(made.most_common()),
        "links without a badge": dict(missed.most_common()),
        "pages with other text": texts,
        "words that are no link": {form: count for form, count in unlinked.items() if count},
    }


def main() -> int:
    """Build, compare, print."""
    if sys.argv[1:2] == ["--build"]:
        return run_build(*sys.argv[2:])
    parser = argparse.ArgumentParser(description="Try refstatus on another project's documentation")
    parser.add_argument("source", type=Path, help="the folder of conf.py")
    parser.add_argument("--work", type=Path, help="where to build (default: a new folder)")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--report", type=Path, help="write all of it there, as JSON")
    options = parser.parse_args()
    source, work = options.source.resolve(), options.work or Path(mkdtemp(prefix="other-site-"))
    work.mkdir(parents=True, exist_ok=True)
    pairs = (each.partition("=") for each in options.set)
    settings = {name: _value(value) for name, _, value in pairs}
    plain: list[Build] = []
    ours: list[Build] = []
    for _ in range(options.runs):
        plain.append(build(source, work / "without", settings=None))
        ours.append(build(source, work / "with", settings=settings))
    result = compare(read_pages(work / "without"), read_pages(work / "with"))
    result |= {
        "status": [plain[-1].status, ours[-1].status],
        "new warnings": dict(ours[-1].warnings - plain[-1].warnings),
        "seconds": [statistics.median(each.seconds for each in runs) for runs in (plain, ours)],
        "megabytes": [statistics.median(each.megabytes for each in runs) for runs in (plain, ours)],
    }
    if options.report:
        options.report.write_text(json.dumps(result, indent=1, ensure_ascii=False), "utf-8")
    print(_row(source, result))
    return 0 if plain[-1].status == ours[-1].status else 1


def _value(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


def _row(source: Path, result: dict[str, object]) -> str:
    """One line for a person."""
    parts = [str(source)]
    for name, value in result.items():
        if isinstance(value, dict):
            total = sum(value.values())
            parts.append(f"{name}: {total}")
        elif isinstance(value, list) and value and isinstance(value[0], float):
            parts.append(f"{name}: {value[0]:.1f} -> {value[1]:.1f} ({value[1] / value[0]:.2f})")
        else:
            many = isinstance(value, list) and name != "status"
            parts.append(f"{name}: {len(value) if many and isinstance(value, list) else value}")
    return "; ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
