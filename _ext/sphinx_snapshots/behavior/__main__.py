"""Run the probes and keep what they show: ``python -m behavior probe``.

Runs the programs below ``probes`` on each CPython found here, and writes ``_data/behavior.jsonl``.
Results of series that are not here stay as they are.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final, NamedTuple

from . import catalog, interpreters, store
from .compile import MissingToolError
from .model import Observation, Outcome, Result
from .run import ProbeError, observe, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .interpreters import Interpreter
    from .model import Probe, Series
    from .store import Results

__all__ = ["main"]

PROBES: Final = Path("probes")
RESULTS: Final = Path("_data", "behavior.jsonl")

_GOOD, _INCOMPLETE, _UNUSABLE = range(3)


class Job(NamedTuple):
    """A probe to run on one interpreter."""

    probe: Probe
    interpreter: Interpreter

    def __str__(self) -> str:
        return f"{self.probe.id} on {self.interpreter.version}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: all is well. 1: a probe failed, is not deterministic, or could not be compiled here, and
    what the others showed is written; or an interruption, and nothing is. 2: the command cannot
    work: wrong usage, no probes, no such interpreter, a file of results that cannot be used.
    """
    options = _parse(arguments)
    try:
        probes = catalog.read(options.source / PROBES)
        chosen = _choose(probes, options.ids)
        pythons = _pythons(options.python)
        store.read(options.source / options.results)
    except ValueError as error:
        print(error, file=sys.stderr)
        return _UNUSABLE
    jobs = [Job(probe, python) for probe in chosen for python in pythons]
    try:
        results, complaints = _run(jobs, options.j, options.times)
    except KeyboardInterrupt:
        print("interrupted; nothing is written", file=sys.stderr)
        return _INCOMPLETE
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    forgotten = {result.probe for result in results} if options.anew else set()

    def change(old: Results) -> Results:
        return old.only(probes).without(forgotten).merge(results)

    try:
        old, new = store.update(options.source / options.results, change, dry_run=options.dry_run)
    except (OSError, ValueError) as error:
        print(f"cannot write the results: {error}", file=sys.stderr)
        return _UNUSABLE
    for line in _compare(old, new):
        print(line)
    return _INCOMPLETE if complaints else _GOOD


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m behavior", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    text = "run probes and write what they show"
    probe = commands.add_parser("probe", help=text, description=text.capitalize())
    probe.add_argument("ids", nargs="*", metavar="ID", help="which probes (default: all)")
    probe.add_argument(
        "--python",
        action="append",
        metavar="PATH",
        help="run on this interpreter only (may stand many times); the variable "
        f"{interpreters.VARIABLE} lists interpreters that win over others found here",
    )
    probe.add_argument(
        "-j", type=_positive, default=os.cpu_count() or 1, metavar="N", help="how many at once"
    )
    probe.add_argument(
        "--times",
        type=_positive,
        default=1,
        metavar="N",
        help="run each N times, and refuse one whose answers differ",
    )
    probe.add_argument(
        "--anew", action="store_true", help="forget all that these probes showed before"
    )
    probe.add_argument("--dry-run", action="store_true", help="write nothing")
    probe.add_argument(
        "--results",
        type=Path,
        default=RESULTS,
        metavar="FILE",
        help="of results, seen from the source folder (default: %(default)s)",
    )
    probe.add_argument("--source", type=Path, default=Path(), metavar="SOURCEDIR")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _choose(probes: dict[str, Probe], ids: Sequence[str]) -> list[Probe]:
    """The probes with these ids; all without any.

    :raises ValueError: there is no such probe.
    """
    if not probes:
        raise ValueError(f"there is no probe in the folder {PROBES}")
    if unknown := [name for name in ids if name not in probes]:
        raise ValueError(f"there is no probe {', '.join(unknown)}")
    return [probe for name, probe in probes.items() if not ids or name in ids]


def _pythons(programs: Sequence[str] | None) -> list[Interpreter]:
    """The interpreters to run on.

    :raises ValueError: one cannot be used, or two are of one series.
    """
    if programs is None:
        return list(interpreters.find())
    named = [interpreters.ask(program) for program in programs]
    if len({python.series for python in named}) < len(named):
        raise ValueError("name one interpreter of each series only")
    return sorted(named, key=lambda python: python.series)


def _run(jobs: Sequence[Job], at_once: int, times: int) -> tuple[list[Result], list[str]]:
    """Run all jobs; return the results and, sorted, what went wrong."""
    results = []
    complaints = []
    cancel = Event()
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with ThreadPoolExecutor(at_once) as pool:
        try:
            futures = {pool.submit(_run_job, job, times, cancel): job for job in jobs}
            for done, future in enumerate(as_completed(futures), 1):
                job = futures[future]
                try:
                    seen = future.result()
                except (MissingToolError, ProbeError) as error:
                    complaint = f"{job.probe.path}: {job.interpreter.version}: {error}"
                    complaints.append(complaint)
                    said = "no result"
                else:
                    version = job.interpreter.exact
                    results.append(Result(job.probe.id, version, seen.outcome, seen.detail))
                    said = str(seen)
                print(f"[{done}/{len(jobs)}] {job}: {said}", file=sys.stderr, flush=True)
        except BaseException:
            cancel.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return results, sorted(complaints)


def _run_job(job: Job, times: int, cancel: Event) -> Observation:
    reason = job.probe.reason_not_to_run(job.interpreter.series)
    if reason is not None:
        return Observation(Outcome.ABSENT, reason)
    with prepare(job.probe, job.interpreter) as program:
        seen = {observe(program, cancel=cancel): None for _ in range(times)}
    first, *others = seen
    if others:
        shown = "; ".join(map(str, seen))
        raise ProbeError(f"its answers differ from run to run: {shown}")
    return first


def _compare(old: Results, new: Results) -> Iterator[str]:
    """Say what is not as it was, a line each, and sum up."""
    before, after = _by_line(old), _by_line(new)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            probe, series = key
            yield f"{probe} on {series}: {was or 'nothing'} -> {now or 'nothing'}"
    same = sum(after[key] == before.get(key) for key in after)
    yield f"{len(after)} results, {same} of them as before"


def _by_line(results: Results) -> dict[tuple[str, Series], str]:
    """What there is of each probe and series, for people."""
    return {
        (probe, series): ", ".join(
            f"{span.observation} (from {span.first})" if span.first else str(span.observation)
            for span in spans
        )
        for probe, row in results.spans.items()
        for series, spans in row.items()
    }


if __name__ == "__main__":
    sys.exit(main())
