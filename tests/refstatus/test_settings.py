"""The settings: what ``conf.py`` may say, and what an author is told who says something else."""

from __future__ import annotations

import pytest
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx_snapshots.refstatus.model import Reference
from sphinx_snapshots.refstatus.settings import RefstatusSettings


def settings(**values: object) -> RefstatusSettings:
    """The settings of a site whose ``conf.py`` says ``values``."""
    config = Config({f"refstatus_{name}": value for name, value in values.items()})
    for name, each in RefstatusSettings.known().items():
        config.add(f"refstatus_{name}", each.default, "", each.types)
    config.init_values()
    return RefstatusSettings.of(config)


def test_a_number_can_be_said_on_the_command_line() -> None:
    """Sphinx hands on a text, as the setting is None by itself."""
    assert settings(max_age="30").max_age == 30
    assert str in RefstatusSettings.known()["max_age"].types, "or Sphinx warns of it"


HOSTS_ADVICE = (
    "a dictionary such as {'git.example.org': 'https://git.example.org/api'}, without github.com"
)
NO_HOSTS = (
    ["git.example.org"],
    {"git.example.org": None},
    {"https://git.example.org": "https://git.example.org/api"},
    {"github.com": "https://api.github.com"},
    {"www.GitHub.com": "https://api.github.com"},
    {"localhost": "http://localhost/api"},
)


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("snapshot", 5, "the path of a file"),
        ("snapshot", "", "the path of a file"),
        ("repository", "cpython", "it as 'owner/name'"),
        ("repository", "https://github.com/python/cpython", "it as 'owner/name'"),
        ("repository", "a/b/c", "it as 'owner/name'"),
        ("repository", None, "it as 'owner/name'"),
        ("roles", ["gh"], "a dictionary such as {'issue': 'gh'}, or None"),
        ("roles", {"issue": "github"}, "a dictionary such as {'issue': 'gh'}, or None"),
        ("roles", {5: "gh"}, "a dictionary such as {'issue': 'gh'}, or None"),
        ("number_pages", {"*": "o"}, "a dictionary such as {'changes/*': 'owner/name'}"),
        ("repositories", [5], "a list of 'owner/name', or ['*'] for all"),
        ("repositories", "python/peps", "a list of 'owner/name', or ['*'] for all"),
        ("repositories", None, "a list of 'owner/name', or ['*'] for all"),
        ("repositories", ["python/peps", "peps"], "a list of 'owner/name', or ['*'] for all"),
        ("repositories", ["**"], "a list of 'owner/name', or ['*'] for all"),
        *(("github_hosts", value, HOSTS_ADVICE) for value in NO_HOSTS),
        ("bpo_links", "roundup", '"github" or "bpo"'),
        ("recognize_text", "yes", "True or False"),
        ("badges", "html", "True, False, or a list of names of builders"),
        ("badges", [1], "True, False, or a list of names of builders"),
        ("quiet_states", ["fixed"], "a list of words of badges, such as ['merged', 'completed']"),
        (
            "quiet_states",
            [["merged"]],
            "a list of words of badges, such as ['merged', 'completed']",
        ),
        ("quiet_states", "merged", "a list of words of badges, such as ['merged', 'completed']"),
        ("quiet_pages", "changes/*", "a list of strings"),
        ("max_age", [30], "a number of days, or None"),
        ("max_age", True, "a number of days, or None"),
        ("max_age", "a month", "a number of days, or None"),
        ("index", "yes", "True or False"),
        ("export", 1, "True or False"),
        ("linkcheck_known", None, "True or False"),
    ],
)
def test_a_setting_that_cannot_be_used_is_an_error_that_says_what_to_write(
    name: str, value: object, advice: str
) -> None:
    with pytest.raises(ExtensionError) as told:
        settings(**{name: value})
    assert str(told.value) == f"refstatus_{name} is {value!r}; write {advice}"


@pytest.mark.parametrize(
    ("repositories", "counting"),
    [([], "o/r#1 bpo-1"), (["Python/PEPs"], "o/r#1 python/peps#1 bpo-1"), (["*"], "all")],
)
def test_items_of_the_own_repository_and_of_the_old_tracker_always_count(
    repositories: list[str], counting: str
) -> None:
    site = settings(repository="O/R", repositories=repositories)
    keys = ["o/r#1", "python/peps#1", "x/y@1234567", "bpo-1"]
    found = [key for key in keys if site.counts(Reference.from_key(key))]
    assert found == (keys if counting == "all" else counting.split())


@pytest.mark.parametrize(
    ("badges", "shown"), [(True, "html text"), (False, ""), (["text"], "text")]
)
def test_badges_are_for_all_builders_or_for_those_that_are_named(
    badges: object, shown: str
) -> None:
    site = settings(badges=badges)
    assert [name for name in ("html", "text") if site.has_badges(name)] == shown.split()
