"""What refstatus costs a build, against plain hyperlinks and sphinx-issues: ``make bench``.

Makes a site of 40 pages with 250 references each (10,000 in all, 5,000 different ones) and a
snapshot of 10,000 records, three times: with plain hyperlinks, with the roles of sphinx-issues,
with ``:gh:`` and badges. Builds them in turn, each in a process of its own, and prints the median
of the ratios round by round: a busy machine then disturbs both sides alike. Time is that of the
CPU (user and system, all processes), memory the peak of the largest process.

With ``--instructions`` it counts instead of timing: on sites of 2 and of 6 pages, by cachegrind
(Debian's package valgrind), and extrapolates to 40 pages. Instructions do not depend on what else
the machine does. This takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = 40
REFERENCES_A_PAGE: Final = 250
DISTINCT: Final = 5_000
RECORDS: Final = 10_000
REPOSITORY: Final = "python/cpython"
#: Cited once, on the first page: the item whose state changes.
CHANGING: Final = 90_001
STYLES: Final = ("plain", "sphinx-issues", "refstatus")
#: The site with refstatus whose items are in the general index.
INDEXED: Final = "refstatus-index"
#: Sites whose instructions are counted, by their number of pages.
SMALL: Final = (2, 6)
WORDS: Final = ("module", "state", "interpreter", "thread", "import", "slot", "type", "object")


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory (MiB) of one build."""

    seconds: float
    memory: float


def write_sites(folder: Path, pages: int = PAGES) -> None:
    """Write the sites; the same seed gives the same text and the same references."""
    for style in (*STYLES, INDEXED):
        site = folder / style
        site.mkdir(parents=True)
        chance = random.Random(20_200_505)
        once = range(1_000, 1_000 + DISTINCT - 1)
        again = chance.choices(once, k=PAGES * REFERENCES_A_PAGE - DISTINCT)
        numbers = [*once, *again]
        chance.shuffle(numbers)
        numbers.insert(0, CHANGING)
        names = [f"page{page:02}" for page in range(pages)]
        toctree = "".join(f"   {name}\n" for name in names)
        (site / "index.rst").write_text(f"Index\n=====\n\n.. toctree::\n\n{toctree}")
        for page, name in enumerate(names):
            cited = numbers[page * REFERENCES_A_PAGE : (page + 1) * REFERENCES_A_PAGE]
            (site / f"{name}.rst").write_text(_page(name, cited, style, chance))
        (site / "conf.py").write_text(_configuration(style))
    for style in ("refstatus", INDEXED):
        write_snapshot(folder / style, "open")


def _page(name: str, numbers: list[int], style: str, chance: random.Random) -> str:
    lines = [name, "=" * len(name), ""]
    for position, number in enumerate(numbers):
        if position % 25 == 0:
            heading = f"Section {position // 25}"
            lines += [heading, "-" * len(heading), ""]
        prose = " ".join(chance.choices(WORDS, k=20))
        lines += [f"{prose} {_reference(number, style)}.", ""]
    return "\n".join(lines)


def _reference(number: int, style: str) -> str:
    if style == "plain":
        return f"`#{number} <https://github.com/{REPOSITORY}/issues/{number}>`__"
    return f":issue:`{number}`" if style == "sphinx-issues" else f":gh:`{number}`"


def _configuration(style: str) -> str:
    lines = ['html_theme = "furo"']
    if style == "sphinx-issues":
        lines += [
            'extensions = ["sphinx_issues"]',
            f'issues_default_group_project = "{REPOSITORY}"',
        ]
    elif style != "plain":
        lines += [
            'extensions = ["sphinx_snapshots.refstatus"]',
            f'refstatus_repository = "{REPOSITORY}"',
            f"refstatus_index = {style == INDEXED}",
        ]
    return "\n".join(lines) + "\n"


def write_snapshot(site: Path, changing_state: str) -> None:
    """Write ``RECORDS`` records; the item that changes has the given state."""
    chance = random.Random(40_512)
    lines = ['{"kind":"header","format":1,"refreshed":"2026-11-22","source":"made for measuring"}']
    for number in range(1_000, 1_000 + RECORDS - 1):
        title = " ".join(chance.choices(WORDS, k=8))
        state = '"closed","reason":"completed"' if number % 2 else '"open"'
        lines.append(_record(number, state, title))
    lines.append(_record(CHANGING, f'"{changing_state}"', "the one that changes"))
    (site / "_data").mkdir(exist_ok=True)
    (site / "_data/references.jsonl").write_text("\n".join(lines) + "\n")


def _record(number: int, state: str, title: str) -> str:
    return f'{{"kind":"issue","key":"{REPOSITORY}#{number}","state":{state},"title":"{title}"}}'


def build(site: Path, *, clean: bool, under: Sequence[str] = ()) -> Cost:
    """Build a site in a process of its own and say what that took.

    :param under: the command that runs the process.
    :raises SystemExit: the build failed.
    """
    out = site.parent / f"{site.name}-out"
    if clean:
        shutil.rmtree(out, ignore_errors=True)
    command = [*under, sys.executable, "-m", "sphinx", "-q", "-j", "1", "-b", "html"]
    command += [os.fspath(site), os.fspath(out)]
    # Modules are compiled in the round that does not count, also where the shell forbids to keep
    # them: Sphinx and this extension are then on a par.
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": os.fspath(site.parent / "bytecode"),
        "PYTHONHASHSEED": "0",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = os.posix_spawnp(command[0], command, environment)
    _, status, usage = os.wait4(process, 0)
    if status:
        sys.exit(f"the build of {site.name} failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def count_instructions(site: Path, *, clean: bool) -> float:
    """Build a site; return the instructions that took, in units of 10**9."""
    report = site.parent / "cachegrind.txt"
    cachegrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no"]
    build(
        site,
        clean=clean,
        under=[*cachegrind, "--cachegrind-out-file=/dev/null", f"--log-file={report}"],
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", report.read_text())
    if found is None:
        sys.exit(f"valgrind counted nothing: {report.read_text()}")
    return int(found[1].replace(",", "")) / 1e9


def report_instructions(folder: Path) -> None:
    """Count on small sites, and print what 40 pages would take by the line through both."""
    counts: dict[str, list[float]] = {}
    for pages in SMALL:
        place = folder / str(pages)
        write_sites(place, pages)
        for style in (*STYLES, INDEXED):
            build(place / style, clean=True)
            counts.setdefault(style, []).append(count_instructions(place / style, clean=True))
        for style in ("plain", "refstatus"):
            name = f"{style}, no-op"
            counts.setdefault(name, []).append(count_instructions(place / style, clean=False))
        write_snapshot(place / "refstatus", "closed")
        changed = count_instructions(place / "refstatus", clean=False)
        counts.setdefault("refstatus, one status", []).append(changed)
    few, many = SMALL
    large = {
        name: small + (big - small) / (many - few) * (PAGES - few)
        for name, (small, big) in counts.items()
    }
    print(f"{'10**9 instructions':24}{few:>8} p.{many:>8} p.{PAGES:>8} p.")
    for name, (small, big) in counts.items():
        print(f"{name:24}{small:11.2f}{big:11.2f}{large[name]:11.2f}")
    for name, base in (
        ("sphinx-issues", "plain"),
        ("refstatus", "plain"),
        (INDEXED, "plain"),
        ("refstatus, no-op", "plain, no-op"),
        ("refstatus, one status", "refstatus, no-op"),
    ):
        print(f"{name} / {base}: {large[name] / large[base]:.3f}")


def measure(folder: Path, rounds: int) -> dict[str, list[Cost]]:
    """Build everything in turn, ``rounds`` times, after one round that does not count."""
    costs: dict[str, list[Cost]] = {name: [] for name in (*STYLES, "no-op", "one status")}
    state = "open"
    for number in range(rounds + 1):
        round_costs = {style: build(folder / style, clean=True) for style in STYLES}
        round_costs["no-op"] = build(folder / "refstatus", clean=False)
        state = "closed" if state == "open" else "open"
        write_snapshot(folder / "refstatus", state)
        round_costs["one status"] = build(folder / "refstatus", clean=False)
        print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
        if number:
            for name, cost in round_costs.items():
                costs[name].append(cost)
    return costs


def report(costs: dict[str, list[Cost]]) -> None:
    """Print medians, the least times (those least disturbed), and the medians of the ratios."""
    print(f"{'build':15}{'CPU s':>8}{'least':>8}{'MiB':>8}   (medians of {len(costs['plain'])})")
    for name, values in costs.items():
        seconds = [cost.seconds for cost in values]
        memory = statistics.median(cost.memory for cost in values)
        print(f"{name:15}{statistics.median(seconds):8.2f}{min(seconds):8.2f}{memory:8.0f}")
    print()
    for what, name, base in (
        ("CPU time", "sphinx-issues", "plain"),
        ("CPU time", "refstatus", "plain"),
        ("memory", "sphinx-issues", "plain"),
        ("memory", "refstatus", "plain"),
        ("CPU time", "one status", "no-op"),
    ):
        field = "seconds" if what == "CPU time" else "memory"
        ratios = [
            getattr(mine, field) / getattr(other, field)
            for mine, other in zip(costs[name], costs[base], strict=True)
        ]
        print(
            f"{what}, {name} / {base}: {statistics.median(ratios):.3f} "
            f"({min(ratios):.3f} to {max(ratios):.3f})"
        )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure what refstatus costs a build.")
    parser.add_argument("--rounds", type=int, default=5, help="how often (default: 5)")
    parser.add_argument("--instructions", action="store_true", help="count, on small sites")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.instructions:
            report_instructions(Path(folder))
            return
        write_sites(Path(folder))
        report(measure(Path(folder), options.rounds))


if __name__ == "__main__":
    main()
