"""The workflows do what CONTRIBUTING says of them, and may do no more than they must.

Whether they are valid at all, and without known risks, is checked by ``make lint``.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from ruamel.yaml import YAML
from sphinx_snapshots.refstatus import __main__ as command
from sphinx_snapshots.refstatus.refresh.merge import Scope
from stand_in import Issue, StandIn

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

PROPOSES = {"actions": "write", "contents": "write", "pull-requests": "write"}
#: Everything that is allowed beyond reading the sources.
MAY_WRITE = {
    "linkcheck.tell": {"issues": "write"},
    "pages.build": {"contents": "read", "pages": "read"},
    "pages.deploy": {"id-token": "write", "pages": "write"},
    "refresh-references.propose": PROPOSES,
    "refresh.references": PROPOSES,
}


def load(name: str) -> dict[str, Any]:
    path = ROOT / ".github" / "workflows" / f"{name}.yml"
    workflow = YAML(typ="safe").load(path)
    assert isinstance(workflow, dict)
    return workflow


#: ``workflow.job`` to what the job is.
JOBS = {
    f"{file.stem}.{name}": job for file in FILES for name, job in load(file.stem)["jobs"].items()
}


def scripts(job: dict[str, Any]) -> str:
    """All that a job runs, with continued lines as one."""
    return "\n".join(step.get("run", "") for step in job["steps"]).replace("\\\n", " ")


def script(job: dict[str, Any], name: str) -> str:
    """What the step of that name runs."""
    [found] = [step["run"] for step in job["steps"] if step.get("name") == name]
    return str(found)


def test_there_are_workflows() -> None:
    names = {"ci", "linkcheck", "pages", "refresh", "refresh-references"}
    assert {file.stem for file in FILES} == names


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_grants_nothing_and_runs_no_code_of_strangers_with_rights(file: Path) -> None:
    workflow = load(file.stem)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    assert "workflow_run" not in workflow["on"]


@pytest.mark.parametrize("name", JOBS)
def test_a_job_has_the_least_permissions_and_an_end(name: str) -> None:
    allowed = [MAY_WRITE[name]] if name in MAY_WRITE else [{}, {"contents": "read"}]
    assert JOBS[name]["permissions"] in allowed
    # One that calls another workflow ends with the jobs of that.
    assert "uses" in JOBS[name] or JOBS[name]["timeout-minutes"] <= 60


@pytest.mark.parametrize("name", JOBS)
def test_an_action_is_pinned_and_leaves_no_token_behind(name: str) -> None:
    for step in JOBS[name].get("steps", ()):
        if "run" in step:
            continue
        action = step["uses"]
        assert re.fullmatch(r"[\w-]+/[\w./-]+@(v\d+(\.\d+){0,2}|[0-9a-f]{40})", action)
        if action.startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_a_pull_request_is_checked_for_items_without_a_record() -> None:
    workflow = load("ci")
    assert "pull_request" in workflow["on"]
    assert scripts(JOBS["ci.references"]).strip() == "make check-references"
    gate = workflow["jobs"]["gate"]
    assert {*gate["needs"]} == workflow["jobs"].keys() - {"gate"}
    assert gate["if"] == "always()"
    printed = subprocess.run(
        ["make", "-n", "check-references"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert " -m sphinx_snapshots.refstatus check " in printed
    # And for sentences that its snapshot contradicts, also in comments.
    assert re.search(r" -m sphinx_snapshots\.refstatus lint .+ probes examples\n", printed)


def test_once_a_week_the_snapshot_is_refreshed_with_a_summary() -> None:
    workflow = load("refresh")
    (schedule,) = workflow["on"]["schedule"]
    minute, hour, day, month, weekday = schedule["cron"].split()
    assert (day, month) == ("*", "*")
    assert all(part.isdigit() for part in (minute, hour, weekday))
    called = JOBS["refresh.references"]
    assert called["uses"] == "$/.github/workflows/refresh-references.yml"
    inputs = called["with"]
    assert inputs.keys() <= load("refresh-references")["on"]["workflow_call"]["inputs"].keys()
    words = shlex.split(inputs["refresh"])
    options = command._parse(words[words.index(".venv/bin/refstatus") + 1 :])
    assert options.run is command.run_refresh
    assert options.scope is Scope.ALL
    assert not any((options.items, options.dry_run))
    # The names in the documentation of Python are brought up to date as well.
    assert inputs["afterwards"] == "make inventory"
    names = ("references.jsonl", "reference-changes.jsonl", "links.jsonl", "python.inv")
    assert inputs["files"].split() == [f"_data/{name}" for name in names]
    assert (ROOT / ".github" / "workflows" / inputs["checks"]).is_file()


LIST_ISSUES = "issue list --state open"


@pytest.mark.parametrize(
    ("verdict", "number", "done"),
    [
        ("broken", "", "issue create --title Outside links are broken --body-file body.md"),
        ("broken", "7", "issue edit 7 --body-file body.md"),
        ("good", "7", "issue close 7 --comment All links work again."),
        ("good", "", None),
        ("unknown", "7", None),
        ("unknown", "", None),
    ],
)
def test_an_issue_is_open_while_links_are_broken(
    tmp_path: Path, verdict: str, number: str, done: str | None
) -> None:
    (tmp_path / "linkcheck").mkdir()
    (tmp_path / "linkcheck/verdict.txt").write_text(f"{verdict}\n")
    (tmp_path / "linkcheck/summary.md").write_text("x" * 70_000)
    gh = tmp_path / "gh"
    gh.write_text(f'#!/bin/sh\necho "$*" >> calls\ncase "$*" in *list*) echo "{number}";; esac\n')
    gh.chmod(0o755)
    job = JOBS["linkcheck.tell"]
    step = next(step for step in job["steps"] if "run" in step)
    subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "TITLE": step["env"]["TITLE"]},
        check=True,
        capture_output=True,
    )
    listed, *others = (tmp_path / "calls").read_text().splitlines()
    assert listed.startswith(LIST_ISSUES)
    assert others == ([] if done is None else [done])
    assert (tmp_path / "body.md").stat().st_size == 60_000


# The reusable workflow, its steps run as they are written ---------------------------------


class Proposal(NamedTuple):
    """What the steps of a workflow meet, on a machine that has no GitHub.

    :param site: a clone of ``origin`` with the example site.
    :param variables: those that GitHub Actions sets.
    """

    site: Path
    origin: Path
    variables: Mapping[str, str]

    def run(self, script: str, **variables: str) -> str:
        """Run a step; its output."""
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.site,
            env={**self.variables, **variables},
            check=True,
            capture_output=True,
            text=True,
        ).stdout


@pytest.fixture
def proposal(tmp_path: Path) -> Proposal:
    site, origin, programs = tmp_path / "site", tmp_path / "origin.git", tmp_path / "bin"
    shutil.copytree(ROOT / "examples" / "refstatus-site", site)
    programs.mkdir()
    (programs / "refstatus").symlink_to(Path(sys.executable).with_name("refstatus"))
    (programs / "gh").write_text('#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/gh.log"\n')
    (programs / "gh").chmod(0o755)
    (tmp_path / "temp").mkdir()
    variables = {
        "PATH": f"{programs}:{os.defpath}",
        "HOME": str(tmp_path),
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "shown.md"),
        "FILES": "_data/references.jsonl",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": "x"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    made = Proposal(site, origin, variables)
    made.run(
        f"git init -q -b main && git add . && git commit -qm x && git init -q --bare {origin} && "
        f"git remote add origin {origin} && git push -q origin main"
    )
    return made


def test_the_reusable_workflow_refreshes_and_proposes_the_file(proposal: Proposal) -> None:
    refresh, propose = JOBS["refresh-references.refresh"], JOBS["refresh-references.propose"]
    with StandIn() as server:
        cpython = server.world.repository("python/cpython")
        cpython.add(Issue(59956, "Now it is closed", "CLOSED", "COMPLETED"))
        variables = {"REFRESH": "refstatus refresh", "HISTORY": "", **server.environment()}
        # Most items are not there, and one cannot be answered: that is no reason to stop.
        cpython.add(Issue(99113, "Hidden"))
        server.world.forbidden.add(99113)
        proposal.run(script(refresh, "Refresh"), **variables)
    proposal.run(refresh["steps"][-2]["run"])
    summary = Path(proposal.variables["RUNNER_TEMP"], "proposal", "summary.md").read_text()
    assert "python/cpython#59956" in summary
    assert Path(proposal.variables["GITHUB_STEP_SUMMARY"]).read_text() == summary
    proposal.run("git reset -q --hard")
    step = script(propose, "Propose what changed")
    more = {"BRANCH": "news", "TITLE": "The news", "CHECKS": "ci.yml"}
    proposal.run(step, **more)
    said = Path(proposal.variables["RUNNER_TEMP"], "gh.log").read_text()
    assert "pr create --head news --title The news --body-file " in said
    assert said.endswith("workflow run ci.yml --ref news\n")
    changed = proposal.run("git diff --name-only origin/main origin/news")
    assert changed == "_data/references.jsonl\n"
    proposal.run("git fetch -q && git switch -q main && git reset -q --hard origin/news")
    assert "nothing to propose" in proposal.run(step, **more)


def test_what_changed_is_proposed_as_a_pull_request_by_a_job_that_runs_no_code_of_ours() -> None:
    job = JOBS["refresh-references.propose"]
    assert job["needs"] == "refresh"
    script = scripts(job)
    assert re.search(r"gh pr create .*--body-file \S*/proposal/summary\.md", script)
    begins = {line.split()[0] for line in script.splitlines() if line.strip()}
    shell = {"cp", "do", "done", "echo", "else", "exit", "fi", "for", "if", "mkdir"}
    assert begins <= {*shell, "git", "gh", "number=$(gh"}


@pytest.mark.parametrize("step", JOBS["refresh-references.refresh"]["steps"], ids=str)
def test_what_a_caller_says_reaches_a_script_through_the_environment_only(
    step: dict[str, Any],
) -> None:
    assert "${{" not in step.get("run", "")


def test_a_pull_request_runs_all_tests_and_reads_the_site_that_was_just_built() -> None:
    steps = [step for step in JOBS["ci.test"]["steps"] if "run" in step]
    assert [step["run"] for step in steps] == ["make html", "make test"]
    assert steps[1]["env"] == {
        "BEHAVIOR_RUN_ALL": "1",
        "SITE_BUILD": "_build",
        "TEST_RANGE": "ends",
    }
