"""Keep the snapshot true: ``python -m refstatus refresh``, ``check`` and ``explain``.

``refresh`` asks GitHub and bugs.python.org what became of the items that a site cites, ``check``
tells whether the snapshot fits the site, and ``explain`` what is known of one item. Only
``refresh`` uses the network.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import textwrap
from contextlib import nullcontext, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final, NamedTuple

from ..kit.files import replace_file
from .cited import SiteError, find_cited
from .model import Reference, State, one_line
from .refresh.answers import Stopped
from .refresh.failures import MAX_WAIT
from .refresh.git_history import GitError, read_history
from .refresh.interruption import Interrupted, Interruption
from .refresh.lock import BusyError, hold
from .refresh.merge import (
    Merged,
    Report,
    Scope,
    follow,
    items_without_record,
    merge,
    records_cited_nowhere,
    summarize,
    words,
)
from .refresh.progress import Progress
from .snapshot import Snapshot, SnapshotError, read, render
from .urls import make_url, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .cited import Place
    from .refresh.transport import Addresses
    from .snapshot import Record

__all__ = ["main"]

_DONE, _FOUND, _UNUSABLE, _STOPPED = range(4)

_SNAPSHOT: Final = Path("_data", "references.jsonl")
_INVENTORY: Final = Path("_data", "python.inv")
_WIDTH: Final = 100

_EXIT_STATUS = """\
exit status: 0 done; 1 check found something; 2 wrong usage, or the site, the snapshot or the clone
cannot be used; 3 stopped early, or an item was not answered: what was found is kept, the rest named
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status, which ``--help`` explains."""
    _open_outputs()
    options = _parse(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        status = run(options)
        sys.stdout.flush()
    except (SiteError, SnapshotError, GitError) as error:
        return _fail(str(error), _UNUSABLE)
    except BusyError as error:
        return _fail(f"{error}; nothing was asked", _STOPPED)
    except KeyboardInterrupt:
        return _fail("interrupted; nothing was asked", _STOPPED)
    except BrokenPipeError:
        return _STOPPED  # whoever reads the output has seen enough
    except OSError as error:
        return _fail(f"{error.filename or 'the output'}: {error.strerror}", _STOPPED)
    finally:
        _give_up_closed_outputs()
    return status


def _open_outputs() -> None:
    """See that there are both outputs, and that they take every letter."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            # Whoever started this has closed it. Without this, a file would get its number.
            os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
            setattr(sys, name, os.fdopen(descriptor, "w", encoding="utf-8"))
        # A terminal may know fewer letters than the titles have.
        getattr(sys, name).reconfigure(errors="backslashreplace")


def _give_up_closed_outputs() -> None:
    """Let what nobody takes any more go nowhere: Python would end with a status of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _fail(message: str, status: int) -> int:
    _tell(message)
    return status


def _tell(text: str) -> None:
    """Print to standard error, if anybody is there to read it."""
    with suppress(OSError):
        print(text, file=sys.stderr)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--source",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the folder of conf.py (default: .)",
    )
    common.add_argument(
        "--snapshot", type=Path, metavar="FILE", help=f"default: {_SNAPSHOT} in the source folder"
    )
    common.add_argument(
        "--doctrees",
        type=Path,
        metavar="DIR",
        help="keep there what was read of the pages, and read only changed ones the next time",
    )
    parser = argparse.ArgumentParser(
        prog="python -m refstatus",
        description=__doc__,
        epilog=_EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            parents=[common],
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=_EXIT_STATUS,
        )
        command.set_defaults(run=run)
        return command

    _add_refresh_options(add("refresh", run_refresh, "ask what became of the cited items"))
    check = add("check", run_check, "see whether the snapshot fits the site, without the network")
    check.add_argument(
        "--max-age", type=_whole_number, metavar="DAYS", help="the snapshot must not be older"
    )
    explain = add("explain", run_explain, "tell what is known of an item and where it is cited")
    explain.add_argument("item", type=_item, metavar="KEY-or-URL")
    options = parser.parse_args(arguments)
    if options.snapshot is None:
        options.snapshot = options.source / _SNAPSHOT
    if options.command == "refresh":
        _check_refresh_options(parser, options)
    return options


def _add_refresh_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "items", nargs="*", type=_item, metavar="KEY", help="ask for these only (or their URLs)"
    )
    which = command.add_mutually_exclusive_group()
    which.add_argument("--new", action="store_true", help="ask for items without a record only")
    which.add_argument(
        "--open", action="store_true", help="ask only for items that are open or have no record"
    )
    command.add_argument(
        "--prune", action="store_true", help="remove the records of items that are cited nowhere"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="ask, print the difference, write nothing"
    )
    command.add_argument(
        "--summary", type=Path, metavar="FILE", help="write what changed there, as Markdown"
    )
    command.add_argument(
        "--git",
        type=Path,
        metavar="DIR",
        help="a clone of CPython, which tells first releases and reverts",
    )
    command.add_argument(
        "--inventory",
        type=Path,
        metavar="FILE",
        help="the names in docs.python.org, brought up to date when all items are asked for "
        f"(default: {_INVENTORY} in the source folder, if it is there)",
    )
    command.add_argument(
        "--max-wait",
        type=_whole_number,
        default=MAX_WAIT,
        metavar="SECONDS",
        help="the longest wait for an answer, or for another refresh (default: %(default)s)",
    )


def _check_refresh_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.items and (options.new or options.open or options.prune):
        parser.error("--new, --open and --prune are about all cited items: name no KEY with them")
    if options.dry_run and options.summary:
        parser.error("--dry-run writes nothing: leave --summary out")
    if options.inventory is None and (options.source / _INVENTORY).exists():
        options.inventory = options.source / _INVENTORY


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _item(text: str) -> Reference:
    link = parse_url(text)
    if link is not None:
        return link.reference
    try:
        return Reference.from_key(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, or give the address of its page") from error


# refresh ------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What a refresh found.

    :param merged: the new content of the snapshot.
    """

    before: Snapshot
    merged: Merged
    report: Report


def run_refresh(options: argparse.Namespace) -> int:
    """Ask, merge, write, and tell what changed."""
    from .refresh.transport import Addresses

    progress = Progress(sys.stderr)
    try:
        addresses = Addresses.from_environment(os.environ)
    except ValueError as error:
        return _fail(str(error), _UNUSABLE)
    lock = hold(options.snapshot, options.max_wait, progress.announce)
    with Interruption() as interruption, nullcontext() if options.dry_run else lock:
        outcome = _find_out(options, addresses, progress, interruption)
        progress.finish()
        if options.dry_run:
            _print_difference(options.snapshot, outcome)
            problem = None
        else:
            problem = _save(options, outcome)
    _print_outcome(options, outcome, problem)
    report = outcome.report
    return _STOPPED if problem or report.stops or report.unanswered else _DONE


def _find_out(
    options: argparse.Namespace,
    addresses: Addresses,
    progress: Progress,
    interruption: Interruption,
) -> Outcome:
    """Ask whom there is to ask. From the first question on, a signal ends the asking only.

    :raises Interrupted: a signal came before anything was asked.
    """
    from .refresh.asking import Asking

    before = _read_snapshot(options)
    complete = _make_complete(options, before)
    scope = _choose_scope(options)
    roots = options.items or _read_pages(options, progress)
    removed = set(records_cited_nowhere(before, roots) if options.prune else ())
    kept = {key: record for key, record in before.records.items() if key not in removed}
    asking = Asking(
        Snapshot(before.header, kept),
        roots,
        scope,
        addresses=addresses,
        max_wait=options.max_wait,
        progress=progress,
        waiting=interruption.waiting,
    )
    remarks: list[str] = []
    interruption.hold_back()
    try:
        asking.run(os.environ)
        if scope is Scope.ALL and options.inventory:
            remarks += _refresh_inventory(options, addresses, progress, interruption)
    except Interrupted as interrupted:
        asking.give_up(f"interrupted by {interrupted}")
    except Stopped as stopped:
        asking.stops.append(str(stopped))
    merged = merge(
        before,
        asking.round.records,
        today=datetime.now(UTC).date(),
        is_whole=scope is Scope.ALL,
        removed=removed,
        complete=complete,
    )
    report = Report(merged.changes, asking.round.unanswered, asking.stops, remarks)
    return Outcome(before, merged, report)


def _choose_scope(options: argparse.Namespace) -> Scope:
    if options.items:
        return Scope.NAMED
    if options.new:
        return Scope.NEW
    return Scope.OPEN if options.open else Scope.ALL


def _read_snapshot(options: argparse.Namespace) -> Snapshot:
    path: Path = options.snapshot
    return read(path) if path.exists() else Snapshot.empty()


def _read_pages(
    options: argparse.Namespace, progress: Progress
) -> dict[Reference, tuple[Place, ...]]:
    progress.announce(f"reading the pages in {options.source.absolute()}")
    return find_cited(options.source, options.snapshot, options.doctrees)


def _make_complete(options: argparse.Namespace, before: Snapshot) -> Callable[[Record], Record]:
    """What adds the facts of the clone to a record, or nothing without a clone."""
    if options.git is None:
        return lambda record: record
    releases = (getattr(record, "first_release", None) for record in before.records.values())
    return read_history(options.git, {release for release in releases if release}).complete


def _refresh_inventory(
    options: argparse.Namespace,
    addresses: Addresses,
    progress: Progress,
    interruption: Interruption,
) -> list[str]:
    """Bring the inventory up to date; a sentence if it changed.

    :raises Stopped: it could not be had.
    """
    from .refresh.inventory import bring_up_to_date

    try:
        has_changed = bring_up_to_date(
            addresses.inventory,
            options.inventory,
            dry_run=options.dry_run,
            max_wait=options.max_wait,
            announce=progress.announce,
            waiting=interruption.waiting,
        )
    except OSError as error:
        raise Stopped(f"{options.inventory} stays as it is: {error.strerror}") from error
    return [f"{options.inventory}: the names in docs.python.org"] if has_changed else []


def _save(options: argparse.Namespace, outcome: Outcome) -> str | None:
    """Write what there is to write; a sentence on what could not be.

    Nothing is lost: what finds no room beside the old snapshot goes to the folder for temporary
    files.
    """
    path: Path = options.snapshot
    header, records, _ = outcome.merged
    content = render(header, records)
    problem = None
    try:
        if not path.exists() or path.read_bytes() != content:
            replace_file(path, content)
    except OSError as error:
        problem = f"{path} stays as it is: {error.strerror}. {_rescue(content)}"
    if options.summary:
        try:
            replace_file(options.summary, summarize(outcome.report).encode())
        except OSError as error:
            problem = problem or f"{options.summary}: {error.strerror}"
    return problem


def _rescue(content: bytes) -> str:
    """Keep ``content`` among the temporary files; a sentence that says where."""
    try:
        folder = Path(mkdtemp(prefix="refstatus-"))
    except OSError:
        return "Make room, and run this again"
    path = folder / _SNAPSHOT.name
    try:
        replace_file(path, content)
    except OSError:
        folder.rmdir()
        return "Make room, and run this again"
    return f"The new content is in {path}; copy it from there"


def _print_difference(path: Path, outcome: Outcome) -> None:
    header, records, _ = outcome.merged
    old = path.read_bytes().decode().splitlines() if path.exists() else []
    new = render(header, records).decode().splitlines()
    for line in difflib.unified_diff(old, new, str(path), str(path), n=0, lineterm=""):
        print(_printable(line))


def _printable(line: str) -> str:
    """``line`` with visible escapes in place of what could disturb a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _print_outcome(options: argparse.Namespace, outcome: Outcome, problem: str | None) -> None:
    """What changed goes to standard output, all else to the other."""
    report = outcome.report
    try:
        for line in (*report.changes, *report.remarks):
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads no further knows enough: the file has it all.
        _give_up_closed_outputs()
    finally:
        for line in _describe_unanswered(report.unanswered):
            _tell(line)
        for stop in report.stops:
            _tell(f"stopped early: {one_line(stop, 500)}")
        _tell(_conclude(options, outcome))
        if problem:
            _tell(problem)


def _describe_unanswered(unanswered: Mapping[str, str]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for key, reason in unanswered.items():
        by_reason.setdefault(reason, []).append(key)
    for reason, keys in by_reason.items():
        yield f"{len(keys)} not answered ({one_line(reason, 500)}):"
        yield textwrap.fill(
            " ".join(keys),
            _WIDTH,
            initial_indent="    ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _conclude(options: argparse.Namespace, outcome: Outcome) -> str:
    count = len(outcome.report.changes)
    changed = f"{count} record{'' if count == 1 else 's'} changed" if count else "no record changed"
    if options.dry_run:
        return f"{changed}; nothing was written"
    day = outcome.merged.header.refreshed
    return f"{changed}; {options.snapshot} is of {day}"


# check and explain --------------------------------------------------------------------


def run_check(options: argparse.Namespace) -> int:
    """List what does not fit."""
    snapshot = _read_snapshot(options)
    cited = find_cited(options.source, options.snapshot, options.doctrees)
    for remark in snapshot.remarks:
        print(f"{remark}; the next refresh tidies", file=sys.stderr)
    complaints = list(_complain(snapshot, cited, options.max_age, datetime.now(UTC).date()))
    for complaint in complaints:
        print(complaint)
    return _FOUND if complaints else _DONE


def _complain(
    snapshot: Snapshot,
    cited: Mapping[Reference, tuple[Place, ...]],
    max_age: int | None,
    today: date,
) -> Iterator[str]:
    citing: dict[Reference, list[Place]] = {}
    for reference, places in cited.items():
        for item, _ in follow(snapshot, reference):
            citing.setdefault(item, []).extend(places)
    for reference in items_without_record(snapshot, cited):
        pages = ", ".join(dict.fromkeys(place.page for place in citing[reference]))
        yield f"{reference} has no record; cited in {pages}; run refresh --new"
    for key in records_cited_nowhere(snapshot, cited):
        yield f"{key} is cited nowhere; refresh --prune removes its record"
    if max_age is not None:
        yield from _complain_of_age(snapshot, max_age, today)


def _complain_of_age(snapshot: Snapshot, max_age: int, today: date) -> Iterator[str]:
    if snapshot.header is None:
        yield "there is no snapshot; run refresh"
        return
    age = snapshot.header.age(today)
    if age > max_age:
        yield f"the snapshot is {age} days old, more than {max_age}; run refresh"


def run_explain(options: argparse.Namespace) -> int:
    """Print a paragraph on one item."""
    snapshot = _read_snapshot(options)
    cited = find_cited(options.source, options.snapshot, options.doctrees)
    for line in _explain(snapshot, options.item, cited):
        print(line)
    return _DONE


def _explain(
    snapshot: Snapshot, item: Reference, cited: Mapping[Reference, tuple[Place, ...]]
) -> Iterator[str]:
    status = snapshot.status(item)
    for reference, record in follow(snapshot, item):
        yield f"{reference}: {words(record) if record else 'no record'}"
    facts: list[tuple[str, object]] = [
        ("title", one_line(status.title) if status.title else None),
        ("opened", status.opened),
        ("closed", status.closed),
        ("first release", status.first_release),
        ("reverted by", status.reverted_by),
        ("as of", status.as_of if status.state is not State.UNKNOWN else None),
        ("page", make_url(status.reference, is_pull=bool(status.is_pull))),
    ]
    names = sorted(name for name in cited if snapshot.status(name).reference == status.reference)
    facts += [("cited as", name) for name in names]
    places: Iterable[Place] = dict.fromkeys(place for name in names for place in cited[name])
    facts += [("cited in", f"{place.page}, {one_line(place.title)}") for place in places]
    if not names:
        facts.append(("cited in", "no page"))
    for name, value in facts:
        if value is not None:
            yield f"    {name:15}{value}"


if __name__ == "__main__":
    sys.exit(main())
