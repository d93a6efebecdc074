"""What refstatus costs a build, against plain hyperlinks and sphinx-issues: ``make bench``.

Makes a site of 40 pages with 250 references each (10,000 in all, 5,000 different ones) and a
snapshot of 10,000 records, three times: with plain hyperlinks, with the roles of sphinx-issues,
with ``:gh:`` and badges. Builds them in turn, each in a process of its own, and prints the median
of the ratios round by round: a busy machine then disturbs both sides alike. Time is that of the
CPU (user and system, all processes), memory the peak of the largest process.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = 40
REFERENCES_A_PAGE: Final = 250
DISTINCT: Final = 5_000
RECORDS: Final = 10_000
REPOSITORY: Final = "python/cpython"
#: Cited once, on the first page: the item whose state changes.
CHANGING: Final = 90_001
STYLES: Final = ("plain", "sphinx-issues", "refstatus")
WORDS: Final = ("module", "state", "interpreter", "thread", "import", "slot", "type", "object")


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory (MiB) of one build."""

    seconds: float
    memory: float


def write_sites(folder: Path) -> None:
    """Write the three sites; the same seed gives the same text and the same references."""
    for style in STYLES:
        site = folder / style
        site.mkdir()
        chance = random.Random(20_200_505)
        once = range(1_000, 1_000 + DISTINCT - 1)
        again = chance.choices(once, k=PAGES * REFERENCES_A_PAGE - DISTINCT)
        numbers = [*once, *again]
        chance.shuffle(numbers)
        numbers.insert(0, CHANGING)
        names = [f"page{page:02}" for page in range(PAGES)]
        toctree = "".join(f"   {name}\n" for name in names)
        (site / "index.rst").write_text(f"Index\n=====\n\n.. toctree::\n\n{toctree}")
        for page, name in enumerate(names):
            cited = numbers[page * REFERENCES_A_PAGE : (page + 1) * REFERENCES_A_PAGE]
            (site / f"{name}.rst").write_text(_page(name, cited, style, chance))
        (site / "conf.py").write_text(_configuration(style))
    write_snapshot(folder / "refstatus", "open")


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
    elif style == "refstatus":
        lines += [
            "import sys",
            'extensions = ["sphinx_snapshots.refstatus"]',
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


def build(site: Path, *, clean: bool) -> Cost:
    """Build a site in a process of its own and say what that took.

    :raises SystemExit: the build failed.
    """
    out = site.parent / f"{site.name}-out"
    if clean:
        shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-j", "1", "-b", "html"]
    command += [os.fspath(site), os.fspath(out)]
    # Modules are compiled in the round that does not count, also where the shell forbids to keep
    # them: Sphinx and this extension are then on a par.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": os.fspath(site.parent / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(process, 0)
    if status:
        sys.exit(f"the build of {site.name} failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


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
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        write_sites(Path(folder))
        report(measure(Path(folder), rounds))


if __name__ == "__main__":
    main()
