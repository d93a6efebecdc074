"""Print how much of a folder the last run of the tests covers: ``show_coverage.py FOLDER``.

Lines and branches apart, which ``coverage report`` adds up. With ``--lines`` and ``--branches`` it
ends with 1 if less is covered than these percentages, with 2 if nothing was measured.
"""

import argparse
import json
import subprocess
import sys


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--lines", type=float, default=0, metavar="PERCENT")
    parser.add_argument("--branches", type=float, default=0, metavar="PERCENT")
    options = parser.parse_args()
    done = subprocess.run(
        [sys.executable, "-m", "coverage", "json", f"--include={options.folder}/*", "-o", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(f"{options.folder}: {(done.stdout + done.stderr).strip()}", file=sys.stderr)
        return 2
    totals = json.loads(done.stdout)["totals"]
    lines, branches = totals["percent_statements_covered"], totals["percent_branches_covered"]
    print(f"{options.folder}: {lines:.1f} % of the lines, {branches:.1f} % of the branches")
    enough = lines >= options.lines and branches >= options.branches
    if not enough:
        wanted = f"{options.lines:g} % of the lines and {options.branches:g} % of the branches"
        print(f"{options.folder}: the tests must cover {wanted}", file=sys.stderr)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
