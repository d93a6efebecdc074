"""Whatever goes wrong on the way of an answer: what the user is told, and that nothing is lost.

The command runs in this process, against a local server, and its waits take no time. What the
client does about each fault, to the second, is in ``test_refstatus_transport.py`` and
``test_refstatus_github.py``.
"""

from __future__ import annotations

import os
import pkgutil
import signal
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from errno import ENOSPC
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeAlias

import pytest
from patience import be_impatient
from sphinx_snapshots.refstatus.__main__ import main
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.refresh.bpo import Bpo
from sphinx_snapshots.refstatus.refresh.github import GitHub
from sphinx_snapshots.refstatus.refresh.inventory import bring_up_to_date
from sphinx_snapshots.refstatus.refresh.merge import SOURCE
from sphinx_snapshots.refstatus.snapshot import Header, IssueRecord, read, render
from stand_in import Issue, StandIn, World, faults
from stand_in.world import make_inventory

WING = "sphinx_snapshots.refstatus.refresh"

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from stand_in.server import Exchange

    Fault: TypeAlias = Callable[[Exchange], None]

#: Two questions' worth of items: 50 in the first one.
KEYS = [f"python/cpython#{number}" for number in range(1001, 1061)]
OLD = {key: IssueRecord(key, "open", title="Old", opened=date(2020, 5, 5)) for key in KEYS}
FIRST, REST = KEYS[:50], KEYS[50:]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SILENCES = {faults.no_answer, faults.drip, faults.drip_of_headers}


class Done(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


class Command:
    """A snapshot of items that have all got new titles since, and a refresh of it."""

    def __init__(
        self,
        folder: Path,
        server: StandIn,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.server = server
        self.snapshot = folder / "_data" / "references.jsonl"
        self.inventory = folder / "_data" / "python.inv"
        self.folder = folder
        self._capsys = capsys
        self._silences = range(0)
        self.snapshot.parent.mkdir()
        day = datetime.now(UTC).date() - timedelta(days=30)
        self.snapshot.write_bytes(render(Header(1, day, SOURCE), OLD))
        numbers = (Reference.from_key(key).number for key in KEYS)
        server.world.repository("python/cpython").add(*(Issue(n, "New") for n in numbers))
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)

        def make_client(*arguments: object, **options: object) -> GitHub:
            client = partial(GitHub, sleep=server.sleep)(*arguments, **options)  # type: ignore[arg-type]  # handed on
            be_impatient(client._transport, self._silences)
            return client

        monkeypatch.setattr(f"{WING}.asking.GitHub", make_client)
        monkeypatch.setattr(f"{WING}.asking.Bpo", partial(Bpo, sleep=server.sleep))
        monkeypatch.setattr(
            f"{WING}.inventory.bring_up_to_date",
            partial(bring_up_to_date, sleep=server.sleep),
        )

    def run(self, arguments: Sequence[str] = KEYS) -> Done:
        """A refresh of the items above."""
        status = main(["refresh", "--source", str(self.folder), *arguments])
        return Done(status, *self._capsys.readouterr())

    def answer_once_then(self, *then: Fault, for_ever: bool) -> None:
        """Answer the first question as it should be, and spoil those after it."""

        def answer_last(exchange: Exchange) -> None:
            if for_ever:
                self.server.always_fail("graphql", then[0])
            else:
                self.server.fail("graphql", *then)
            exchange.server_of.answer(exchange, exchange.recorded)

        self.server.fail("graphql", answer_last)
        if SILENCES & {*then}:
            self._silences = range(1, sys.maxsize if for_ever else 1 + len(then))

    def found(self) -> list[str]:
        """The keys of the records that are new. All others are as they were."""
        records = read(self.snapshot).records
        assert list(records) == KEYS
        found = [key for key, record in records.items() if getattr(record, "title", "") == "New"]
        assert {key: records[key] for key in KEYS if key not in found} == {
            key: OLD[key] for key in KEYS if key not in found
        }
        return found

    def assert_tidy(self) -> None:
        """See that only the snapshot, the inventory and a lock lie in the folder of data."""
        names = {path.name for path in self.snapshot.parent.iterdir()}
        assert names <= {"references.jsonl", "python.inv", ".references.jsonl.lock"}


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    # Whoever runs the tests may have told them to ignore a signal.
    before = {number: signal.signal(number, lambda *_: None) for number in SIGNALS}
    with StandIn(World()) as server:
        yield Command(tmp_path, server, monkeypatch, capsys)
    for number, handler in before.items():
        signal.signal(number, handler)


# Faults that stay ---------------------------------------------------------------------

FAR = "; to wait for 50 min is longer than allowed (15 min for one answer): run again later"
USED_UP = "the hourly limit of {host} is used up"
TOO_FAST = "{host} asks to slow down"
SILENT = "{host} did not answer within 1 s"
BROKEN = "{host} sent an answer that is broken (ProtocolError)"
IN_VAIN = "12 questions in a row were not answered; the last one: "
REDIRECT = "a redirect to {to} (not followed)"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.bad_token, "{host} refused the token (401: Bad credentials): is it expired, or"),
        (faults.forbidden, IN_VAIN + "{host} does not allow it (403: Resource protected by"),
        (faults.primary_limit(200, 3_000), USED_UP + FAR),
        (faults.primary_limit(403, 3_000), USED_UP + FAR),
        (faults.primary_limit(429, 3_000), USED_UP + FAR),
        (faults.secondary_limit(200, None, 9_999), TOO_FAST),
        (faults.secondary_limit(403, None, 9_999), TOO_FAST),
        (faults.secondary_limit(429, None, 9_999), TOO_FAST),
        (faults.secondary_limit(200, "3000", 3_000), TOO_FAST + FAR),
        (faults.secondary_limit(403, "3000", 3_000), TOO_FAST + FAR),
        (faults.secondary_limit(429, "3000", 3_000), TOO_FAST + FAR),
        (faults.html(500), IN_VAIN + "{host} answered 500"),
        (faults.html(502), IN_VAIN + "{host} answered 502"),
        (faults.gateway_timeout, IN_VAIN + "{host} answered 504"),
        (faults.no_answer, SILENT),
        (faults.drip, SILENT),
        (faults.drip_of_headers, SILENT),
        (faults.truncated, BROKEN),
        (faults.truncated_chunks, BROKEN),
        (faults.reset, "{host} cannot be reached (Connection reset by peer)"),
        (faults.json_text(b'{"data": nul'), "{host} answered what cannot be read (Input data was"),
        (faults.html(200), "{host} answered text/html instead of JSON"),
        (faults.wrong_type, "{host} answered text/plain instead of JSON"),
        (faults.something_went_wrong, IN_VAIN + "{host} answered: Something went wrong while"),
        (faults.too_costly, IN_VAIN + "{host} found the question too costly (This query"),
        (faults.refused_query, "{host} refused the query: Cannot query field 'heading'"),
        (faults.redirect(307, "https://example.org/"), "{host} answered 307, " + REDIRECT),
        (faults.redirect(302, "https://example.org/"), "{host} answered 302, " + REDIRECT),
        (faults.redirect(302, "/graphql"), "{host} answered 302, a redirect to nowhere (not"),
        (faults.huge, "{host} answered more than 16 MiB"),
        (faults.gzip_bomb, "{host} answered more than 16 MiB"),
    ],
)
def test_a_fault_that_stays_ends_it_with_what_was_found(
    command: Command, fault: Fault, words: str
) -> None:
    command.answer_once_then(fault, for_ever=True)
    done = command.run()
    assert done.status == 3
    assert command.found() == FIRST
    assert [line.partition(":")[0] for line in done.out.splitlines()] == FIRST
    (stop,) = (line for line in done.err.splitlines() if line.startswith("stopped early: "))
    host = command.server.address.removeprefix("http://")
    assert words.format(host=host, to="example.org") in stop
    assert all(key in done.err for key in REST)
    assert not any(key in done.err for key in FIRST)
    assert f"50 records changed; {command.snapshot} is of " in done.err
    assert command.server.world.token not in done.out + done.err
    command.assert_tidy()


@pytest.mark.parametrize(
    ("fault", "missed", "words"),
    [
        (faults.other_item, REST, "(GitHub's answer is odd: it is about "),
        (faults.partial_data, REST[::2], "5 not answered (GitHub answered: Something went wrong):"),
        (faults.poison(1055), KEYS[54:55], "1 not answered ({host} answered 502):"),
    ],
)
def test_items_without_an_answer_keep_their_records_and_the_rest_is_new(
    command: Command, fault: Fault, missed: list[str], words: str
) -> None:
    command.answer_once_then(fault, for_ever=True)
    done = command.run()
    assert done.status == 3
    assert command.found() == [key for key in KEYS if key not in missed]
    assert words.format(host=command.server.address.removeprefix("http://")) in done.err
    assert [key for key in KEYS if key in done.err.split()] == missed
    assert "stopped early" not in done.err
    command.assert_tidy()


# Faults that pass ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passing", "words"),
    [
        ([faults.primary_limit(200, 30)], USED_UP + "; waiting "),
        ([faults.primary_limit(403, 30)], USED_UP + "; waiting "),
        ([faults.primary_limit(429, 30)], USED_UP + "; waiting "),
        ([faults.secondary_limit(200, "5", 5)], TOO_FAST + "; waiting 5 s"),
        ([faults.secondary_limit(403, "5", 5)], TOO_FAST + "; waiting 5 s"),
        ([faults.secondary_limit(429, "5", 5)], TOO_FAST + "; waiting 5 s"),
        ([faults.secondary_limit(403, None, 60)], TOO_FAST + "; waiting 60 s"),
        ([faults.html(500)] * 3, "{host} answered 500; waiting 4 s"),
        # Asked in two halves then.
        ([faults.html(502)] * 2, "{host} answered 502; waiting 1 s"),
        ([faults.gateway_timeout] * 2, "{host} answered 504; waiting 1 s"),
        ([faults.something_went_wrong] * 2, "{host} answered: Something went wrong while"),
        ([faults.no_answer], SILENT + "; waiting 1 s"),
        ([faults.drip], SILENT + "; waiting 1 s"),
        ([faults.truncated, faults.truncated_chunks], BROKEN + "; waiting 2 s"),
        ([faults.reset], "{host} cannot be reached (Connection reset by peer); waiting 1 s"),
        ([faults.json_text(b'{"da')], "{host} answered what cannot be read ("),
        ([faults.html(200)], "{host} answered text/html instead of JSON; waiting 1 s"),
        ([faults.wrong_type], "{host} answered text/plain instead of JSON; waiting 1 s"),
    ],
)
def test_a_fault_that_passes_is_told_and_costs_nothing(
    command: Command, passing: list[Fault], words: str
) -> None:
    command.answer_once_then(*passing, for_ever=False)
    done = command.run()
    assert words.format(host=command.server.address.removeprefix("http://")) in done.err
    assert done.status == 0
    assert command.found() == KEYS
    command.assert_tidy()


# Signals at the worst moments ---------------------------------------------------------


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize(
    "place",
    [
        # An answer is there and not understood yet,
        "sphinx_snapshots.refstatus.refresh.graphql._read_item",
        "sphinx_snapshots.refstatus.refresh.transport.Transport.ask",
        # or is being kept.
        "sphinx_snapshots.refstatus.refresh.merge._find_problem",
        "sphinx_snapshots.refstatus.refresh.merge.Round.add",
        "sphinx_snapshots.refstatus.refresh.progress.Progress.count",
    ],
)
def test_a_signal_between_two_questions_costs_no_answer(
    command: Command, monkeypatch: pytest.MonkeyPatch, place: str, number: signal.Signals
) -> None:
    raise_once_at(monkeypatch, place, number)
    done = command.run()
    assert done.status == 3
    assert command.found() == FIRST
    assert f"stopped early: interrupted by {number.name}\n" in done.err
    assert [key for key in KEYS if key in done.err.split()] == REST
    command.assert_tidy()


def test_a_signal_at_the_moment_of_another_stop_costs_no_answer(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.server.world.points = 1
    raise_once_at(monkeypatch, f"{WING}.asking.Asking._stop", signal.SIGTERM)
    done = command.run()
    assert done.status == 3
    assert command.found() == FIRST
    (stop,) = (line for line in done.err.splitlines() if line.startswith("stopped early: "))
    assert "is used up" in stop


@pytest.mark.parametrize(
    "place",
    [
        "sphinx_snapshots.refstatus.__main__.merge",
        "sphinx_snapshots.refstatus.__main__.replace_file",
    ],
)
def test_a_signal_when_everything_is_answered_comes_too_late(
    command: Command, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    raise_once_at(monkeypatch, place, signal.SIGTERM)
    assert command.run().status == 0
    assert command.found() == KEYS


def raise_once_at(monkeypatch: pytest.MonkeyPatch, place: str, number: signal.Signals) -> None:
    """Raise a signal when the function at ``place`` has done its work for the first time."""
    name, _, attribute = place.rpartition(".")
    owner = pkgutil.resolve_name(name)
    function = getattr(owner, attribute)
    signals = iter([number])

    def call(*arguments: object, **options: object) -> object:
        result = function(*arguments, **options)
        for number in signals:
            signal.raise_signal(number)
        return result

    monkeypatch.setattr(owner, attribute, call)


# The inventory, which comes last --------------------------------------------------------


@pytest.fixture
def whole(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command that asks for everything, without a site to read, and has an old inventory."""
    cited: dict[Reference, tuple[()]] = dict.fromkeys(map(Reference.from_key, KEYS), ())
    monkeypatch.setattr("sphinx_snapshots.refstatus.__main__.find_cited", lambda *_: cited)
    command.inventory.write_bytes(make_inventory(99))
    return command


def test_without_room_for_temporary_files_nothing_is_lost(
    whole: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(ENOSPC, "No space left on device", "somewhere")

    monkeypatch.setattr(tempfile, "mkdtemp", fail)
    done = whole.run([])
    assert (done.status, len(done.out.splitlines())) == (0, 61)
    assert whole.found() == KEYS
    assert whole.inventory.read_bytes() == whole.server.world.inventory


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_an_inventory_that_cannot_be_read_costs_no_answer(
    whole: Command, arguments: list[str]
) -> None:
    folder = whole.snapshot.parent
    done = whole.run([*arguments, "--inventory", str(folder)])
    assert done.status == 3
    assert f"stopped early: {folder} stays as it is: Is a directory\n" in done.err
    assert "60 records changed; " in done.err
    assert whole.found() == ([] if arguments else KEYS)


def test_a_dry_run_makes_no_inventory(whole: Command) -> None:
    path = whole.folder / "new.inv"
    done = whole.run(["--dry-run", "--inventory", str(path)])
    assert done.status == 0
    assert f"{path}: the names in docs.python.org\n" in done.out
    assert not path.exists()
    assert whole.found() == []


def test_an_inventory_that_does_not_come_costs_no_answer(whole: Command) -> None:
    whole.server.always_fail("docs", faults.html(200))
    done = whole.run([])
    assert done.status == 3
    assert f"stopped early: {whole.inventory} stays as it is: " in done.err
    assert whole.found() == KEYS
    assert whole.inventory.read_bytes() == make_inventory(99)


def test_a_signal_while_the_inventory_is_waited_for_costs_no_answer(
    whole: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(exchange: Exchange) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        faults.no_answer(exchange)

    whole.server.always_fail("docs", interrupt)
    done = whole.run([])
    assert done.status == 3
    assert "stopped early: interrupted by SIGTERM\n" in done.err
    assert whole.found() == KEYS
    assert whole.inventory.read_bytes() == make_inventory(99)
