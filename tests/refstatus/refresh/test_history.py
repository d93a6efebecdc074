"""First releases and reverts, told by a clone: small repositories made with git itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from sphinx_snapshots.refstatus.refresh.history import GitError, read_history, release_of
from sphinx_snapshots.refstatus.snapshot import CommitRecord, IssueRecord, PullRecord, Record


class Clone:
    """A clone of CPython, which starts with one commit and one tag."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("remote", "add", "origin", "git@github.com:Python/CPython.git")
        self.first = self.commit("Start")
        self.git("tag", "v3.8.0")

    def git(self, *arguments: str) -> str:
        options = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(self.folder))
        done = subprocess.run(
            ["git", *options, *arguments],
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        """Make a commit on the current branch; its id."""
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        self.git("switch", "--quiet", "--create", name)

    def complete(self, record: Record, releases: Sequence[str] = ()) -> Record:
        return read_history(self.folder, releases).complete(record)

    def facts(self, key: str) -> tuple[str | None, str | None]:
        """First release and what reverted a commit or a merged pull request."""
        record: CommitRecord | PullRecord = CommitRecord(key)
        if "#" in key:
            record = PullRecord(key, state="merged")
        found = self.complete(record)
        assert isinstance(found, CommitRecord | PullRecord)
        return found.first_release, found.reverted_by


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path / "clone")


def key(commit: str) -> str:
    return f"python/cpython@{commit}"


def test_the_first_release_is_the_lowest_that_holds_the_change(clone: Clone) -> None:
    change = clone.commit("bpo-1: Change (GH-10)")
    clone.git("tag", "--annotate", "--message=x", "v3.9.0b1")
    clone.branch("3.9")
    clone.git("tag", "v3.9.0")
    backport = clone.commit("[3.9] bpo-2: Other (GH-11) (GH-12)")
    clone.git("tag", "v3.9.1")
    clone.git("switch", "--quiet", "main")
    other = clone.commit("bpo-2: Other (#11)")
    clone.git("tag", "v3.10.0a1")
    unreleased = clone.commit("Not yet (#13)")
    assert clone.facts(key(clone.first)) == ("3.8.0", None)
    assert clone.facts(key(change)) == clone.facts("python/cpython#10") == ("3.9.0b1", None)
    assert clone.facts(key(other)) == clone.facts("python/cpython#11") == ("3.10.0a1", None)
    assert clone.facts(key(backport)) == clone.facts("python/cpython#12") == ("3.9.1", None)
    assert clone.facts(key(unreleased)) == clone.facts("python/cpython#13") == (None, None)


def test_a_merge_commit_holds_what_it_merged(clone: Clone) -> None:
    clone.branch("topic")
    change = clone.commit("On a branch")
    clone.git("switch", "--quiet", "main")
    message = "--message=Merge pull request #20 from someone/topic"
    clone.git("merge", "--quiet", "--no-ff", message, "topic")
    clone.git("tag", "v3.9.0a1")
    assert clone.facts(key(change)) == ("3.9.0a1", None)
    assert clone.facts("python/cpython#20") == ("3.9.0a1", None)


def test_what_took_a_change_back_is_named_by_its_pull_request_or_else_its_id(clone: Clone) -> None:
    change = clone.commit("Change (GH-10)")
    clone.commit(f'Revert "Change (GH-10)" (GH-11)\n\nThis reverts commit {change}.')
    assert clone.facts(key(change)) == (None, "python/cpython#11")
    assert clone.facts("python/cpython#10") == (None, "python/cpython#11")
    other = clone.commit("Other")
    revert = clone.commit(f"Undo\n\nThis reverts commit {other[:9]}.")
    assert clone.facts(key(other)) == (None, key(revert))


def test_what_was_put_back_is_not_reverted(clone: Clone) -> None:
    change = clone.commit("Change")
    revert = clone.commit(f"Undo\n\nThis reverts commit {change}.")
    again = clone.commit(f"Redo\n\nThis reverts commit {revert}.")
    assert clone.facts(key(change)) == (None, None)
    assert clone.facts(key(revert)) == (None, key(again))
    assert clone.facts(key(again)) == (None, None)


def test_what_was_reverted_on_another_branch_only_is_still_there(clone: Clone) -> None:
    change = clone.commit("Change")
    clone.branch("3.9")
    clone.commit(f"[3.9] Undo (GH-30)\n\nThis reverts commit {change}.")
    backport = clone.commit("[3.9] Other")
    undo = clone.commit(f"[3.9] Undo\n\nThis reverts commit {backport}.")
    clone.git("switch", "--quiet", "main")
    assert clone.facts(key(change)) == (None, None)
    assert clone.facts(key(backport)) == (None, key(undo))


def test_the_clone_corrects_what_it_knows_and_leaves_the_rest(clone: Clone) -> None:
    change = clone.commit("Change (GH-10)")
    clone.git("tag", "v3.9.0a1")
    wrong = CommitRecord(key(change), title="T", first_release="3.8.0", reverted_by="o/r#1")
    assert clone.complete(wrong) == CommitRecord(key(change), title="T", first_release="3.9.0a1")
    records: list[Record] = [
        CommitRecord(key("0" * 40), first_release="3.8.0"),
        CommitRecord(f"o/r@{change}", reverted_by="o/r#1"),
        PullRecord("python/cpython#10", state="closed", first_release="3.8.0"),
        PullRecord("python/cpython#99", state="merged", first_release="3.8.0"),
        IssueRecord("python/cpython#10", state="open"),
    ]
    assert [clone.complete(record) for record in records] == records


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("v3.9.0a4", "3.9.0a4"),
        ("v3.0", "3.0.0"),
        ("v3.1rc1", "3.1.0rc1"),
        ("v2.5c1", "2.5.0rc1"),
        ("v3.14.10", "3.14.10"),
        ("3.9.0", "3.9.0"),
    ],
)
def test_tags_of_releases_are_known_in_every_spelling(tag: str, name: str) -> None:
    assert str(release_of(tag)) == name


@pytest.mark.parametrize("tag", ["v3.9.0-dev", "release", "v3", "v3.9.0a", "v3.9.0.1", "v³.9"])
def test_other_tags_are_no_releases(tag: str) -> None:
    assert release_of(tag) is None


def test_releases_are_ordered_as_they_come_out() -> None:
    tags = ["v3.9.0a1", "v3.9.0a10", "v3.9.0b1", "v3.9.0rc1", "v3.9.0", "v3.9.1rc1", "v3.10.0a1"]
    releases = [release for tag in tags if (release := release_of(tag))]
    assert sorted(releases) == releases
    assert len(releases) == len(tags)


def test_a_clone_without_the_needed_history_is_refused(clone: Clone, tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"has no tag of 3\.9\.0; run: git -C .* fetch --tags"):
        read_history(clone.folder, ["3.8.0", "3.9.0"])
    clone.git("tag", "--delete", "v3.8.0")
    with pytest.raises(GitError, match="has no release tags"):
        read_history(clone.folder)
    clone.git("remote", "set-url", "origin", "https://example.org/python/cpython.git")
    with pytest.raises(GitError, match="has no remote on GitHub"):
        read_history(clone.folder)
    clone.commit("More")
    shallow = tmp_path / "shallow"
    url = clone.folder.as_uri()
    subprocess.run(["git", "clone", "--quiet", "--depth=1", url, str(shallow)], check=True)
    with pytest.raises(GitError, match=r"a part of the history only; run: .*--unshallow"):
        read_history(shallow)
    with pytest.raises(GitError, match=r"git cannot read .*nowhere"):
        read_history(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/python/cpython",
        "https://someone:secret@github.com/python/cpython.git",
        "ssh://git@github.com/python/cpython.git",
        "git@github.com:python/cpython",
    ],
)
def test_the_remote_says_whose_items_a_clone_holds(clone: Clone, url: str) -> None:
    clone.git("remote", "set-url", "origin", url)
    clone.git("remote", "add", "fork", "https://github.com/me/cpython")
    assert read_history(clone.folder).repositories == {"python/cpython", "me/cpython"}


def test_messages_in_other_encodings_and_without_text_are_read(clone: Clone) -> None:
    clone.git(
        "-c", "i18n.commitEncoding=latin-1", "commit", "--allow-empty", "--message=\xe9 (#40)"
    )
    clone.git("commit", "--allow-empty", "--allow-empty-message", "--message=")
    clone.git("tag", "v3.9.0a1")
    assert clone.facts("python/cpython#40") == ("3.9.0a1", None)
