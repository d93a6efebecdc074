"""From references to records by asking GitHub: many at once with a token, with patience without."""

from __future__ import annotations

import re
import subprocess
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec
from requests.utils import parse_header_links

from ..model import ItemKind, Reference
from ..snapshot import BpoRecord, IssueRecord, MissingRecord, MovedRecord, PullRecord
from .graphql import (
    FULL_ID,
    Item,
    Moment,
    RepositoryFacts,
    commit_answers,
    make_query,
    number_answers,
    read_answer,
)
from .http import Failure, HttpClient, Request, RequestError, Stopped, decode, is_below
from .merge import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ..snapshot import Record
    from .http import Addresses, Response
    from .merge import Answers

#: Items in one question. GitHub looks for them one after another and gives up after 10 seconds.
BATCH: Final = 50
_SMALLEST_BATCH: Final = 10
_MOST_MOVES: Final = 4
#: Single items asked without a token, of the 60 requests an hour that GitHub then allows.
_MOST_SINGLES: Final = 40
_PAGE: Final = 100
_MOST_PAGES: Final = 60
#: Seconds that the ``gh`` command may take.
_GH_TIMEOUT: Final = 10.0

_REST: Final = "application/vnd.github+json"
#: The status of an item that was deleted. 404 is for one that never was or is not for this token,
#: and 422 for a commit that is not there.
_DELETED: Final = 410

T = TypeVar("T")


# The token ------------------------------------------------------------------------------


def token_variables(host: str) -> tuple[str, ...]:
    """The variables that may have the token for a host: ``GIT_EXAMPLE_ORG_TOKEN`` and the like.

    :param host: empty for github.com.
    """
    if not host:
        return "GITHUB_TOKEN", "GH_TOKEN"
    return (f"{re.sub('[^A-Z0-9]', '_', host.upper())}_TOKEN",)


def token_from_environment(
    environ: Mapping[str, str], addresses: Addresses, host: str = ""
) -> str | None:
    """The token of one of ``token_variables(host)`` or of the ``gh`` command; None without any.

    :param addresses: where the token will go.
    :raises Stopped: what is there cannot be a token.
    """
    for source in token_variables(host):
        if token := environ.get(source, "").strip():
            break
    else:
        source, token = "the answer of `gh auth token`", _ask_gh(environ, addresses)
    # A header with a line break would be refused with a message that shows it.
    if token and not re.fullmatch(r"[!-~]{1,1000}", token):
        raise Stopped(
            f"{source} cannot be a token: it holds spaces, control characters or other letters "
            "than those of ASCII"
        )
    return token or None


def _ask_gh(environ: Mapping[str, str], addresses: Addresses) -> str:
    """The token that the ``gh`` command keeps for the server that will be asked, or nothing."""
    host, other = (_name_for_gh(address) for address in (addresses.graphql, addresses.rest))
    if host != other:
        return ""  # both would get it, and it is for one of them
    try:
        done = subprocess.run(
            ["gh", "auth", "token", "--hostname", host],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_GH_TIMEOUT,
            check=True,
        )
        return done.stdout.decode("ascii").strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""  # no such command, or no such answer


def _name_for_gh(address: str) -> str:
    """What the ``gh`` command calls the server with this API."""
    host = urlsplit(address).hostname or ""
    # Where GitHub runs the server, the API has a host of its own.
    is_run_by_github = host == "api.github.com" or host.endswith(".ghe.com")
    return host.removeprefix("api.") if is_run_by_github else host


# Items as the REST API writes them -----------------------------------------------------


class _RestPull(msgspec.Struct):
    merged_at: Moment | None = None


class _RestItem(Item):
    """An issue or pull request: the REST API calls both issues.

    :param repository_url: ends with ``/repos/owner/name``.
    :param pull_request: there for a pull request only.
    """

    state: Literal["open", "closed"]
    repository_url: str
    pull_request: _RestPull | None = None

    @property
    def reference(self) -> Reference:
        """Which item it is.

        :raises ValueError: it does not say so in a way that is understood.
        """
        repository = self.repository_url.rpartition("/repos/")[2]
        return Reference.from_key(f"{repository}#{self.number}")

    def record(self, reference: Reference) -> IssueRecord | PullRecord:
        if self.pull_request is None:
            return self.issue_record(reference, self.state)
        return self.pull_record(reference, self.state, self.pull_request.merged_at)


class _RestRepository(msgspec.Struct):
    private: bool


class _RestPerson(msgspec.Struct):
    date: Moment


class _RestGitCommit(msgspec.Struct):
    message: str
    committer: _RestPerson


class _RestCommit(msgspec.Struct):
    sha: str
    commit: _RestGitCommit


# The client ------------------------------------------------------------------------------


class GitHub:
    """Asks GitHub what became of issues, pull requests and commits.

    :param token: None to ask as anybody, which is slow and sees less.
    :param private: private repositories whose titles may be recorded, or ``*`` for all.
    :param max_wait: seconds that may be waited before one answer.
    :param announce: is told of waits, of what cannot be asked, and what an author should know of
        a repository, in one line each.
    """

    def __init__(
        self,
        addresses: Addresses,
        token: str | None,
        *,
        private: Collection[str] = (),
        max_wait: float,
        announce: Callable[[str], None],
    ) -> None:
        self._graphql, self._rest = servers = addresses.graphql, addresses.rest
        self._has_token = bool(token)
        self._private = private
        #: By repository: whether the titles of its items may be recorded.
        self._tells_titles: dict[str, bool] = {}
        self._announce = announce
        self._batch = BATCH
        self._http = HttpClient(
            max_wait=max_wait, announce=announce, token=token, token_for=servers
        )

    def ask(
        self,
        references: Iterable[Reference],
        *,
        known: Collection[str] = (),
        since: date | None = None,
    ) -> Iterator[Answers]:
        """What became of ``references``, in portions. Each is valid whatever comes after it.

        :param references: items on GitHub, none of bugs.python.org.
        :param known: keys whose records were true on the day ``since``. With a token this makes
            no difference. Without one, only what changed since then is asked for these: a key
            that is in no portion has not changed.
        :raises Stopped: GitHub cannot be asked any more.
        """
        wanted = list(dict.fromkeys(references))
        portions = (
            self._ask_in_batches(wanted)
            if self._has_token
            else self._ask_without_token(wanted, known, since)
        )
        for answers in portions:
            yield {key: self._without_secrets(answer) for key, answer in answers.items()}

    def _ask_in_batches(self, references: Iterable[Reference]) -> Iterator[Answers]:
        remaining = iter(references)
        while batch := list(islice(remaining, self._batch)):
            answers: Answers = {}
            try:
                self._ask(batch, answers)
            finally:
                # What was found before a limit or Ctrl-C is as good as the rest.
                yield answers

    def _ask(self, batch: Sequence[Reference], answers: Answers) -> None:
        """Add to ``answers`` what GitHub says of ``batch``, asking for fewer where it must be."""
        groups = [batch]
        while groups:
            group = groups.pop()
            try:
                found = self._http.fetch(
                    Request(self._graphql, make_query(group)), partial(read_answer, group)
                )
                again = found.too_costly
                is_costly = bool(again)
                for name, facts in found.repositories.items():
                    self._learn(name, facts)
                answers |= found.answers
                for reference in found.not_found:
                    answers |= self._look_for(reference)
            except RequestError as error:
                is_costly, again = error.failure is Failure.TOO_COSTLY, [*group]
                if len(group) == 1:
                    again = []
                    answers[str(group[0])] = str(error)
            if is_costly:
                self._batch = max(_SMALLEST_BATCH, self._batch // 2)
            middle = len(again) // 2
            groups += filter(None, (again[:middle], again[middle:]))

    def _ask_without_token(
        self, references: Sequence[Reference], known: Collection[str], since: date | None
    ) -> Iterator[Answers]:
        new = references if since is None else [r for r in references if str(r) not in known]
        self._announce(_explain_the_limits(len(new), since))
        if since is not None:
            # A commit never changes.
            old = {r for r in references if str(r) in known and r.kind is ItemKind.NUMBER}
            for repository in sorted({reference.repository for reference in old}):
                yield from self._ask_for_changes(repository, since, old)
        singles = iter(new[:_MOST_SINGLES])
        while portion := list(islice(singles, _SMALLEST_BATCH)):
            answers: Answers = {}
            try:
                for reference in portion:
                    answers |= self._look_for(reference)
            finally:
                yield answers
        if len(new) > _MOST_SINGLES:
            reason = f"without a token no more than {_MOST_SINGLES} new items are asked at once"
            yield {str(reference): reason for reference in new[_MOST_SINGLES:]}

    def _ask_for_changes(
        self, repository: str, since: date, wanted: Collection[Reference]
    ) -> Iterator[Answers]:
        """Everything of a repository that changed, page after page, as far as it is wanted."""
        query = f"state=all&sort=updated&direction=asc&since={since}T00:00:00Z&per_page={_PAGE}"
        url = f"{self._rest}/repos/{repository}/issues?{query}"
        for _ in range(_MOST_PAGES):
            try:
                page, next_url = self._http.fetch(
                    Request(url, accept=_REST), self._read_page, expected={200, 301, 404}
                )
                changed = {item.reference: item for item in page or ()}
            except (RequestError, ValueError) as error:
                # Without this page there is no way to those after it.
                raise Stopped(self._http.without_token(str(error))) from None
            if page is None:
                reason = f"{repository} has moved or is gone: without a token that is all"
                yield {str(r): reason for r in sorted(wanted) if r.repository == repository}
            yield {str(r): item.record(r) for r, item in changed.items() if r in wanted}
            if next_url is None:
                return
            url = next_url
        raise Stopped(
            f"more than {_MOST_PAGES * _PAGE} items of {repository} have changed since "
            f"{since}: that needs a token"
        )

    def _read_page(self, response: Response) -> tuple[list[_RestItem] | None, str | None]:
        """A page of a list, and the address of the next one; None where there is no list.

        :raises RequestError: it is no such page.
        """
        if response.status != 200:
            decode(response, dict[str, msgspec.Raw])
            return None, None
        items = decode(response, list[_RestItem])
        # Counting pages ends in an error after some of them; only these links lead on.
        for link in parse_header_links(response.headers.get("link", "")):
            if link.get("rel") == "next":
                self._check_target(link["url"], response.host)
                return items, link["url"]
        return items, None

    def _look_for(self, reference: Reference) -> Answers:
        """What the REST API says of one item: it knows of moved and of deleted ones."""
        key, is_commit = str(reference), reference.kind is ItemKind.COMMIT
        kind: type[_RestCommit | _RestItem] = _RestCommit if is_commit else _RestItem
        place = f"commits/{reference.commit}" if is_commit else f"issues/{reference.number}"
        try:
            item, has_moved = self._get(f"/repos/{reference.repository}/{place}", kind)
            if isinstance(item, _RestCommit):
                self._look_at_repository(reference.repository)
                commit = item.commit
                return commit_answers(reference, item.sha, commit.message, commit.committer.date)
            if isinstance(item, _RestItem):
                found = item.reference
                self._look_at_repository(found.repository)
                asked = found if has_moved else reference
                return number_answers(reference, asked, found, item.record(found))
        except RequestError as error:
            return {key: str(error)}
        except ValueError as error:
            return {key: f"GitHub's answer is odd: {error}"}
        if is_commit and len(reference.commit) < FULL_ID:
            reason = "no commit, or more than one, has an id that starts so: write all its digits"
            return {key: reason}
        return {key: MissingRecord(key) if item == _DELETED else NotFound("not found")}

    def _get(self, path: str, kind: type[T]) -> tuple[T | int, bool]:
        """What is at ``path`` of the REST API or where that leads; whether it led elsewhere.

        Where GitHub gives no such thing, the status that says so.

        :raises RequestError: no usable response.
        """

        def read(response: Response) -> T | int | str:
            if response.status == 301:
                target = urljoin(response.url, response.headers.get("location", ""))
                self._check_target(target, response.host)
                return target
            if response.status == 200:
                return decode(response, kind)
            # Not just any page that is not there, but an item: the API says so in JSON.
            decode(response, dict[str, msgspec.Raw])
            return response.status

        url = f"{self._rest}{path}"
        for moves in range(_MOST_MOVES):
            found = self._http.fetch(
                Request(url, accept=_REST), read, expected={200, 301, 404, _DELETED, 422}
            )
            if not isinstance(found, str):
                return found, moves > 0
            url = found
        raise RequestError(Failure.ITEM, "it was moved in a circle")

    def _look_at_repository(self, name: str) -> None:
        """See whether the titles of a repository may be told, which its items do not say here.

        :raises RequestError: no usable response.
        """
        if self._has_token and name not in self._tells_titles:
            found, _ = self._get(f"/repos/{name}", _RestRepository)
            facts = None if isinstance(found, int) else RepositoryFacts(name, found.private)
            self._learn(name, facts)

    def _learn(self, name: str, facts: RepositoryFacts | None) -> None:
        """Keep what GitHub says of the repository ``name``, and tell what its author should know.

        :param facts: None if GitHub knows or shows no such repository.
        """
        if name in self._tells_titles:
            return
        if facts is None:
            self._tells_titles[name] = False
            self._announce(f"{name} is not there, or this token cannot see it")
            return
        names = {name, facts.name.lower()}
        tells = not facts.is_private or not {"*", *names}.isdisjoint(self._private)
        self._tells_titles |= dict.fromkeys(names, tells)
        if facts.name.lower() != name:
            self._announce(f"{name} is called {facts.name} now: write that where you cite it")
        if not tells:
            self._announce(
                f"{facts.name} is private: the titles of its items are not recorded, unless "
                "refstatus_private_repositories in conf.py names it"
            )

    def _without_secrets(self, answer: Record | str) -> Record | str:
        """``answer`` without the token, and without a title that not everybody may read."""
        if isinstance(answer, str):
            hide = self._http.without_token
            return answer if isinstance(answer, NotFound) else hide(answer)
        if not self._has_token or isinstance(answer, BpoRecord):
            return answer  # what anybody may see
        keys = (answer.key, answer.to) if isinstance(answer, MovedRecord) else (answer.key,)
        tells = (self._tells_titles.get(Reference.from_key(key).repository, False) for key in keys)
        return answer if all(tells) else msgspec.structs.replace(answer, title="")

    def _check_target(self, url: str, host: str) -> None:
        """Whether the token may go to ``url``, and an answer from there be believed.

        :raises RequestError: it is not the API that was asked.
        """
        if not is_below(url, self._rest):
            raise RequestError(Failure.ITEM, f"{host} leads to another server (not followed)")


def _explain_the_limits(new: int, since: date | None) -> str:
    changes = f"known ones where they changed since {since}" if since else "nothing else"
    return (
        "there is no token, so GitHub answers 60 requests an hour only: "
        f"{min(new, _MOST_SINGLES)} of {new} new items are asked one by one, and {changes}; "
        "nothing tells which were moved or deleted. Set a token to ask for all"
    )
