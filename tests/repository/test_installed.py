"""The package as others get it: what is built, what it asks for, how it works on its own.

No index is asked: what the package needs is linked from the environment that runs the tests.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from functools import cache
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import pytest
import sphinx_snapshots
from filelock import FileLock
from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "_ext" / "sphinx_snapshots"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
UV = shutil.which("uv", path=os.fspath(Path(sys.executable).parent)) or shutil.which("uv")
SNAPSHOT = """\
{"kind":"header","format":1,"refreshed":"2026-11-22","source":"made for the tests"}
{"kind":"bpo","key":"bpo-1","github":"python/cpython#2"}
"""


class Built(NamedTuple):
    """What is made once for all test processes."""

    wheel: Path
    sdist: Path
    #: Made from the sdist, as an index's users have it made.
    second_wheel: Path
    #: Of an environment with the wheel and the base's dependencies only.
    python: Path


def run(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command where no proxy, index or path of the environment can help it."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.defpath, "HOME": os.fspath(cwd), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def must_run(*command: str | Path, cwd: Path = ROOT) -> None:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr


def build(kind: str, tree: Path, folder: Path) -> Path:
    """Build the wheel or the sdist of a tree, and nothing else, into a folder."""
    must_run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=tree)
    [made] = folder.iterdir()
    return made


def base() -> Iterator[metadata.Distribution]:
    """What the package needs without any extra, directly or not."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [Requirement(text) for text in PROJECT["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = metadata.distribution(name)
        waiting += [Requirement(text) for text in found[name].requires or []]
    yield from found.values()


def link(distribution: metadata.Distribution, site_packages: Path) -> None:
    """Put links to the modules and the metadata of a distribution into another environment."""
    root = Path(str(distribution.locate_file("")))
    for file in distribution.files or []:
        first, *rest = file.parts
        if first in {"..", "__pycache__"}:
            continue
        # Several distributions share a namespace package.
        shared = (
            rest and not first.endswith("-info") and not (root / first / "__init__.py").exists()
        )
        name = Path(first, rest[0]) if shared else Path(first)
        target = site_packages / name
        target.parent.mkdir(exist_ok=True)
        if not target.is_symlink():
            target.symlink_to(root / name)


def make_environment(wheel: Path, folder: Path) -> Path:
    must_run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    site_packages = next(folder.glob("lib/python*/site-packages"))
    for distribution in base():
        link(distribution, site_packages)
    assert UV
    command = [UV, "pip", "install", "--quiet", "--no-deps", "--offline", "--no-config"]
    must_run(*command, "--python", python, wheel, cwd=folder)
    return python


@pytest.fixture(scope="session")
def built(shared_folder: Path) -> Built:
    folder = shared_folder / "installed"
    with FileLock(shared_folder / "installed.lock"):
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            sdist = build("sdist", ROOT, folder / "sdist")
            wheel = build("wheel", ROOT, folder / "wheel")
            with tarfile.open(sdist) as archive:
                archive.extractall(folder / "tree", filter="data")
            [tree] = (folder / "tree").iterdir()
            build("wheel", tree, folder / "second")
            make_environment(wheel, folder / "environment")
            (folder / "done").touch()
    [sdist, wheel, second] = [
        next((folder / name).iterdir()) for name in ("sdist", "wheel", "second")
    ]
    return Built(wheel, sdist, second, folder / "environment" / "bin" / "python")


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sdist_contents(sdist: Path) -> dict[PurePosixPath, bytes]:
    """Files by their path below the one folder of the archive."""
    found = {}
    with tarfile.open(sdist) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            assert file, f"{member.name} is no plain file"
            found[PurePosixPath(*PurePosixPath(member.name).parts[1:])] = file.read()
    return found


# What is built ------------------------------------------------------------------------


def test_the_metadata_are_valid(built: Built) -> None:
    [from_wheel] = [
        data for name, data in contents(built.wheel).items() if name.endswith(".dist-info/METADATA")
    ]
    from_sdist = sdist_contents(built.sdist)[PurePosixPath("PKG-INFO")]
    for text in (from_wheel, from_sdist):
        data = Metadata.from_email(text, validate=True)
        assert data.name == "sphinx-snapshots"
        assert str(data.version) == sphinx_snapshots.__version__
        assert data.description_content_type == "text/markdown"
        assert data.description == (ROOT / "_ext" / "README.md").read_text("utf-8")
        assert data.license_expression == PROJECT["license"]


def test_the_wheel_has_every_file_of_the_package(built: Built) -> None:
    files = {
        path.relative_to(SOURCE.parent).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    needed = {
        "py.typed",
        "refstatus/static/refstatus.css",
        "locale/de/LC_MESSAGES/sphinx_snapshots.mo",
    }
    assert {f"{SOURCE.name}/{name}" for name in needed} <= files
    packed = {name for name in contents(built.wheel) if ".dist-info/" not in name}
    assert packed == files


def test_the_sdist_has_the_package_and_nothing_of_the_site(built: Built) -> None:
    tops = {path.parts[0] for path in sdist_contents(built.sdist)}
    # hatchling adds .gitignore, which its own build obeys.
    assert tops == {"_ext", "LICENSE", "PKG-INFO", "pyproject.toml", ".gitignore"}


def test_the_wheel_from_the_sdist_is_the_same(built: Built) -> None:
    assert contents(built.second_wheel) == contents(built.wheel)


# What it asks for ---------------------------------------------------------------------

#: What a distribution of the first kind brings and answers for: it is not named beside it.
BROUGHT = {"docutils": "sphinx", "pygments": "sphinx", "urllib3": "requests"}
#: Extra to the modules that it is for.
PLACES = {
    "refresh": ["refstatus/__main__.py", "refstatus/refresh/*.py"],
    "probe": ["behavior/__main__.py"],
    "diagrams": ["diagrams/__init__.py", "diagrams/domain.py"],
    "draw": ["diagrams/figures.py", "diagrams/pele.py"],
    "website": ["website/assets.py", "website/templates.py"],
}
#: Shared by commands of several extras, imported where it is called.
DEFERRED = {("kit/files.py", "filelock")}


@cache
def distributions() -> Mapping[str, list[str]]:
    """Top-level module to the distributions that have it; to find out takes a second or more."""
    return metadata.packages_distributions()


def distribution_of(module: str) -> str:
    """The distribution that an import is of; empty for the standard library and for ourselves."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top == SOURCE.name:
        return ""
    if top == "sphinxcontrib":
        return module.replace(".", "-").split("-", 2)[0] + "-" + module.split(".")[1]
    [name] = set(distributions()[top])
    name = canonicalize_name(name)
    return BROUGHT.get(name, name)


def imports(path: Path) -> set[str]:
    """The distributions that a module imports, looks for, or reads resources of."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                modules.update(alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                modules.add(module)
            case ast.Call(
                func=ast.Name(id="files" | "find_spec") | ast.Attribute(attr="find_spec"),
                args=[ast.Constant(value=str(module))],
            ):
                modules.add(module)
    return {name for module in modules if (name := distribution_of(module))}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def test_each_part_asks_for_what_it_imports_and_nothing_more() -> None:
    used = {path.relative_to(SOURCE).as_posix(): imports(path) for path in SOURCE.rglob("*.py")}
    for path, module in DEFERRED:
        used[path].discard(module)
    extras = PROJECT["optional-dependencies"]
    assert extras.keys() == PLACES.keys()
    base = names(PROJECT["dependencies"])
    placed = set()
    for extra, patterns in PLACES.items():
        paths = {
            path for path in used if any(PurePosixPath(path).match(pattern) for pattern in patterns)
        }
        placed |= paths
        wanted = set().union(*(used[path] for path in paths)) - base
        if "sphinx-snapshots" in (declared := names(extras[extra])):
            declared -= {"sphinx-snapshots"}
            wanted -= names(extras["diagrams"])
        assert declared == wanted, extra
    assert set().union(*(used[path] for path in used.keys() - placed)) == base


# What it does where it is alone -------------------------------------------------------


@pytest.fixture
def other_site(tmp_path: Path) -> Path:
    """A site of one page, as another project has it."""
    site = tmp_path / "site"
    (site / "_data").mkdir(parents=True)
    (site / "_data" / "references.jsonl").write_text(SNAPSHOT, "utf-8")
    (site / "conf.py").write_text('extensions = ["sphinx_snapshots.refstatus"]\n', "utf-8")
    (site / "index.rst").write_text("One page\n========\n\nSee bpo-1.\n", "utf-8")
    return site


def test_a_site_is_built_with_nothing_but_the_base(built: Built, other_site: Path) -> None:
    with (other_site / "_data" / "references.jsonl").open("a", encoding="utf-8") as file:
        file.write(
            '{"kind":"issue","key":"python/cpython#2","title":"T","state":"open",'
            '"as_of":"2026-11-22"}\n'
        )
    options = ["-q", "-W", "-b", "html"]
    done = run(built.python, "-m", "sphinx", *options, other_site, "_build", cwd=other_site)
    assert (done.returncode, done.stderr) == (0, "")
    page = (other_site / "_build" / "index.html").read_text("utf-8")
    assert 'class="refstatus refstatus-open"' in page
    assert (other_site / "_build" / "_static" / "refstatus.css").is_file()


@pytest.mark.parametrize("program", ["module", "script"])
@pytest.mark.parametrize(
    "arguments", [["refresh", "--help"], ["check"], ["explain", "bpo-1"]], ids=" ".join
)
def test_commands_that_ask_nobody_need_no_extra(
    built: Built, other_site: Path, program: str, arguments: list[str]
) -> None:
    command: list[str | Path] = [built.python, "-m", "sphinx_snapshots.refstatus"]
    if program == "script":
        command = [built.python.with_name("refstatus")]
    done = run(*command, *arguments, cwd=other_site)
    assert "Traceback" not in done.stderr
    # 1: check found that python/cpython#2 has no record.
    assert done.returncode == (arguments == ["check"]), done.stderr


@pytest.mark.parametrize(
    ("module", "command", "extra"),
    [
        ("diagrams", "draw", "draw"),
        ("diagrams", "check", "draw"),
        ("refstatus", "refresh", "refresh"),
        ("behavior", "probe", "probe"),
    ],
)
def test_a_command_without_its_extra_says_which_one_to_install(
    built: Built, other_site: Path, module: str, command: str, extra: str
) -> None:
    done = run(built.python, "-m", f"sphinx_snapshots.{module}", command, cwd=other_site)
    assert done.returncode == 2
    assert f'pip install "sphinx-snapshots[{extra}]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_extension_without_its_extra_says_which_one_to_install(
    built: Built, other_site: Path
) -> None:
    (other_site / "conf.py").write_text('extensions = ["sphinx_snapshots.diagrams"]\n', "utf-8")
    done = run(built.python, "-m", "sphinx", "-q", other_site, "_build", cwd=other_site)
    assert done.returncode == 2
    assert 'pip install "sphinx-snapshots[diagrams]"' in done.stderr
