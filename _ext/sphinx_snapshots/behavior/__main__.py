"""Run the probes and keep what they show: ``python -m sphinx_snapshots.behavior probe``.

Runs the probes of a site on each CPython found here, and writes its file of results. Results of
versions that are not here stay as they are.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from ..kit.command import SiteError, add_site_options, open_site
from . import interpreters, snapshot
from .compile import MissingToolError
from .domain import BehaviorDomain
from .run import ProbeError, run_probe
from .snapshot import Results, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from .interpreters import Interpreter
    from .model import Observation, Probe, Series, Version

_GOOD, _INCOMPLETE, _UNUSABLE = range(3)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: all is well. 1: a probe failed, is not deterministic, or could not be compiled here, and
    what the others showed is written; or an interruption, and what was seen on the interpreters
    that were done is written. 2: the command cannot work: wrong usage, no site, no probes, no such
    interpreter, a file of results that cannot be used.
    """
    options = _parse(arguments)
    if not options.dry_run and importlib.util.find_spec("filelock") is None:
        print('filelock is missing; pip install "sphinx-snapshots[probe]"', file=sys.stderr)
        return _UNUSABLE
    try:
        complaints = _probe(options)
    except (SiteError, ValueError, OSError) as error:
        what = "cannot write the results: " if isinstance(error, OSError) else ""
        print(f"{what}{error}", file=sys.stderr)
        return _UNUSABLE
    except KeyboardInterrupt:
        print("interrupted; what was seen on the interpreters before is written", file=sys.stderr)
        return _INCOMPLETE
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return _INCOMPLETE if complaints else _GOOD


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sphinx_snapshots.behavior", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    text = "run probes and write what they show"
    probe = commands.add_parser("probe", help=text, description=text.capitalize())
    probe.add_argument("ids", nargs="*", metavar="ID", help="which probes (default: all)")
    text = (
        "run on this interpreter only (may stand many times); the variable "
        f"{interpreters.VARIABLE} lists interpreters that win over others found here"
    )
    probe.add_argument("--python", action="append", metavar="PATH", help=text)
    # Not more, though what hangs uses none: some probes wait for a time that must be enough.
    at_once = os.cpu_count() or 1
    probe.add_argument("-j", type=_positive, default=at_once, metavar="N", help="how many at once")
    text = "run each N times, and refuse one whose answers differ"
    probe.add_argument("--times", type=_positive, default=1, metavar="N", help=text)
    text = "forget all that these probes showed before"
    probe.add_argument("--anew", action="store_true", help=text)
    probe.add_argument("--dry-run", action="store_true", help="write nothing")
    add_site_options(probe)
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _probe(options: argparse.Namespace) -> list[str]:
    """Run the probes, save what they show on an interpreter once it is done, print what changed.

    :returns: what went wrong, sorted.
    :raises SiteError: there is no site, or it has a probe or a file of results that is not usable.
    :raises ValueError: there is no such probe or interpreter, or a file of results is not usable.
    :raises OSError: the file of results cannot be written.
    """
    with open_site(options) as app:
        if BehaviorDomain.name not in app.env.domaindata:
            raise SiteError("conf.py does not have 'sphinx_snapshots.behavior' in its extensions")
        domain = BehaviorDomain.of(app.env)
        settings, probes = domain.settings, domain.probes
        file = Path(app.srcdir, settings.results)
    if not probes:
        raise ValueError(f"there is no probe in the folder {settings.probes}")
    if unknown := [name for name in options.ids if name not in probes]:
        raise ValueError(f"there is no probe {', '.join(unknown)}")
    chosen = [probes[name] for name in probes if not options.ids or name in options.ids]
    pythons = _pythons(options.python, settings.series)
    jobs = [(probe, python) for python in pythons for probe in chosen]
    old = snapshot.read(file)
    news: dict[str, dict[Version, Run]] = {}
    complaints: list[str] = []

    def change(known: Results) -> Results:
        kept = probes.keys() - news.keys() if options.anew else probes.keys()
        rows = {name: row for name, row in known.runs.items() if name in kept}
        return Results(rows).merge(Results(news))

    waiting = Counter(python for _, python in jobs)
    for number, (probe, python, future) in enumerate(_run(jobs, options.j, options.times), 1):
        said = "no result"
        try:
            seen = future.result()
        except (MissingToolError, ProbeError) as error:
            complaints.append(f"{probe.path}: {python.version}: {error}")
        else:
            news.setdefault(probe.id, {})[python.exact] = Run(seen, probe.digest)
            said = str(seen)
        progress = f"[{number}/{len(jobs)}] {probe.id} on {python.version}: {said}"
        print(progress, file=sys.stderr, flush=True)
        waiting[python] -= 1
        if not waiting[python] and not options.dry_run:
            snapshot.update(file, change)
    for line in _compare(old, change(old)):
        print(line)
    return sorted(complaints)


def _pythons(programs: Sequence[str] | None, series: Sequence[Series]) -> list[Interpreter]:
    """The interpreters to run on.

    :param series: those that the site speaks of; none for all.
    :raises ValueError: one cannot be used, or two are of one series and both debug builds or not.
    """
    if programs is None:
        found = interpreters.find()
        releases = (python.series for python in found if not python.exact.is_debug)
        if missing := set(series).difference(releases):
            names = ", ".join(map(str, sorted(missing)))
            print(f"no interpreter of {names} here; their results stay", file=sys.stderr)
        return [python for python in found if not series or python.series in series]
    named = [interpreters.ask(program) for program in programs]
    if len({python.place for python in named}) < len(named):
        raise ValueError("name one interpreter of each series only, and one debug build")
    return sorted(named, key=lambda python: python.place)


def _run(
    jobs: Sequence[tuple[Probe, Interpreter]], at_once: int, times: int
) -> Iterator[tuple[Probe, Interpreter, Future[Observation]]]:
    """Run probes on interpreters, and yield each as it ends."""
    cancel = Event()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            futures = {pool.submit(run_probe, *job, times, cancel): job for job in jobs}
            for future in as_completed(futures):
                yield *futures[future], future
        finally:
            cancel.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _compare(old: Results, new: Results) -> Iterator[str]:
    """Say what is not as it was, a line each, and sum up."""
    before, after = (
        {(name, version): str(run.observation) for name, version, run in results.lines()}
        for results in (old, new)
    )
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, "nothing"), after.get(key, "nothing")
        if was != now:
            probe, version = key
            yield f"{probe} on {version}: {was} -> {now}"
    same = sum(after[key] == before.get(key) for key in after)
    yield f"{len(after)} results, {same} of them as before"


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    sys.exit(main())
