"""What only a clone knows: the first release that holds a change, and what took the change back."""

from __future__ import annotations

import os
import re
import subprocess
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from packaging.version import InvalidVersion, Version

from ..model import COMMIT_PATTERN, REPOSITORY_PATTERN, Reference, one_line
from ..snapshot import CommitRecord, PullRecord, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from ..linklist import SourceFile

# A word, as in v1.2, release1.2 or v.1.2, and what may be a version.
_VERSION_AT_END = re.compile(r"(?P<word>[A-Za-z]*)\.?(?P<version>[0-9].*)", re.ASCII)
_SEPARATOR = re.compile(r"[-_/@]")
#: What a project writes before the number of a release, besides its own name.
_RELEASE_WORDS: Final = frozenset({"", "v", "r", "rel", "release", "releases", "ver", "version"})

# GitHub puts the number of a squashed pull request at the end of the subject; CPython's bots wrote
# GH- for the number sign. An earlier number is that of the pull request that a backport is of.
_PULL_AT_END = re.compile(r"\((?:GH-|#)(?P<number>[1-9][0-9]{0,8})\)\s*$")
_PULL_MERGED = re.compile(r"Merge pull request #(?P<number>[1-9][0-9]{0,8}) from ")
# git's own words.
_REVERT = re.compile(rf"This reverts commit (?P<commit>{COMMIT_PATTERN})\b")

_REMOTE = re.compile(
    rf"(?:https://(?:[^/@]*@)?|ssh://git@|git@)(?P<host>[^:/]+)[:/](?P<name>{REPOSITORY_PATTERN})/?"
)
#: In the order in which they are looked for.
_MAIN_REMOTES: Final = ("upstream", "origin")
_MAIN_BRANCHES: Final = (
    "refs/remotes/{remote}/HEAD",
    "refs/remotes/{remote}/main",
    "refs/remotes/{remote}/master",
    "refs/heads/main",
    "refs/heads/master",
    "HEAD",
)
_CHUNK: Final = 1024 * 1024


class GitError(Exception):
    """The clone cannot be used. The message is for the person who named it."""


class Release(NamedTuple):
    """What a tag names.

    :param name: whose release it is, as ``pkg`` in ``pkg-v1.2.3``; empty for the project itself.
    """

    name: str
    version: Version


def release_of(tag: str, project: str = "") -> Release | None:
    """The release that a tag names, such as ``v3.9.0a4``, ``2024.10.0`` or ``release-1.2``.

    It is a version of at least two numbers (PEP 440) at the end of the tag. Versions of developers
    (``1.2.dev3``) and local ones are no releases.

    :param project: the name of the repository, without its owner: ``pip-1.2`` is a release of pip.
    :returns: None for any other tag.
    """
    starts = (0, *(match.end() for match in _SEPARATOR.finditer(tag)))
    for start in starts:
        match = _VERSION_AT_END.fullmatch(tag, start)
        if match is None:
            continue
        number = match["version"]
        try:
            version = Version(number if "." in number else number.replace("_", "."))
        except InvalidVersion:
            continue
        if len(version.release) < 2 or version.epoch or version.is_devrelease or version.local:
            return None
        words = (*_SEPARATOR.split(tag[:start].lower()), match["word"].lower())
        name = "-".join(word for word in words if word not in _RELEASE_WORDS)
        return Release("" if name == project.lower() else name, version)
    return None


def _choose_releases(tags: Mapping[str, int], project: str) -> dict[Version, int]:
    """The releases of a project, of the tags that its clone has; both with their commits.

    A repository that holds several packages may have tags of each. Those of the project itself
    count, or else those of the only package; of several nobody can tell which has the change.
    """
    by_name: dict[str, dict[Version, int]] = {}
    for tag, commit in tags.items():
        if release := release_of(tag, project):
            by_name.setdefault(release.name, {})[release.version] = commit
    return by_name.get("") or (next(iter(by_name.values())) if len(by_name) == 1 else {})


@dataclass
class GitHistory:
    """The commits of a clone, as far as they matter here. Commits go by their number in ``ids``.

    :param repositories: ``owner/name`` in lower case: whose commits the clone has. The first is
        the one whose pull requests the commits name; the others are forks.
    :param ids: full commit ids, newest first.
    :param parents: of each commit, the numbers of those parents that the clone has.
    :param pulls: number of a pull request to the commits that merged it.
    :param reverters: full or partial id of a commit to the commits that say that they revert it.
    :param main: the tip of the main branch.
    :param releases: each with the commit that it was made of.
    """

    repositories: tuple[str, ...]
    ids: list[str] = field(default_factory=list)
    parents: list[list[int]] = field(default_factory=list)
    pulls: dict[int, list[int]] = field(default_factory=dict)
    reverters: dict[str, list[int]] = field(default_factory=dict)
    main: int | None = None
    releases: dict[Version, int] = field(default_factory=dict)

    def complete(self, record: Record) -> Record:
        """``record`` with its first release and what reverted it, as the clone has them.

        A record that the clone cannot speak of stays as it is.
        """
        if not isinstance(record, CommitRecord | PullRecord):
            return record
        commit = self._commit_of(record)
        if commit is None:
            return record
        release = self._first_releases.get(commit)
        by, name = self._find_reverter(commit), None
        if by is not None:
            repository = self.repositories[0]
            pull = next((pull for pull, merges in self.pulls.items() if by in merges), None)
            name = f"{repository}#{pull}" if pull else f"{repository}@{self.ids[by]}"
        return msgspec.structs.replace(
            record, first_release=str(release) if release else None, reverted_by=name
        )

    def _commit_of(self, record: CommitRecord | PullRecord) -> int | None:
        reference = Reference.from_key(record.key)
        if reference.repository not in self.repositories:
            return None
        if isinstance(record, CommitRecord):
            return self.numbers.get(reference.commit)
        if record.state != "merged" or reference.repository != self.repositories[0]:
            return None
        merges = self.pulls.get(reference.number, [])
        # The oldest: a later commit may quote the whole subject.
        return min(merges, key=lambda merge: (merge not in self._on_main, -merge), default=None)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Commit id to its number."""
        return {commit: number for number, commit in enumerate(self.ids)}

    @cached_property
    def _on_main(self) -> set[int]:
        """The main branch: what was reverted on another one is still there."""
        return set() if self.main is None else set(self._ancestors(self.main, set()))

    @cached_property
    def _first_releases(self) -> dict[int, Version]:
        """The lowest release that holds each released commit."""
        seen: set[int] = set()
        return {
            commit: release
            for release, tip in sorted(self.releases.items())
            for commit in self._ancestors(tip, seen)
        }

    def _ancestors(self, tip: int, seen: set[int]) -> Iterator[int]:
        """``tip`` and all before it that are not in ``seen``, which grows."""
        waiting = [tip]
        while waiting:
            commit = waiting.pop()
            if commit not in seen:
                seen.add(commit)
                yield commit
                waiting.extend(self.parents[commit])

    @cached_property
    def _reverted(self) -> dict[int, list[int]]:
        """Commit to the commits that revert it."""
        sorted_ids = sorted(self.ids)
        result: dict[int, list[int]] = {}
        for part, reverters in self.reverters.items():
            start = bisect_left(sorted_ids, part)
            fitting = [full for full in sorted_ids[start : start + 2] if full.startswith(part)]
            if len(fitting) == 1:
                result.setdefault(self.numbers[fitting[0]], []).extend(reverters)
        return result

    def _find_reverter(self, commit: int, seen: frozenset[int] = frozenset()) -> int | None:
        """What reverted ``commit`` and was not reverted itself; None where nothing did."""
        seen |= {commit}
        is_on_main = commit in self._on_main
        reverters = [
            reverter
            for reverter in self._reverted.get(commit, [])
            if reverter not in seen
            and (reverter in self._on_main or not is_on_main)
            and self._find_reverter(reverter, seen) is None
        ]
        return max(reverters, default=None)


def read_history(
    folder: Path, records: Iterable[Record] = (), hosts: Collection[str] = ()
) -> GitHistory:
    """The history in the clone ``folder``, by one pass over its commits.

    :param records: of the snapshot so far. The clone must know the releases that they name: without
        their tags a change would seem to be in later releases only.
    :param hosts: what counts as GitHub besides github.com.
    :raises GitError: this is no clone of a repository on GitHub, or not all of it.
    """
    if [*_git(folder, "rev-parse", "--is-shallow-repository")] != ["false"]:
        remedy = f"git -C {folder} fetch --unshallow --tags"
        raise GitError(f"{folder} has a part of the history only; run: {remedy}")
    remotes = _read_remotes(folder, hosts)
    if not remotes:
        raise GitError(f"{folder} has no remote on GitHub: nobody can tell whose items it holds")
    history = GitHistory(tuple(dict.fromkeys(remotes.values())))
    _read_commits(folder, history)
    remote = next(iter(remotes))
    for name in _MAIN_BRANCHES:
        commit = f"{name.format(remote=remote)}^{{commit}}"
        if found := [*_git(folder, "rev-parse", "--verify", "--quiet", commit, check=False)]:
            history.main = history.numbers.get(found[0])
            break
    pattern = "--format=%(refname:strip=2) %(objectname) %(*objectname)"
    lines = (line.split() for line in _git(folder, "for-each-ref", pattern, "refs/tags"))
    tags = {
        name: history.numbers[commits[-1]]
        for name, *commits in lines
        if commits[-1] in history.numbers
    }
    history.releases = _choose_releases(tags, history.repositories[0].rpartition("/")[2])
    known = (
        getattr(record, "first_release", None)
        for record in records
        if Reference.from_key(record.key).repository in history.repositories
    )
    missing = sorted({Version(name) for name in known if name} - history.releases.keys())
    if missing or not any(map(release_of, tags)):
        what = f"tag of {missing[0]}" if missing else "release tags"
        raise GitError(f"{folder} has no {what}; run: git -C {folder} fetch --tags")
    return history


def find_files(
    folder: Path, wanted: Iterable[SourceFile], hosts: Collection[str] = ()
) -> tuple[set[SourceFile], set[SourceFile]]:
    """Those of the files that the clone has at their tags, and those that it has not.

    Files of other repositories than the clone's are in neither.

    :param hosts: what counts as GitHub besides github.com.
    :raises GitError: this is no clone of a repository on GitHub, or it cannot be read.
    """
    repositories = set(_read_remotes(folder, hosts).values())
    by_tag: dict[str, dict[str, SourceFile]] = {}
    for file in wanted:
        if file.repository in repositories:
            by_tag.setdefault(file.ref, {})[file.path] = file
    found: set[SourceFile] = set()
    for tag, files in by_tag.items():
        name = f"refs/tags/{tag}"
        if [*_git(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False)]:
            # Names alone: in a clone without files, to ask for more would fetch them.
            listing = ("ls-tree", "--full-tree", "--name-only", "-z", "--", name, *files)
            found |= {files[path] for path in _git(folder, *listing, end=b"\0") if path in files}
    return found, {file for files in by_tag.values() for file in files.values()} - found


def _read_remotes(folder: Path, hosts: Collection[str]) -> dict[str, str]:
    """The repositories on GitHub that the remotes of a clone are, by remote, the main one first."""
    remotes = {}
    for line in _git(folder, "remote", "--verbose"):
        remote, url = line.split()[:2]
        if match := _REMOTE.fullmatch(url.removesuffix(".git").lower()):
            host, name = match["host"].removeprefix("www."), match["name"]
            if host == "github.com" or host in hosts:
                remotes[remote] = name if host == "github.com" else f"{host}/{name}"
    first = {name: remotes[name] for name in _MAIN_REMOTES if name in remotes}
    return first | remotes


def _read_commits(folder: Path, history: GitHistory) -> None:
    """Fill in everything that the commits on a branch or below a tag tell themselves."""
    command = ["log", "-z", "--topo-order", "--no-show-signature", "--encoding=UTF-8"]
    command += ["--format=%H%n%P%n%B", "--branches", "--remotes", "--tags", "HEAD"]
    parents: list[str] = []
    for number, entry in enumerate(_git(folder, *command, end=b"\0")):
        commit, its_parents, message = entry.split("\n", 2)
        history.ids.append(commit)
        parents.append(its_parents)
        subject = message.partition("\n")[0]
        if match := _PULL_AT_END.search(subject) or _PULL_MERGED.match(subject):
            history.pulls.setdefault(int(match["number"]), []).append(number)
        for match in _REVERT.finditer(message):
            history.reverters.setdefault(match["commit"], []).append(number)
    numbers = history.numbers
    history.parents = [[numbers[p] for p in its.split() if p in numbers] for its in parents]


def _git(folder: Path, *arguments: str, end: bytes = b"\n", check: bool = True) -> Iterator[str]:
    """The lines that a git command prints, or what else it puts ``end`` after or between.

    Its environment holds no token, and names no other repository than ``folder``.

    :raises GitError: it failed, or there is no git.
    """
    unwanted = re.compile("GIT_DIR|GIT_WORK_TREE|.*_TOKEN")
    kept = {name: value for name, value in os.environ.items() if not unwanted.fullmatch(name)}
    # A pipe for the errors could fill up while nobody reads it.
    with TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                ["git", "-C", os.fspath(folder), *arguments],
                env=kept | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from error
        with process:
            assert process.stdout is not None
            rest = b""
            while chunk := process.stdout.read(_CHUNK):
                *entries, rest = (rest + chunk).split(end)
                yield from (entry.decode(errors="replace") for entry in entries)
        if rest:
            yield rest.decode(errors="replace")
        if check and process.returncode != 0:
            errors.seek(0)
            words = one_line(errors.read(_CHUNK).decode(errors="replace"))
            raise GitError(f"git cannot read {folder}: {words}")
