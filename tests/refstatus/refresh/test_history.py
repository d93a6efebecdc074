"""First releases and reverts, told by a clone: small repositories made with git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from packaging.version import Version
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

    def complete(self, record: Record) -> Record:
        return read_history(self.folder).complete(record)

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
    ("tag", "version"),
    [
        ("v3.9.0a4", "3.9.0a4"),
        ("v3.0", "3.0"),
        ("v3.1rc1", "3.1rc1"),
        ("v2.5c1", "2.5rc1"),
        ("v3.14.10", "3.14.10"),
        ("3.9.0", "3.9.0"),
        ("v3.9.0.1", "3.9.0.1"),
        ("2024.10.0", "2024.10.0"),
        ("v2023.1", "2023.1"),
        ("2023.07.01", "2023.7.1"),
        ("23.1b2", "23.1b2"),
        ("release-1.2", "1.2"),
        ("release/1.2", "1.2"),
        ("Release_1.2.3", "1.2.3"),
        ("rel_1_4_0", "1.4.0"),
        ("v.0.22.5", "0.22.5"),
        ("1.2.3-beta.4", "1.2.3b4"),
        ("1.2.3.post1", "1.2.3.post1"),
        ("lib-1.2.3", "1.2.3"),
        ("Lib/v1.2.3", "1.2.3"),
    ],
)
def test_tags_of_releases_are_known_in_every_spelling(tag: str, version: str) -> None:
    assert release_of(tag, "lib") == ("", Version(version))


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("pkg-1.2.3", "pkg"),
        ("pkg-v1.2.3", "pkg"),
        ("pkg@1.2.3", "pkg"),
        ("pkg/v1.2.3", "pkg"),
        ("2to3-1.2.3", "2to3"),
        ("lib-extra-1.2.3", "lib-extra"),
    ],
)
def test_a_tag_may_be_that_of_a_package(tag: str, name: str) -> None:
    assert release_of(tag, "lib") == (name, Version("1.2.3"))


@pytest.mark.parametrize(
    "tag",
    [
        "v3.9.0-dev",
        "1.2.dev3",
        "release",
        "v3",
        "20240101",
        "1!2.0",
        "1.0+x",
        "v³.9",
        "1.0-docs",
        "",
    ],
)
def test_other_tags_are_no_releases(tag: str) -> None:
    assert release_of(tag) is None


def test_releases_are_ordered_as_they_come_out() -> None:
    tags = ["v3.9.0a1", "v3.9.0a10", "v3.9.0b1", "v3.9.0rc1", "v3.9.0", "v3.9.1rc1", "v3.10.0a1"]
    releases = [release for tag in tags if (release := release_of(tag))]
    assert sorted(releases) == releases
    assert len(releases) == len(tags)


@pytest.mark.parametrize(
    ("tags", "release"),
    [
        (["2024.10.0", "2024.9.1"], "2024.9.1"),
        (["v2.0", "pkg-1.0"], "2.0"),
        (["cpython-2.0", "pkg-1.0"], "2.0"),
        (["pkg-1.1", "pkg-1.0"], "1.0"),
        (["pkg-1.1", "other-1.0"], None),
    ],
)
def test_releases_are_those_of_the_project_or_of_its_only_package(
    clone: Clone, tags: list[str], release: str | None
) -> None:
    clone.git("tag", "--delete", "v3.8.0")
    for tag in tags:
        clone.git("tag", tag)
    assert clone.facts(key(clone.first)) == (release, None)


def test_numbers_of_pull_requests_are_those_of_the_main_remote(clone: Clone) -> None:
    change = clone.commit("Change (#10)")
    clone.git("tag", "v3.9.0")
    clone.commit(f"Undo (#11)\n\nThis reverts commit {change}.")
    clone.git("remote", "set-url", "origin", "https://github.com/me/cpython")
    clone.git("remote", "add", "friend", "https://github.com/friend/cpython")
    clone.git("remote", "add", "upstream", "https://github.com/python/cpython")
    facts = ("3.9.0", "python/cpython#11")
    assert clone.facts("python/cpython#10") == facts
    assert clone.facts("me/cpython#10") == (None, None)
    # A fork has the same commits.
    assert clone.facts(f"me/cpython@{change}") == facts


def test_the_main_branch_may_have_another_name(clone: Clone) -> None:
    clone.git("branch", "--move", "master")
    change = clone.commit("Change")
    clone.branch("3.9")
    clone.commit(f"[3.9] Undo (GH-30)\n\nThis reverts commit {change}.")
    assert clone.facts(key(change)) == (None, None)


def test_a_clone_without_the_needed_history_is_refused(clone: Clone, tmp_path: Path) -> None:
    records = [CommitRecord(key("1" * 40), first_release=release) for release in ("3.8", "3.9.0")]
    records.append(CommitRecord(f"other/project@{'1' * 40}", first_release="2024.1"))
    with pytest.raises(GitError, match=r"has no tag of 3\.9\.0; run: git -C .* fetch --tags"):
        read_history(clone.folder, records)
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
    assert read_history(clone.folder).repositories == ("python/cpython", "me/cpython")


def test_a_clone_may_be_of_a_further_host(clone: Clone) -> None:
    change = clone.commit("Change (#10)")
    clone.git("tag", "v3.9.0")
    clone.git("remote", "set-url", "origin", "git@git.example.org:Acme/App.git")
    history = read_history(clone.folder, hosts={"git.example.org"})
    assert history.repositories == ("git.example.org/acme/app",)
    record = CommitRecord(f"git.example.org/acme/app@{change}")
    assert getattr(history.complete(record), "first_release", None) == "3.9.0"
    with pytest.raises(GitError, match="has no remote on GitHub"):
        read_history(clone.folder)


def test_messages_in_other_encodings_and_without_text_are_read(clone: Clone) -> None:
    clone.git(
        "-c", "i18n.commitEncoding=latin-1", "commit", "--allow-empty", "--message=\xe9 (#40)"
    )
    clone.git("commit", "--allow-empty", "--allow-empty-message", "--message=")
    clone.git("tag", "v3.9.0a1")
    assert clone.facts("python/cpython#40") == ("3.9.0a1", None)
