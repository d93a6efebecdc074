"""The example site is what its page shows, and works as the page says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sphinx_snapshots
from packaging.requirements import Requirement
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from site_builds import MakeApp

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "refstatus-site"
PAGE = (ROOT / "use-refstatus.rst").read_text()
TAG = f"v{sphinx_snapshots.__version__}"


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example, as it lies in the repository."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "site"))


def test_the_page_shows_every_file_and_links_each_by_its_name() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "."],
        cwd=EXAMPLE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    shown = re.findall(r"^ *\.\. literalinclude:: examples/refstatus-site/(.+)$", PAGE, re.M)
    assert sorted(shown) == sorted(listed.split())


def test_it_builds_without_a_warning_and_its_badges_are_right(
    make_app: MakeApp, example: Path
) -> None:
    app = make_app("html", srcdir=example, warningiserror=True)
    app.build()
    assert app.warning.getvalue() == ""
    badges = {}
    for name in ("index", "changes"):
        page = (app.outdir / f"{name}.html").read_text()
        # The list repeats what the paragraphs have.
        text = page.partition('id="all-that-these-pages-cite"')[0]
        badges[name] = re.findall(r'/([^/"]{1,40})" title="[^"]+">[^<]*<span[^>]+> ([^<]+)<', text)
    assert badges == {
        "index": [
            ("84692", "closed"),
            ("59956", "open"),
            ("99113", "closed"),
            ("20085", "merged, reverted"),
        ],
        # The commit is as quiet as conf.py has it.
        "changes": [("99113", "closed"), ("20085", "merged, reverted")],
    }
    assert "refstatus-commit" in (app.outdir / "index.html").read_text()


def test_its_hook_is_one_of_ours_and_finds_what_has_no_record(example: Path) -> None:
    [hook] = load(ROOT / ".pre-commit-hooks.yaml")
    [ours] = load(EXAMPLE / ".pre-commit-config.yaml")["repos"]
    [used] = ours["hooks"]
    assert (used["id"], ours["rev"]) == (hook["id"], TAG)
    entry = shlex.split(hook["entry"])
    assert not hook["pass_filenames"]

    def run() -> subprocess.CompletedProcess[str]:
        scripts = os.fspath(Path(sys.executable).parent)
        return subprocess.run(
            entry,
            cwd=example,
            env={"PATH": f"{scripts}:{os.defpath}"},
            check=False,
            capture_output=True,
            text=True,
        )

    assert (run().returncode, run().stdout) == (0, "")
    (example / "changes.md").write_text("# Changes\n\nSee #1234.\n")
    done = run()
    assert done.returncode == 1
    assert "python/cpython#1234 has no record; cited in changes.md" in done.stdout
    assert re.search(hook["files"], "docs/changes.md")


def test_its_requirements_are_those_of_the_package_and_of_its_conf_py() -> None:
    lines = (EXAMPLE / "requirements.txt").read_text().splitlines()
    requirements = {item.name: item for item in map(Requirement, lines)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [sphinx] = (item for item in map(Requirement, project["dependencies"]) if item.name == "sphinx")
    assert requirements.pop("sphinx") == sphinx
    package = requirements.pop(project["name"])
    assert package.extras == {"refresh"}
    assert str(package.url).endswith(f"@{TAG}")
    [hook] = load(EXAMPLE / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert hook["additional_dependencies"] == list(requirements)


def test_its_workflow_calls_ours_with_the_rights_that_ours_needs() -> None:
    [called] = load(EXAMPLE / ".github" / "workflows" / "references.yml")["jobs"].values()
    path, _, version = called["uses"].removeprefix("OWNER/REPOSITORY/").partition("@")
    assert version == TAG
    needed: dict[str, str] = {}
    for job in load(ROOT / path)["jobs"].values():
        needed |= job["permissions"]
    assert called["permissions"] == needed


def test_the_page_names_each_input_of_the_workflow_with_its_default() -> None:
    workflow = load(ROOT / ".github" / "workflows" / "refresh-references.yml")
    inputs = workflow["on"]["workflow_call"]["inputs"]
    rows = re.findall(r"^   \* - ``([\w-]+)``\n     - (?:``(.+)``|none)$", PAGE, re.M)
    assert dict(rows) == {name: each["default"] for name, each in inputs.items()}
