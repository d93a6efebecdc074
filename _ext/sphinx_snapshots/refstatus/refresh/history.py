"""What only a clone knows: the first release that holds a change, and what took the change back."""

from __future__ import annotations

import os
import re
import subprocess
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

import msgspec
from packaging.version import Version

from ..model import COMMIT_PATTERN, REPOSITORY_PATTERN, Reference, one_line
from ..snapshot import CommitRecord, PullRecord, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_RELEASE_TAG = re.compile(r"v?\d{1,3}(?:\.\d{1,3}){1,2}(?:(?:a|b|c|rc)\d{1,3})?", re.ASCII)

# GitHub puts the number of a squashed pull request at the end of the subject; CPython's bots wrote
# GH- for the number sign. An earlier number is that of the pull request that a backport is of.
_PULL_AT_END = re.compile(r"\((?:GH-|#)(?P<number>[1-9][0-9]{0,8})\)\s*$")
_PULL_MERGED = re.compile(r"Merge pull request #(?P<number>[1-9][0-9]{0,8}) from ")
# git's own words.
_REVERT = re.compile(rf"This reverts commit (?P<commit>{COMMIT_PATTERN})\b")

_REMOTE = re.compile(
    rf"(?:https://(?:[^/@]*@)?|ssh://git@|git@)(?:www\.)?github\.com[:/](?P<name>{REPOSITORY_PATTERN})/?"
)
_MAIN_BRANCHES: Final = (
    "refs/remotes/upstream/main",
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/heads/main",
    "HEAD",
)
_CHUNK: Final = 1024 * 1024


class GitError(Exception):
    """The clone cannot be used. The message is for the person who named it."""


def release_of(tag: str) -> Version | None:
    """The release that ``v3.9.0a4``, ``v3.0rc1`` or ``v2.5c1`` names; None for other tags."""
    if not _RELEASE_TAG.fullmatch(tag):
        return None
    version = Version(tag)
    # 3.0 came out as 3.0.0: all others have three numbers.
    pre = "".join(map(str, version.pre or ()))
    return Version(f"{version.major}.{version.minor}.{version.micro}{pre}")


@dataclass
class GitHistory:
    """The commits of a clone, as far as they matter here. Commits go by their number in ``ids``.

    :param repositories: ``owner/name`` in lower case: whose items the clone can speak of.
    :param ids: full commit ids, newest first.
    :param parents: of each commit, the numbers of those parents that the clone has.
    :param pulls: number of a pull request to the commits that merged it.
    :param reverters: full or partial id of a commit to the commits that say that they revert it.
    :param main: the tip of the main branch.
    :param tags: release to the commit that it was made of.
    """

    repositories: frozenset[str]
    ids: list[str] = field(default_factory=list)
    parents: list[list[int]] = field(default_factory=list)
    pulls: dict[int, list[int]] = field(default_factory=dict)
    reverters: dict[str, list[int]] = field(default_factory=dict)
    main: int | None = None
    tags: dict[Version, int] = field(default_factory=dict)

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
            repository = Reference.from_key(record.key).repository
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
        if record.state != "merged":
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
            for release, tip in sorted(self.tags.items())
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


def read_history(folder: Path, known_releases: Collection[str] = ()) -> GitHistory:
    """The history in the clone ``folder``, by one pass over its commits.

    :param known_releases: releases that the clone must know; without their tags a change would
        seem to be in later releases only.
    :raises GitError: this is no clone of a repository on GitHub, or not all of it.
    """
    if [*_git(folder, "rev-parse", "--is-shallow-repository")] != ["false"]:
        remedy = f"git -C {folder} fetch --unshallow --tags"
        raise GitError(f"{folder} has a part of the history only; run: {remedy}")
    urls = (line.split()[1].removesuffix(".git") for line in _git(folder, "remote", "--verbose"))
    history = GitHistory(
        frozenset(match["name"].lower() for url in urls if (match := _REMOTE.fullmatch(url)))
    )
    if not history.repositories:
        raise GitError(f"{folder} has no remote on GitHub: nobody can tell whose items it holds")
    _read_commits(folder, history)
    for name in _MAIN_BRANCHES:
        commit = f"{name}^{{commit}}"
        if found := [*_git(folder, "rev-parse", "--verify", "--quiet", commit, check=False)]:
            history.main = history.numbers.get(found[0])
            break
    pattern = "--format=%(refname:strip=2) %(objectname) %(*objectname)"
    for line in _git(folder, "for-each-ref", pattern, "refs/tags"):
        name, *commits = line.split()
        release = release_of(name)
        if release is not None and commits[-1] in history.numbers:
            history.tags[release] = history.numbers[commits[-1]]
    missing = sorted({*known_releases} - {str(release) for release in history.tags})
    if missing or not history.tags:
        what = f"tag of {missing[0]}" if missing else "release tags"
        raise GitError(f"{folder} has no {what}; run: git -C {folder} fetch --tags")
    return history


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
