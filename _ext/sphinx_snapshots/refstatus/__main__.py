"""Keep the snapshot true, and the pages: ``refstatus refresh``, ``check``, ``explain``, ``lint``.

``refresh`` asks GitHub and bugs.python.org what became of the items that a site cites, ``check``
tells whether the snapshot fits the site, ``explain`` what is known of one item, and ``lint`` which
sentences the snapshot contradicts. Only ``refresh`` uses the network.
"""

from __future__ import annotations

import argparse
import difflib
import os
import signal
import sys
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ..kit.command import SiteError, add_site_options, open_site, read_pages, without_tokens
from ..kit.files import BusyError, FileError, locked, read_bytes, replace_file
from . import log
from .claims import find_problem
from .linklist import (
    FileRecord,
    LinkList,
    files_of,
    parse_file_url,
    parse_pep_url,
    read_list,
    render_list,
)
from .model import Reference, State, one_line
from .refresh.history import GitError, find_files, read_history, release_of
from .refresh.merge import Scope, compare, follow, items_to_ask, merge, records_cited_nowhere, words
from .refresh.report import LONGEST_LINE, describe_unanswered, summarize, tell
from .snapshot import IssueRecord, PullRecord, Snapshot, read, render
from .texts import PAGES
from .urls import is_own_page, make_url, parse_name, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from .domain import CitationDomain
    from .linklist import SourceFile
    from .lint import Quote
    from .refresh.http import Addresses
    from .refresh.merge import Answers, Change
    from .settings import RefstatusSettings
    from .snapshot import Record
    from .verdicts import Place

_DONE, _FOUND, _UNUSABLE, _STOPPED = range(4)

#: Seconds that may be waited before one answer, where nobody says otherwise.
_MAX_WAIT: Final = 900

_ITEM_HELP: Final = "462, gh-462, bpo-40512, owner/name#5, a commit's hash, or an address"

_EXIT_STATUS = """\
exit status: 0 done; 1 check or lint found something; 2 wrong usage, or the site, the snapshot or
the clone cannot be used; 3 stopped early, or an item was not answered: what was found is kept, the
rest named
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status, which ``--help`` explains."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal may know fewer letters than the titles have.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parse(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        with _signals_interrupt():
            status = run(options)
            sys.stdout.flush()
    except (SiteError, FileError, GitError) as error:
        return _fail(str(error), _UNUSABLE)
    except BusyError as error:
        return _fail(f"{error}; nothing was asked", _STOPPED)
    except KeyboardInterrupt:
        return _fail("interrupted", _STOPPED)
    except OSError as error:
        if error.filename is None:
            # What is left of the output would be one more error when Python ends: see "Note on
            # SIGPIPE" in its documentation.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return _STOPPED  # whoever reads the output has seen enough
        return _fail(f"{error.filename or 'the output'}: {error.strerror}", _STOPPED)
    return status


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let a request to end, and a terminal that closes, interrupt as Ctrl-C does.

    A signal that the process was started to ignore, as ``nohup`` has it, stays ignored.
    """
    with ExitStack() as stack:
        # Windows has no SIGHUP.
        for number in {getattr(signal, name, signal.SIGTERM) for name in ("SIGTERM", "SIGHUP")}:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before = signal.signal(number, signal.default_int_handler)
                stack.callback(signal.signal, number, before)
        yield


def _fail(message: str, status: int) -> int:
    tell(message)
    return status


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
    explain.add_argument("items", nargs=1, metavar="ITEM", help=_ITEM_HELP)
    lint = add("lint", run_lint, "list the sentences that the snapshot contradicts")
    lint.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="look at these pages, programs and folders only (default: all pages of the site)",
    )
    lint.add_argument(
        "--format",
        choices=("text", "github"),
        default="text",
        help="lines for a person, or annotations for GitHub Actions (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    if options.command == "refresh":
        if options.items:
            if options.scope is not Scope.ALL or options.prune:
                parser.error("--new, --open and --prune are about all items: name none with them")
            options.scope = Scope.NAMED
        if options.dry_run and options.summary:
            parser.error("--dry-run writes nothing: leave --summary out")
    return options


def _add_refresh_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "items", nargs="*", metavar="ITEM", help=f"ask for these only: {_ITEM_HELP}"
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
        "--believe-missing",
        action="store_true",
        help="record as missing what is not found, also all or most items of a repository",
    )
    command.add_argument(
        "--summary", type=Path, metavar="FILE", help="write what changed there, as Markdown"
    )
    command.add_argument(
        "--git",
        type=Path,
        metavar="DIR",
        help="a clone of a cited repository, which tells first releases and reverts",
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


# The site -----------------------------------------------------------------------------

#: What the pages cite, as they cite it, sorted; empty if none was read. Each place is the path of a
#: page's source file, from the source folder, and the section's heading as plain text.
Cited: TypeAlias = "Mapping[Reference, list[tuple[str, str]]]"


class _Site(NamedTuple):
    """What a command is about.

    :param snapshot: the path of its file, as one would write it here.
    :param items: those that the command line names.
    :param links: the outside addresses that authors wrote, and where; empty if not asked for.
    :param list_path: that of ``refstatus_links``; None where the site has none.
    :param log_path: that of ``refstatus_log``, in the same way.
    """

    snapshot: Path
    settings: RefstatusSettings
    items: list[Reference]
    cited: Cited
    links: Mapping[str, list[Place]]
    list_path: Path | None
    log_path: Path | None = None


def _site_of_names(options: argparse.Namespace) -> _Site | None:
    """What the command line says alone, without ``conf.py``; None if it does not say enough."""
    from .settings import RefstatusSettings

    if options.snapshot is None or not options.items:
        return None
    try:
        # Some say themselves whose they are.
        items = [parse_name(name, "") for name in options.items]
    except ValueError:
        return None
    return _Site(options.snapshot, RefstatusSettings.defaults(), items, {}, {}, None)


@contextmanager
def _open_site(
    options: argparse.Namespace, *, pages: bool = True, links: bool = False
) -> Iterator[tuple[_Site, CitationDomain]]:
    """Ask the site's own ``conf.py`` for its settings and, if wanted, its pages for the items.

    :return: as long as the site is open, its domain can be asked for more.
    :raises SiteError: there is no site, or Sphinx cannot read it, or it does not say whose an item
        is that the command line names.
    """
    if options.snapshot is not None:
        options.define.append(("refstatus_snapshot", os.fspath(options.snapshot.absolute())))
    from .domain import CitationDomain
    from .links import links_as_written

    found: dict[str, list[Place]] = {}
    cited: dict[Reference, list[tuple[str, str]]] = {}
    with open_site(options) as app:
        if CitationDomain.name not in app.registry.domains:
            text = f"{app.confdir}/conf.py does not load the extension sphinx_snapshots.refstatus"
            raise SiteError(text)
        domain = CitationDomain.of(app.env)
        settings = domain.settings
        try:
            names = getattr(options, "items", ())
            items = [parse_name(name, settings.repository) for name in names]
        except ValueError as error:
            raise SiteError(f"{error}, or the address of its page") from error
        if pages:
            # The command itself says what is wrong, and where it belongs.
            domain.warns_of_texts = False
            read_pages(app)
            domain.find_reading_order()
            for docname in domain.pages():
                page = os.fspath(app.env.doc2path(docname, base=False))
                for place, keys in domain.cited[docname].items():
                    for key in keys:
                        cited.setdefault(Reference.from_key(key), []).append((page, place.title))
            if links:
                found = links_as_written(domain)
        path = _shorten(Path(app.srcdir, settings.snapshot))
        list_path = _shorten(Path(app.srcdir, settings.links)) if settings.links else None
        log_path = _shorten(Path(app.srcdir, settings.log)) if settings.log else None
        cited = dict(sorted(cited.items()))
        yield _Site(path, settings, items, cited, found, list_path, log_path), domain


def _shorten(path: Path | str) -> Path:
    """The path of a file as one would write it here."""
    path, here = Path(path), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _read_snapshot(path: Path) -> Snapshot:
    return read(path) if path.exists() else Snapshot.empty()


# refresh ------------------------------------------------------------------------------


def run_refresh(options: argparse.Namespace) -> int:
    """Ask, merge and write after every portion of answers, and tell what changed."""
    found = {"filelock": find_spec("filelock"), "requests": find_spec("requests")}
    for package, spec in found.items():
        if spec is None:
            text = f'refresh needs {package}: pip install "sphinx-snapshots[refresh]"'
            return _fail(text, _UNUSABLE)
    environ = dict(os.environ)
    # From here on only the client of GitHub has a token: no code of the site, and no program.
    with without_tokens():
        if not options.items:
            tell(f"reading the pages in {options.source.absolute()}")
        quotes: list[Quote] = []
        site = _site_of_names(options)
        if site is None:
            with _open_site(options, pages=not options.items, links=True) as (site, domain):
                # Only who reads the summary needs them, and each page is loaded again for it.
                if options.summary and not options.items:
                    from .lint import quotes_of

                    quotes += quotes_of(map(domain.env.get_doctree, domain.pages()))
        try:
            addresses = _addresses(site.settings.github_hosts, environ)
        except ValueError as error:
            return _fail(str(error), _UNUSABLE)
        for name, item in zip(options.items, site.items, strict=True):
            if name != str(item):
                tell(f"{name} is {item}")
        with nullcontext() if options.dry_run else locked(site.snapshot, options.max_wait):
            return _refresh(options, site, addresses, environ, quotes)


def _addresses(
    hosts: Iterable[tuple[str, str]], environ: Mapping[str, str]
) -> dict[str, Addresses]:
    """Where to ask: under an empty name the usual addresses, and those of each further host.

    :raises ValueError: one cannot be used, or two hosts would get the same token.
    """
    from .refresh.github import token_variables
    from .refresh.http import Addresses

    addresses = {"": Addresses.from_environment(environ)}
    names: dict[tuple[str, ...], str] = {}
    for host, api in hosts:
        addresses[host] = Addresses.of_host(host, api)
        other = names.setdefault(token_variables(host), host)
        if other != host:
            raise ValueError(
                f"refstatus_github_hosts: {other} and {host} would have the same variable for "
                f"their tokens, {token_variables(host)[0]}"
            )
    return addresses


def _refresh(
    options: argparse.Namespace,
    site: _Site,
    addresses: Mapping[str, Addresses],
    environ: Mapping[str, str],
    quotes: Iterable[Quote],
) -> int:
    from .refresh.ask import ask

    path, settings, items, cited, _, _, log_path = site
    before = _read_snapshot(path)
    removed = {*records_cited_nowhere(before, cited)} if options.prune else set()
    kept = {key: record for key, record in before.records.items() if key not in removed}
    complete = _read_clone(options.git, before, settings.hosts)

    def merged(answers: Answers, *, is_whole: bool) -> tuple[Snapshot, bytes]:
        """The snapshot with the answers, and the bytes of its file."""
        today = datetime.now(UTC).date()
        after = merge(
            before, answers, today=today, is_whole=is_whole, removed=removed, complete=complete
        )
        assert after.header is not None
        return after, render(after.header, after.records)

    def save(answers: Answers) -> str | None:
        return None if options.dry_run else _write(path, merged(answers, is_whole=False)[1])

    answers, stops = ask(
        Snapshot(before.header, kept),
        items or cited,
        options.scope,
        addresses=addresses,
        environ=environ,
        private=settings.private_repositories,
        max_wait=options.max_wait,
        believe_missing=options.believe_missing,
        save=save,
    )
    unanswered = {key: answer for key, answer in answers.items() if isinstance(answer, str)}
    after, content = merged(answers, is_whole=options.scope is Scope.ALL)
    changes = compare(before.records, after.records)
    problems = []
    if options.dry_run:
        end = "nothing was written"
        _print_difference(path, content)
    else:
        end = f"{path} is of {after.header.refreshed if after.header else None}"
        if problem := _write(path, content):
            problems.append(f"{problem}. Make room, and run this again")
        elif log_path and (problem := _note(log_path, changes, datetime.now(UTC).date())):
            problems.append(problem)
    if options.summary:
        summary = summarize(changes, unanswered, stops, _quote(after, quotes)).encode()
        if problem := _write(options.summary, summary):
            problems.append(problem)
    problems += _refresh_list(options, site, addresses[""].peps)
    try:
        for change in changes:
            print(change)
    finally:
        for line in describe_unanswered(unanswered):
            tell(line)
        for stop in stops:
            tell(f"stopped early: {one_line(stop, LONGEST_LINE)}")
        count = len(changes) or "no"
        tell(f"{count} record{'' if len(changes) < 2 else 's'} changed; {end}")
        for problem in problems:
            tell(problem)
    return _STOPPED if unanswered or stops or problems else _DONE


def _refresh_list(options: argparse.Namespace, site: _Site, peps: str) -> list[str]:
    """Bring the list of files and PEPs up to date; what it could not be told, a sentence each.

    PEPs are asked for with all items, or where one is cited that is not listed. Files are looked
    for in the clone, those only that nobody has seen with git: at a tag they do not change.
    """
    from .refresh.http import RequestError, Stopped
    from .refresh.python_org import ask_peps

    if site.list_path is None or options.items:
        return []
    before = read_list(site.list_path)
    today, hosts = datetime.now(UTC).date(), site.settings.hosts
    problems = []
    numbers, numbers_as_of = before.peps, before.peps_as_of
    cited_peps = {number for url in site.links if (number := parse_pep_url(url)) is not None}
    if cited_peps and (options.scope is Scope.ALL or not cited_peps <= numbers):
        try:
            asked = ask_peps(peps, max_wait=options.max_wait, announce=tell)
        except (RequestError, Stopped) as error:
            problems.append(f"the list of PEPs stays as it is: {error}")
        else:
            # The day stays while nothing else changes, as in the snapshot.
            numbers_as_of = numbers_as_of if asked == numbers else today
            numbers = asked
    cited_files = files_of(site.links, hosts)
    files = dict(before.files)
    if options.prune:
        files = {file: record for file, record in files.items() if file in cited_files}
    if options.git:
        seen = {file for file, record in files.items() if record.checked and not record.by}
        found, missing = find_files(options.git, sorted(cited_files - seen), hosts)
        files |= {file: FileRecord(*file, checked=today) for file in found}
        for file in sorted(missing):
            files.pop(file, None)
            problems.append(f"the clone has no {file}; {_cited_in(site, file)}")
    content = render_list(LinkList(numbers, numbers_as_of, files))
    if options.dry_run:
        _print_difference(site.list_path, content)
    elif problem := _write(site.list_path, content):
        problems.append(problem)
    return problems


def _cited_in(site: _Site, file: SourceFile) -> str:
    """Where a file is cited, in words."""
    links, hosts = site.links.items(), site.settings.hosts
    places = {place for url, all_ in links if parse_file_url(url, hosts) == file for place in all_}
    return f"cited in {', '.join(map(str, sorted(places)))}"


def _quote(snapshot: Snapshot, quotes: Iterable[Quote]) -> dict[str, list[tuple[str, str]]]:
    """By key: place and words of the sentences that cite an item, under whatever name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for quote in quotes:
        place = f"{_shorten(quote.source)}:{quote.line}"
        for item, _ in follow(snapshot, Reference.from_key(quote.item)):
            found.setdefault(str(item), []).append((place, quote.sentence))
    return found


def _read_clone(
    folder: Path | None, before: Snapshot, hosts: Collection[str]
) -> Callable[[Record], Record]:
    """What adds the facts of the clone to a record, or nothing without a clone."""
    if folder is None:
        return lambda record: record
    return read_history(folder, before.records.values(), hosts).complete


def _note(path: Path, changes: Iterable[Change], today: date) -> str | None:
    """Add what became of items to the log; why it could not be done, if so.

    An item that pages cite since lately, or no more, is no news of the tracker.
    """
    news = [
        log.Entry(today, change.key, change.what)
        for change in changes
        if not change.what.startswith(("new, ", "removed"))
    ]
    if not news:
        return None
    try:
        known = read_bytes(path) if path.exists() else b""
    except FileError as error:
        return str(error)
    return _write(path, known + log.render(news))


def _write(path: Path, content: bytes) -> str | None:
    """Replace a file; why it could not be: then it is as it was."""
    try:
        replace_file(path, content)
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}"
    return None


def _print_difference(path: Path, content: bytes) -> None:
    """Print what would change, with escapes in place of what could disturb a terminal."""
    old = path.read_bytes().decode().splitlines() if path.exists() else []
    new = content.decode().splitlines()
    for line in difflib.unified_diff(old, new, str(path), str(path), n=0, lineterm=""):
        print("".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line))


# check and explain --------------------------------------------------------------------


def run_check(options: argparse.Namespace) -> int:
    """List what does not fit."""
    with _open_site(options, links=True) as (site, domain):
        overtaken = [
            f"{_shorten(written.source)}:{written.line}: {message}"
            for written, message in domain.overtaken(domain.pages())
        ]
    path, settings, _, cited, links, list_path, _ = site
    if not path.exists() and (cited or options.snapshot):
        print(f"there is no {path}; run refresh")
        return _FOUND
    snapshot = _read_snapshot(path)
    pages: dict[Reference, dict[str, None]] = {}
    for reference, places in cited.items():
        for item, _ in follow(snapshot, reference):
            pages.setdefault(item, {}).update((page, None) for page, _ in places)
    complaints = [
        f"{item} has no record; cited in {', '.join(pages[item])}; run refresh --new"
        for item in items_to_ask(snapshot, cited, Scope.NEW)
    ]
    for key in records_cited_nowhere(snapshot, cited):
        complaints.append(f"{key} is cited nowhere; refresh --prune removes its record")
    complaints += _complain_of_kinds(links, snapshot, settings.hosts)
    if list_path is not None:
        complaints += _complain_of_list(site, list_path, read_list(list_path))
    if (limit := options.max_age) is not None and snapshot.header:
        age = snapshot.header.age(datetime.now(UTC).date())
        if age > limit:
            complaints.append(f"the snapshot is {age} days old, more than {limit}; run refresh")
    complaints += overtaken
    for complaint in complaints:
        print(complaint)
    return _FOUND if complaints else _DONE


def _complain_of_kinds(
    links: Mapping[str, list[Place]], snapshot: Snapshot, hosts: frozenset[str]
) -> Iterator[str]:
    """Links that call an issue a pull request, or the other way round: GitHub redirects them."""
    for url, places in links.items():
        link = parse_url(url, hosts)
        if link is None or not is_own_page(url, link):
            continue
        item, fragment = link
        record = snapshot.find(item)
        if not isinstance(record, IssueRecord | PullRecord):
            continue
        is_pull = isinstance(record, PullRecord)
        if ("/pull/" in url.lower()) != is_pull:
            kind = "a pull request" if is_pull else "an issue"
            right = make_url(item, fragment, is_pull=is_pull)
            where = ", ".join(map(str, places))
            yield f"{url} is {kind}; write {right}; cited in {where}"


def _complain_of_list(site: _Site, path: Path, listed: LinkList) -> Iterator[str]:
    """Files and PEPs that are not listed, links to what is no release, and files cited nowhere."""
    home = site.settings.repository
    cited = files_of(site.links, site.settings.hosts)
    for file in sorted(cited - listed.files.keys()):
        if file.repository != home:
            continue  # anybody's branch may be cited; linkcheck asks for it
        where = _cited_in(site, file)
        if release_of(file.ref, home.rpartition("/")[2]) is None:
            yield f"{file} is at no release tag; {where}"
        else:
            yield f"{file} is not in {path}; {where}; run refresh --git"
    for url, places in site.links.items():
        number = parse_pep_url(url)
        if number is not None and number not in listed.peps:
            where = ", ".join(map(str, places))
            yield f"PEP {number} is not in {path}; cited in {where}; run refresh"
    for file in sorted(listed.files.keys() - cited):
        yield f"{file} is cited nowhere; refresh --prune removes its line"


def run_explain(options: argparse.Namespace) -> int:
    """Print a paragraph on one item."""
    tell(f"reading the pages in {options.source.absolute()}")
    with _open_site(options) as (site, _):
        path, _, [item], cited, *_ = site
    snapshot = _read_snapshot(path)
    for reference, record in follow(snapshot, item):
        print(f"{reference}: {words(record) if record else 'no record'}")
    status = snapshot.status(item)
    names = [name for name in cited if snapshot.status(name).reference == status.reference]
    places = dict.fromkeys(place for name in names for place in cited[name])
    facts: list[tuple[str, object]] = [
        ("title", one_line(status.title) if status.title else None),
        ("opened", status.opened),
        ("closed", status.closed),
        ("first release", status.first_release),
        ("reverted by", status.reverted_by),
        ("as of", status.as_of if status.state is not State.UNKNOWN else None),
        ("page", make_url(status.reference, is_pull=bool(status.is_pull))),
        *(("cited as", name) for name in names),
        *(("cited in", f"{page}, {one_line(title)}") for page, title in places),
        ("cited in", None if names else "no page"),
    ]
    for name, value in facts:
        if value is not None:
            print(f"    {name:15}{value}")
    return _DONE


# lint ---------------------------------------------------------------------------------


def run_lint(options: argparse.Namespace) -> int:
    """List the sentences that the snapshot contradicts."""
    from . import lint

    try:
        files = lint.find_files(options.paths)
    except FileNotFoundError as error:
        return _fail(str(error), _UNUSABLE)
    if not options.paths:
        tell(f"reading the pages in {options.source.absolute()}")
    has_pages = files is None or any(path.suffix in PAGES for path in files)
    with _open_site(options, pages=has_pages) as (site, domain):
        found = list(lint.claims_of_site(domain, files))
    snapshot, home = _read_snapshot(site.snapshot), site.settings.repository
    is_found = False
    for source, claim in found:
        problem = find_problem(claim, snapshot.status_of, home)
        if problem:
            is_found = True
            print(lint.show(str(_shorten(source)), claim.line, problem, options.format))
    return _FOUND if is_found else _DONE


if __name__ == "__main__":
    sys.exit(main())
