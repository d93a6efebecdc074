"""The workflows do what CONTRIBUTING says of them, and may do no more than they must.

Whether they are valid at all, and without known risks, is checked by ``make lint``.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sphinx_snapshots.refstatus import __main__ as command
from sphinx_snapshots.refstatus.refresh.merge import Scope

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

#: Everything that is allowed beyond reading the sources.
MAY_WRITE = {
    "pages.deploy": {"id-token": "write", "pages": "write"},
    "refresh.propose": {"actions": "write", "contents": "write", "pull-requests": "write"},
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


def test_there_are_workflows() -> None:
    assert [file.stem for file in FILES] == ["ci", "linkcheck", "pages", "refresh"]


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
    assert JOBS[name]["timeout-minutes"] <= 60


@pytest.mark.parametrize("name", JOBS)
def test_an_action_is_pinned_and_leaves_no_token_behind(name: str) -> None:
    for step in JOBS[name]["steps"]:
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


def test_once_a_week_the_snapshot_is_refreshed_with_a_summary() -> None:
    workflow = load("refresh")
    (schedule,) = workflow["on"]["schedule"]
    minute, hour, day, month, weekday = schedule["cron"].split()
    assert (day, month) == ("*", "*")
    assert all(part.isdigit() for part in (minute, hour, weekday))
    lines = scripts(JOBS["refresh.refresh"]).splitlines()
    (line,) = (line for line in lines if " -m sphinx_snapshots.refstatus " in line)
    words = shlex.split(line.partition("||")[0])
    options = command._parse(words[words.index("sphinx_snapshots.refstatus") + 1 :])
    assert options.run is command.run_refresh
    assert options.summary.name == "summary.md"
    assert options.git.name == "cpython.git"
    assert options.scope is Scope.ALL
    assert not any((options.items, options.dry_run))


def test_once_a_week_the_names_in_the_documentation_of_python_are_brought_up_to_date() -> None:
    script = scripts(JOBS["refresh.refresh"])
    assert 'make inventory >> "$RUNNER_TEMP/proposal/summary.md" ||' in script
    assert "cp _data/references.jsonl _data/python.inv " in script


def test_what_changed_is_proposed_as_a_pull_request_by_a_job_that_runs_no_code_of_ours() -> None:
    job = JOBS["refresh.propose"]
    assert job["needs"] == "refresh"
    script = scripts(job)
    assert re.search(r"gh pr create .*--body-file \S*/proposal/summary\.md", script)
    begins = {line.split()[0] for line in script.splitlines() if line.strip()}
    assert begins <= {"cp", "echo", "exit", "if", "else", "fi", "git", "gh", "number=$(gh"}


def test_a_pull_request_runs_all_probes_and_reads_the_site_that_was_just_built() -> None:
    steps = [step for step in JOBS["ci.test"]["steps"] if "run" in step]
    assert [step["run"] for step in steps] == ["make html", "make test"]
    assert steps[1]["env"] == {"BEHAVIOR_RUN_ALL": "1", "SITE_BUILD": "_build"}
