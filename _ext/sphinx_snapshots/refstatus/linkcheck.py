"""Sphinx's builder ``linkcheck``, which asks only for what nobody vouches for, and a verdict.

What is asked, Sphinx asks. What it makes of the answers is not taken: see :mod:`.verdicts`.
"""

from __future__ import annotations

import json
import re
import socket
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from sphinx.builders import linkcheck
from sphinx.errors import ExtensionError
from sphinx.util import logging

from ..kit.files import FileError, replace_file
from .domain import CitationDomain
from .linklist import LinkList, read_list
from .links import CollectingBuilder, is_file
from .verdicts import Place, Seen, Word, is_unreachable, judge, make_report, read_rules
from .vouching import VERIFIED, Vouchers
from .warnings import WarningType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sphinx.builders.linkcheck import CheckResult
    from sphinx.environment import BuildEnvironment

    from .verdicts import Report, Rules

_logger: Final = logging.getLogger(__name__)

#: Exit status where nobody could be asked.
_NO_NETWORK: Final = 3
#: Seconds that all hosts together have to accept a connection.
_LONGEST_CONNECT: Final = 10
#: Hosts that are tried: where so many cannot be reached, no other will.
_HOSTS_TRIED: Final = 16
#: Seconds before what may have passed is asked for again.
_PAUSE: Final = 10
#: Seconds between two questions to a host that wants to be asked less often, at least.
_SHORTEST_WAIT: Final = 1


class LinkcheckBuilder(CollectingBuilder):
    """Asks for the links that nobody vouches for, and gives a verdict on all.

    ``output.json`` has Sphinx's fields, and ``verdict``, ``why`` and ``places``; ``summary.md``
    what a person must look at, and ``verdict.txt`` the verdict on all in one word.
    """

    def init(self) -> None:
        super().init()
        self._results: list[CheckResult] = []

    def process_result(self, result: CheckResult) -> None:
        """Keep what the worker saw, if a verdict is to be made of it."""
        if CitationDomain.of(self.env).settings.linkcheck_known:
            super().process_result(result)
        else:
            self._results.append(result)

    def finish(self) -> None:
        """Ask for what has to be asked, and write the verdict on everything."""
        domain = CitationDomain.of(self.env)
        settings = domain.settings
        if settings.linkcheck_known:
            super().finish()
            return
        try:
            rules = read_rules(Path(self.srcdir, path)) if (path := settings.link_rules) else None
            links = read_list(Path(self.srcdir, settings.links)) if settings.links else LinkList()
        except FileError as error:
            raise ExtensionError(str(error)) from error
        names = names_in_inventories(self.env)
        vouchers = Vouchers(domain.snapshot, links, names, settings.hosts)
        # What is neither, such as mailto:, Sphinx does not ask for.
        files = [uri for uri in self.hyperlinks if is_file(uri)]
        uris = [uri for uri in self.hyperlinks if uri.startswith(("http:", "https:"))]
        ignored = [re.compile(pattern) for pattern in self.config.linkcheck_ignore]
        seen: dict[str, Seen] = {}
        for uri in (*files, *uris):
            if uri not in self.uses:
                what = "linkcheck_exclude_documents of conf.py leaves out its pages"
                seen[uri] = Seen("ignored", what)
        self._look_for([uri for uri in files if uri not in seen], seen)
        asked = []
        for uri in uris:
            if uri in seen:
                continue
            answer = vouchers.ask(uri)
            is_ignored = any(pattern.match(uri) for pattern in ignored)
            if answer and not (is_ignored and answer.status != VERIFIED):
                seen[uri] = answer
            elif is_ignored:
                seen[uri] = Seen("ignored")
            else:
                asked.append(uri)
        known = len(uris) - len(asked)
        no_network = self._ask(asked, seen, rules, settings.hosts)
        if no_network:
            no_network = f"{no_network} {known} of {len(uris)} links are known without it."
        report = make_report(
            {uri: seen[uri] for uri in self.hyperlinks if uri in seen},
            self.uses,
            rules,
            today=datetime.now(UTC).date(),
            hosts=settings.hosts,
            asked=0 if no_network else len(asked),
            no_network=no_network,
        )
        self._write(report)
        app = getattr(self, "_app", None) or self.app  # the second is deprecated since Sphinx 9
        codes = {Word.BROKEN: 1, Word.UNKNOWN: _NO_NETWORK if no_network else 0, Word.GOOD: 0}
        app.statuscode = codes[report.word]

    def _look_for(self, files: Collection[str], seen: dict[str, Seen]) -> None:
        """Add whether these files are beside the pages that link to them."""
        self._ask_once(files, seen)
        for uri in files:
            if seen[uri].status == "broken":
                seen[uri] = seen[uri]._replace(words="there is no such file")

    def _ask(
        self,
        asked: Collection[str],
        seen: dict[str, Seen],
        rules: Rules | None,
        hosts: frozenset[str],
    ) -> str:
        """Add what the network says of these addresses; why it says nothing, a sentence."""
        if asked and not _is_reachable(asked):
            seen |= {uri: Seen("not asked", "no network") for uri in asked}
            count = len({urlsplit(uri).netloc for uri in asked})
            return f"No network: none of {count} hosts can be reached, so nothing was asked."
        self._ask_once(asked, seen)
        if asked and all(is_unreachable(seen[uri]) for uri in asked):
            seen |= {uri: Seen("not asked", "no network") for uri in asked}
            return f"No network: no connection was made for any of {len(asked)} links."
        again = [uri for uri in asked if judge(uri, seen[uri], rules, hosts).may_pass]
        if again:
            time.sleep(min(_PAUSE, self.config.linkcheck_rate_limit_timeout))
            self._ask_once(again, seen)
        return ""

    def _ask_once(self, asked: Collection[str], seen: dict[str, Seen]) -> None:
        if not asked:
            return
        every = self.hyperlinks
        self.hyperlinks = {uri: every[uri] for uri in asked}
        self._results = []
        with _capped_waits(self.config.linkcheck_rate_limit_timeout):
            super().finish()
        self.hyperlinks = every
        for result in self._results:
            seen[result.uri] = Seen(str(result.status), result.message, result.code)
        for uri in asked:
            seen.setdefault(uri, Seen("not asked"))

    def _write(self, report: Report) -> None:
        entries, lines = [], []
        for link in report.links:
            word, why, _ = link.verdict
            places = [place._asdict() for place in link.places]
            first = link.places[0] if link.places else Place("", 0)
            entry = {
                "filename": first.page,
                "lineno": first.line,
                "status": link.seen.status,
                "code": link.seen.code,
                "uri": link.uri,
                "info": link.seen.info or link.seen.words,
                "verdict": word,
                "why": why,
                "places": places,
            }
            entries.append(json.dumps(entry) + "\n")
            text = f"[{word}] {link.uri}{': ' if why else ''}{why}"
            lines += [f"{place}: {text}\n" for place in link.places]
            if word is Word.BROKEN:
                for page, line in link.places:
                    source = f"{Path(self.srcdir, page)}:{line or ''}"
                    WarningType.LINK.warn(f"{link.uri}: {why}", source)
        for problem in report.problems:
            WarningType.LINK.warn(problem)
        if report.no_network:
            WarningType.LINK.warn(report.no_network)
        else:
            _logger.info("%s", report.count)
        written = {
            "output.json": "".join(entries),
            "output.txt": "".join(lines),
            "summary.md": report.summary(),
            "verdict.txt": f"{report.word}\n",
        }
        for name, text in written.items():
            replace_file(Path(self.outdir, name), text.encode())


class _PatientWorker(linkcheck.HyperlinkAvailabilityCheckWorker):
    """Waits for a host that limits us, but not for ever.

    Sphinx follows a ``Retry-After`` as often as one is sent (``limit_rate`` up to 9.2).
    """

    #: Seconds that a host may have us wait, and by host until when; both of the run.
    longest: ClassVar[float]
    ends: ClassVar[dict[str, float]]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # What stands on excluded pages alone is not asked for at all.
        self.documents_exclude = []

    def limit_rate(self, response_url: str, retry_after: str | None) -> float | None:
        netloc, now = urlsplit(response_url).netloc, time.time()
        end = self.ends.setdefault(netloc, now + self.longest)
        next_check = super().limit_rate(response_url, retry_after)
        if next_check is None or next_check > end or now >= end:
            # Or else the others of this host wait for what is given up here.
            self.rate_limits.pop(netloc, None)
            return None
        return max(next_check, now + _SHORTEST_WAIT)


@contextmanager
def _capped_waits(longest: float) -> Iterator[None]:
    """Have Sphinx use workers whose waits have an end."""
    original = linkcheck.HyperlinkAvailabilityCheckWorker
    workers = type("Workers", (_PatientWorker,), {"longest": longest, "ends": {}})
    # Its checker offers no other way to say which.
    setattr(linkcheck, original.__name__, workers)
    try:
        yield
    finally:
        setattr(linkcheck, original.__name__, original)


def _is_reachable(uris: Collection[str]) -> bool:
    """Whether at least one of the hosts, or the proxy before it, accepts a connection."""
    proxies = getproxies()
    targets: dict[tuple[str, int], None] = {}
    for uri in uris:
        with suppress(ValueError):  # an address that is none
            parts = urlsplit(uri)
            proxy = None if proxy_bypass(parts.netloc) else proxies.get(parts.scheme)
            end = urlsplit(proxy if "//" in proxy else f"//{proxy}") if proxy else parts
            if end.hostname:
                targets[end.hostname, end.port or (443 if end.scheme == "https" else 80)] = None
    answers: Queue[bool] = Queue()
    tried = list(targets)[:_HOSTS_TRIED]
    for host, port in tried:
        # A daemon: who still waits for the name of a host at the end is left alone.
        Thread(target=_connect, args=(host, port, answers), daemon=True).start()
    end_of_all = time.monotonic() + _LONGEST_CONNECT
    with suppress(Empty):
        for _ in tried:
            if answers.get(timeout=max(0, end_of_all - time.monotonic())):
                return True
        return not tried
    return False


def _connect(host: str, port: int, answers: Queue[bool]) -> None:
    """Tell whether the host accepts a connection."""
    try:
        socket.create_connection((host, port), timeout=_LONGEST_CONNECT / 2).close()
    except (OSError, UnicodeError):  # the second for a name that cannot be one
        answers.put(False)
    else:
        answers.put(True)


def names_in_inventories(env: BuildEnvironment) -> dict[str, str]:
    """Addresses that intersphinx knows, each with its name and inventory; pages among them."""
    found: dict[str, str] = {}
    # Each object is a tuple until Sphinx 8.1.
    inventories: dict[str, dict[str, Any]] = getattr(env, "intersphinx_inventory", {})
    for objects in inventories.values():
        for name, item in objects.items():
            is_new = hasattr(item, "uri")
            project = item.project_name if is_new else item[0]
            version = item.project_version if is_new else item[1]
            uri = item.uri if is_new else item[2]
            words = f"inventory of {project} {version}".rstrip()
            found.setdefault(uri, f"{name}, {words}")
            found.setdefault(uri.partition("#")[0], f"page of {name}, {words}")
    return found
