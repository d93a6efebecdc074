"""Run the checks of the sources side by side: ``lint.py [NAME ...]``, all of them by default.

`make lint` runs this, and so do the hooks in .pre-commit-config.yaml, so that both agree. A check
only looks; `make format` does the part of the mending that needs no thought.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BINARY = (".ico", ".inv", ".mo", ".pdf", ".png")
LINE_LENGTH = 100
LARGEST_KB = 1000
# For `git grep -E`.
MERGE_MARKER = "^(<<<<<<<|>>>>>>>) "
HOME = "[ \"'`=](/home|/Users|/root)/[a-z.]"


class Result(NamedTuple):
    """How one check went."""

    name: str
    failed: bool
    output: str
    seconds: float


def files(*suffixes: str, under: str = ".") -> list[str]:
    """Name the project's text files: those git knows, and new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", under],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    return [
        name
        for name in sorted(set(listed.split("\0")))
        if name.endswith(suffixes or "") and not name.endswith(BINARY) and (ROOT / name).is_file()
    ]


def module(name: str, *arguments: str) -> list[str]:
    """Build the command that runs a module of the environment that runs this."""
    return [PYTHON, "-m", name, *arguments]


def style() -> list[list[str]]:
    """Find mistakes and habits to avoid in Python (ruff)."""
    return [module("ruff", "check", "--quiet", ".")]


def layout() -> list[list[str]]:
    """See that Python files are laid out as `ruff format` would."""
    return [module("ruff", "format", "--check", "--diff", "--quiet", ".")]


def types() -> list[list[str]]:
    """See that types agree (mypy)."""
    return [module("mypy")]


def markup() -> list[list[str]]:
    """Find slips in reStructuredText (sphinx-lint)."""
    options = ["--enable=all", "--disable=leaked-markup", f"--max-line-length={LINE_LENGTH}"]
    # The test sites hold slips on purpose.
    pages = [name for name in files(".rst") if not name.startswith("tests/")]
    return [module("sphinxlint", *options, *pages)] if pages else []


def spelling() -> list[list[str]]:
    """Find common misspellings (codespell)."""
    return [module("codespell_lib", *files())]


def whitespace() -> list[list[str]]:
    """Find trailing spaces, missing last newlines, and line ends other than LF."""
    wanted = ["--new-line-marker=linux", "--normalize-new-line-markers"]
    wanted += ["--add-new-line-marker-at-end-of-file", "--remove-trailing-empty-lines"]
    wanted += ["--remove-trailing-whitespace"]
    # Generated drawings are as their program writes them.
    names = [name for name in files() if not name.endswith(".svg")]
    return [module("whitespace_format", "--check-only", *wanted, *names)]


def repository() -> list[list[str]]:
    """Find merge markers, somebody's home, large files, and names that differ in case only."""
    hooks = "pre_commit_hooks."
    size = ["--enforce-all", f"--maxkb={LARGEST_KB}"]
    return [
        ["git", "grep", "--untracked", "-nIE", f"{MERGE_MARKER}|{HOME}"],
        module(f"{hooks}check_added_large_files", *size, *files()),
        module(f"{hooks}check_case_conflict", *files()),
        module(f"{hooks}check_toml", *files(".toml")),
    ]


def services() -> list[list[str]]:
    """See that the files for GitHub and Read the Docs are valid and safe."""
    schema = ["--no-cache", "--builtin-schema"]
    workflows = [*files(under=".github/workflows"), *files(under="examples/*/.github/workflows")]
    zizmor = str(Path(PYTHON).parent / "zizmor")
    return [
        module("check_jsonschema", *schema, "vendor.dependabot", ".github/dependabot.yml"),
        module("check_jsonschema", *schema, "vendor.readthedocs", ".readthedocs.yaml"),
        module("check_jsonschema", *schema, "vendor.github-workflows", *workflows),
        [zizmor, "--offline", "--quiet", "--no-progress", ".github"],
    ]


CHECKS: dict[str, Callable[[], list[list[str]]]] = {
    check.__name__: check
    for check in (style, layout, types, markup, spelling, whitespace, repository, services)
}


def run(name: str) -> Result:
    """Run the commands of one check, all of them even if the first fails."""
    start = time.perf_counter()
    failed = False
    output = ""
    for command in CHECKS[name]():
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        # `git grep` ends with 0 when it finds something, and here it should not.
        if done.returncode != (1 if command[:2] == ["git", "grep"] else 0):
            failed = True
            output += done.stdout
    return Result(name, failed, output, time.perf_counter() - start)


def main() -> int:
    """Run the checks that were asked for; return how many failed."""
    parser = argparse.ArgumentParser(
        description="Check the sources.",
        epilog="\n".join(f"{name:12}{check.__doc__}" for name, check in CHECKS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which checks (default: all)")
    names = parser.parse_args().names or list(CHECKS)
    if unknown := set(names) - set(CHECKS):
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(run, names))
    for result in results:
        if result.failed:
            print(f"--- {result.name} ---\n{result.output.rstrip()}\n")
    for result in results:
        print(f"{result.name:12}{'FAILED' if result.failed else 'ok':8}{result.seconds:5.1f} s")
    return sum(result.failed for result in results)


if __name__ == "__main__":
    sys.exit(main())
