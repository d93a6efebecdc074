"""Keep the snapshot true: ``refstatus refresh``, ``refstatus check`` and ``refstatus explain``.

``refresh`` asks GitHub and bugs.python.org what became of the items that a site cites, ``check``
tells whether the snapshot fits the site, and ``explain`` what is known of one item. Only
``refresh`` uses the network.
"""

from __future__ import annotations

import argparse
import difflib
import os
import signal
import sys
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ..kit.command import SiteError, add_site_options, open_site, read_pages, without_tokens
from ..kit.files import BusyError, locked, replace_file
from .model import Reference, State, one_line
from .refresh.history import GitError, read_history
from .refresh.merge import (
    Scope,
    compare,
    follow,
    items_without_record,
    merge,
    records_cited_nowhere,
    words,
)
from .refresh.report import Progress, describe_unanswered, summarize
from .snapshot import Snapshot, SnapshotError, read, render
from .urls import make_url, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from .domain import CitationDomain
    from .refresh.ask import Asking
    from .refresh.http import Addresses
    from .refresh.merge import Change
    from .snapshot import Record

_DONE, _FOUND, _UNUSABLE, _STOPPED = range(4)

#: Seconds that may be waited before one answer, where nobody says otherwise.
_MAX_WAIT: Final = 900
#: The packages of the extra, without which only ``check`` and ``explain`` work.
_EXTRA: Final = frozenset({"filelock", "requests"})

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
        with _signals_interrupt():
            status = run(options)
            sys.stdout.flush()
    except (SiteError, SnapshotError, GitError) as error:
        return _fail(str(error), _UNUSABLE)
    except BusyError as error:
        return _fail(f"{error}; nothing was asked", _STOPPED)
    except KeyboardInterrupt:
        return _fail("interrupted", _STOPPED)
    except BrokenPipeError:
        return _STOPPED  # whoever reads the output has seen enough
    except OSError as error:
        return _fail(f"{error.filename or 'the output'}: {error.strerror}", _STOPPED)
    finally:
        _give_up_closed_outputs()
    return status


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let a request to end, and a terminal that closes, interrupt as Ctrl-C does.

    A signal that the process was started to ignore, as ``nohup`` has it, stays ignored.
    """
    # Windows has no SIGHUP.
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {n: signal.getsignal(n) for n in numbers if signal.getsignal(n) is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
    add_site_options(common)
    common.add_argument(
        "--snapshot", type=Path, metavar="FILE", help="default: refstatus_snapshot of conf.py"
    )
    parser = argparse.ArgumentParser(
        prog="refstatus",
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
    if options.command == "refresh":
        if options.items:
            if options.scope is not Scope.ALL or options.prune:
                parser.error("--new, --open and --prune are about all items: name no KEY with them")
            options.scope = Scope.NAMED
        if options.dry_run and options.summary:
            parser.error("--dry-run writes nothing: leave --summary out")
    return options


def _add_refresh_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "items", nargs="*", type=_item, metavar="KEY", help="ask for these only (or their URLs)"
    )
    which = command.add_mutually_exclusive_group()
    which.set_defaults(scope=Scope.ALL)
    new, still_open = "items without a record only", "only items that are open or have no record"
    for name, scope, text in (("--new", Scope.NEW, new), ("--open", Scope.OPEN, still_open)):
        which.add_argument(
            name, dest="scope", action="store_const", const=scope, help=f"ask for {text}"
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
        "--max-wait",
        type=_whole_number,
        default=_MAX_WAIT,
        metavar="SECONDS",
        help="the longest wait for an answer, or for another command (default: %(default)s)",
    )


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


# The site -----------------------------------------------------------------------------


class Place(NamedTuple):
    """A section that cites an item.

    :param page: path of the page's source file, from the source folder.
    :param title: the section's heading as plain text.
    """

    page: str
    title: str


class Site(NamedTuple):
    """What a command needs of a site.

    :param snapshot: the file, named as short as can be.
    :param cited: the items that its pages cite, as they cite them, sorted; empty if none was read.
    """

    snapshot: Path
    cited: Mapping[Reference, Sequence[Place]]


def _read_site(options: argparse.Namespace, *, pages: bool = True) -> Site:
    """Ask the site's own ``conf.py`` and, if wanted, its pages.

    :raises SiteError: there is no site, or Sphinx cannot read it.
    """
    if options.snapshot is not None:
        if not pages:
            return Site(options.snapshot, {})
        options.define.append(("refstatus_snapshot", os.fspath(options.snapshot.absolute())))
    with open_site(options) as app:
        if pages:
            read_pages(app)
        domain = _domain_of(app)
        return Site(
            _short(Path(app.srcdir, domain.settings.snapshot)), _cited_in(domain) if pages else {}
        )


def _domain_of(app: Sphinx) -> CitationDomain:
    from .domain import CitationDomain

    if CitationDomain.name not in app.registry.domains:
        text = f"{app.confdir}/conf.py does not load the extension sphinx_snapshots.refstatus"
        raise SiteError(text)
    return CitationDomain.of(app.env)


def _cited_in(domain: CitationDomain) -> dict[Reference, list[Place]]:
    domain.find_reading_order()
    cited: dict[Reference, list[Place]] = {}
    for docname in domain.pages():
        page = os.fspath(domain.env.doc2path(docname, base=False))
        for item, places in domain.cited[docname].items():
            titles = [Place(page, place.title) for place in places]
            cited.setdefault(item, []).extend(titles)
    return dict(sorted(cited.items()))


def _short(path: Path) -> Path:
    """``path`` as one would write it in the current folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _read_snapshot(path: Path) -> Snapshot:
    return read(path) if path.exists() else Snapshot.empty()


# refresh ------------------------------------------------------------------------------


def run_refresh(options: argparse.Namespace) -> int:
    """Ask, merge and write after every portion of answers, and tell what changed."""
    try:
        import filelock  # noqa: F401  needed later, and by then something would be lost

        from .refresh.http import Addresses
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        text = f'refresh needs {error.name}: pip install "sphinx-snapshots[refresh]"'
        return _fail(text, _UNUSABLE)
    environ = dict(os.environ)
    try:
        addresses = Addresses.from_environment(environ)
    except ValueError as error:
        return _fail(str(error), _UNUSABLE)
    # From here on only the client of GitHub has a token: no code of the site, and no program.
    with without_tokens():
        if not options.items:
            _tell(f"reading the pages in {options.source.absolute()}")
        site = _read_site(options, pages=not options.items)
        lock = nullcontext() if options.dry_run else locked(site.snapshot, options.max_wait)
        with lock:
            return _refresh(options, site, addresses, environ)


def _refresh(
    options: argparse.Namespace, site: Site, addresses: Addresses, environ: Mapping[str, str]
) -> int:
    from .refresh.ask import Asking
    from .refresh.http import Stopped

    path = site.snapshot
    before = _read_snapshot(path)
    removed = {*records_cited_nowhere(before, site.cited)} if options.prune else set()
    complete = _read_clone(options.git, before)
    scope = options.scope
    progress = Progress(sys.stderr)
    asking = Asking(
        Snapshot(before.header, {k: r for k, r in before.records.items() if k not in removed}),
        options.items or site.cited,
        scope,
        addresses=addresses,
        environ=environ,
        max_wait=options.max_wait,
        progress=progress,
    )

    def merged(*, is_whole: bool) -> Snapshot:
        return merge(
            before,
            asking.found,
            today=datetime.now(UTC).date(),
            is_whole=is_whole,
            removed=removed,
            complete=complete,
        )

    def save() -> None:
        if not options.dry_run:
            try:
                _write(path, merged(is_whole=False))
            except OSError as error:
                raise Stopped(f"{path} cannot be written: {error.strerror}") from error

    asking.run(save)
    progress.finish()
    after = merged(is_whole=scope is Scope.ALL)
    changes = compare(before.records, after.records)
    problem = None
    if options.dry_run:
        _print_difference(path, after)
    else:
        problem = _save(options, path, after, summarize(changes, asking.unanswered, asking.stops))
    day = after.header.refreshed if after.header else None
    end = "nothing was written" if options.dry_run else f"{path} is of {day}"
    _print_outcome(changes, asking, end)
    if problem:
        _tell(problem)
    return _STOPPED if problem or asking.stops or asking.unanswered else _DONE


def _read_clone(folder: Path | None, before: Snapshot) -> Callable[[Record], Record]:
    """What adds the facts of the clone to a record, or nothing without a clone."""
    if folder is None:
        return lambda record: record
    releases = (getattr(record, "first_release", None) for record in before.records.values())
    return read_history(folder, {release for release in releases if release}).complete


def _write(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot, unless the file has the same bytes.

    :raises OSError: no room, no permission; the file is as it was.
    """
    content = _render(snapshot)
    if not path.exists() or path.read_bytes() != content:
        replace_file(path, content)


def _render(snapshot: Snapshot) -> bytes:
    assert snapshot.header is not None
    return render(snapshot.header, snapshot.records)


def _save(options: argparse.Namespace, path: Path, after: Snapshot, summary: str) -> str | None:
    """Write what there is to write; a sentence on what could not be."""
    problem = None
    try:
        _write(path, after)
    except OSError as error:
        problem = f"{path} cannot be written: {error.strerror}. Make room, and run this again"
    if options.summary:
        try:
            replace_file(options.summary, summary.encode())
        except OSError as error:
            problem = problem or f"{options.summary} cannot be written: {error.strerror}"
    return problem


def _print_difference(path: Path, after: Snapshot) -> None:
    old = path.read_bytes().decode().splitlines() if path.exists() else []
    new = _render(after).decode().splitlines()
    for line in difflib.unified_diff(old, new, str(path), str(path), n=0, lineterm=""):
        print(_printable(line))


def _printable(line: str) -> str:
    """``line`` with visible escapes in place of what could disturb a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _print_outcome(changes: Sequence[Change], asking: Asking, end: str) -> None:
    """What changed goes to standard output, all else to the other."""
    count = len(changes)
    changed = f"{count} record{'' if count == 1 else 's'} changed" if count else "no record changed"
    try:
        for change in changes:
            print(change)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads no further knows enough: the file has it all.
        _give_up_closed_outputs()
    finally:
        for line in describe_unanswered(asking.unanswered):
            _tell(line)
        for stop in asking.stops:
            _tell(f"stopped early: {one_line(stop, 500)}")
        _tell(f"{changed}; {end}")


# check and explain --------------------------------------------------------------------


def run_check(options: argparse.Namespace) -> int:
    """List what does not fit."""
    site = _read_site(options)
    snapshot = _read_snapshot(site.snapshot)
    complaints = list(_complain(snapshot, site.cited, options.max_age, datetime.now(UTC).date()))
    for complaint in complaints:
        print(complaint)
    return _FOUND if complaints else _DONE


def _complain(
    snapshot: Snapshot,
    cited: Mapping[Reference, Sequence[Place]],
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
    if max_age is None:
        return
    if snapshot.header is None:
        yield "there is no snapshot; run refresh"
    elif (age := snapshot.header.age(today)) > max_age:
        yield f"the snapshot is {age} days old, more than {max_age}; run refresh"


def run_explain(options: argparse.Namespace) -> int:
    """Print a paragraph on one item."""
    site = _read_site(options)
    for line in _explain(_read_snapshot(site.snapshot), options.item, site.cited):
        print(line)
    return _DONE


def _explain(
    snapshot: Snapshot, item: Reference, cited: Mapping[Reference, Sequence[Place]]
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
