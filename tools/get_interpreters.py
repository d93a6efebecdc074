"""Lay CPython 3.13 to 3.15 into a folder: ``get_interpreters.py FOLDER [SERIES ...]``.

A series is written ``3.15``, or ``3.15d`` for its debug build, which only Debian has. For tests
that compare what each series does. On Debian the packages of its unstable release are
unpacked below FOLDER, from the archive that this machine's apt is set up with: interpreter,
standard library, headers, library, and the C library they need. Nothing is installed, and no root
is needed. Elsewhere, or where that fails, ``uv python install`` is tried.

Prints the interpreters on one line as BEHAVIOR_PYTHONS wants them; what it does goes to stderr.
Ends with 0 if every series is there, with 1 and one line that says why if not; those that are
there are printed all the same. What is there already is kept.
"""

import argparse
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SERIES = ("3.13", "3.14", "3.15")
RELEASE = "sid"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SECONDS = 600

# Debian's loader is told where the libraries are that came with it, and to hand on the name of
# this script: so sys.executable starts the interpreter in the same way.
WRAPPER = """\
#!/bin/sh
exec {loader} --inhibit-cache --library-path {libraries} --argv0 "$0" {program} "$@"
"""
WORKS = """\
import _interpreters, ctypes, ssl, sys, sysconfig
print("%d.%d" % sys.version_info[:2] + sys.abiflags)
"""


class NotHereError(Exception):
    """This way to get an interpreter does not work here; the text says why, to a person."""


def say(text: str) -> None:
    print("get-interpreters:", text, file=sys.stderr, flush=True)


def run(command: list[str], folder: Path | None = None) -> str:
    """Run a command and return what it prints; what it complains of is the reason if it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except OSError as error:
        raise NotHereError(f"{command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise NotHereError(f"{command[0]} did not end within {SECONDS} s") from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise NotHereError(f"{command[0]}: {said[0] if said else f'status {done.returncode}'}")
    return done.stdout


def is_good(program: Path, series: str) -> bool:
    """Whether a program is an interpreter of the series whose extension modules load."""
    try:
        return run([str(program), "-I", "-c", WORKS]).strip() == series
    except NotHereError:
        return False


# From Debian's archive ------------------------------------------------------------


def archive() -> str:
    """The address of the Debian archive that apt is set up with."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise NotHereError("there is no apt-get")
    if not KEYRING.is_file():
        raise NotHereError(f"there is no {KEYRING}, so nothing could be trusted")
    targets = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"])
    for address in targets.splitlines():
        if re.fullmatch(r"(https?|file)://\S+/debian/?", address):
            return address
    raise NotHereError("apt is set up with no archive of Debian")


@functools.cache
def set_up_apt(folder: Path) -> list[str]:
    """Make apt keep its files below the folder, and know of one archive only, as it is now.

    Returns the options that every call of apt needs.
    """
    lists, cache = folder / "lists", folder / "cache"
    for place in (lists / "partial", cache / "archives" / "partial"):
        place.mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    line = f"deb [signed-by={KEYRING}] {archive()} {RELEASE} main\n"
    sources.write_text(line, encoding="utf-8")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": lists,
        "Dir::Cache": cache,
        "APT::Sandbox::User": "",  # another user may not enter the folder
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "APT::Update::Error-Mode": "any",  # else it ends well without the lists
    }
    options = [f"-o{name}={value}" for name, value in settings.items()]
    run(["apt-get", *options, "update"])
    return options


def packages(series: str, options: list[str]) -> Iterator[str]:
    """Name what an interpreter needs: its own packages and the libraries they depend on.

    A debug build uses the standard library of the release build. What only its own packages depend
    on is left out: Tk, and databases.
    """
    release = series.removesuffix("d")
    own = [f"python{release}-minimal", f"libpython{release}", f"libpython{release}-dev"]
    if release != series:
        own += [f"python{release}-dbg", f"libpython{release}-dbg"]
    yield from own
    kinds = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    wanted = ["--recurse", *(f"--no-{kind}" for kind in kinds), *own[:2]]
    for line in run(["apt-cache", *options, "depends", *wanted]).splitlines():
        # Lines of what is depended on are indented; a virtual package is <so:written>.
        if re.fullmatch(r"(lib|zlib|python3\.)\S+", line) and line not in own:
            yield line


def unpack(series: str, folder: Path) -> None:
    """Make ``folder/bin/python3.N`` from Debian's packages, all or nothing."""
    target = folder / f"debian-{series}"
    new = folder / f"new-{series}"
    for place in (target, new):
        shutil.rmtree(place, ignore_errors=True)
    debs = new / "debs"
    root = new / "root"
    debs.mkdir(parents=True)
    options = set_up_apt(folder / "apt")
    run(["apt-get", *options, "download", *packages(series, options)], debs)
    for package in sorted(debs.glob("*.deb")):
        run(["dpkg-deb", "--extract", str(package), str(root)])
    shutil.rmtree(debs)
    shutil.rmtree(root / "usr" / "share", ignore_errors=True)
    new.rename(target)
    wrap(series, target / "root", folder / "bin")


def wrap(series: str, root: Path, bin_folder: Path) -> None:
    """Put a script in the place of the program, and link to it."""
    script = root / "usr" / "bin" / f"python{series}"
    program = script.with_name(f"python{series}.program")
    script.rename(program)
    loaders = sorted(root.glob("**/ld-linux*.so.*"))
    libraries = sorted({path.parent for path in root.glob("usr/lib/**/libc.so.6")})
    if not loaders or not libraries:
        raise NotHereError(f"the packages of {series} bring no C library")
    names = {"loader": loaders[0], "libraries": libraries[0], "program": program}
    quoted = {name: shlex.quote(str(path)) for name, path in names.items()}
    script.write_text(WRAPPER.format(**quoted), encoding="utf-8")
    script.chmod(0o755)
    link(script, bin_folder / f"python{series}")


# From uv --------------------------------------------------------------------------


def install_with_uv(series: str, folder: Path) -> None:
    """Make ``folder/bin/python3.N`` by ``uv python install``."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    place = folder / "uv"
    run([uv, "python", "install", "--no-bin", "--install-dir", str(place), series])
    programs = sorted(place.glob(f"cpython-{series}.*/bin/python{series}"))
    if not programs:
        raise NotHereError(f"{uv} has installed no python{series}")
    link(programs[-1], folder / "bin" / f"python{series}")


# ----------------------------------------------------------------------------------


def link(program: Path, name: Path) -> None:
    name.parent.mkdir(parents=True, exist_ok=True)
    name.unlink(missing_ok=True)
    name.symlink_to(program)


def get(series: str, folder: Path) -> Path:
    """The interpreter of a series, got if it is not there."""
    program = folder / "bin" / f"python{series}"
    if is_good(program, series):
        say(f"python{series} is there")
        return program
    reasons = []
    for way in (unpack, install_with_uv):
        try:
            way(series, folder)
        except NotHereError as error:
            reasons.append(str(error))
            continue
        if is_good(program, series):
            say(f"got python{series}")
            return program
        reasons.append(f"what {way.__name__} brought does not run")
    program.unlink(missing_ok=True)
    raise NotHereError("; ".join(reasons))


def main() -> int:
    """Get what is missing; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("series", nargs="*", default=SERIES, metavar="SERIES")
    options = parser.parse_args()
    folder = options.folder.absolute()
    programs = []
    reasons: dict[str, list[str]] = {}
    for series in options.series:
        try:
            programs.append(str(get(series, folder)))
        except NotHereError as error:
            reasons.setdefault(str(error), []).append(f"python{series}")
    print(os.pathsep.join(programs))
    if reasons:
        said = " | ".join(f"no {' and '.join(names)}: {why}" for why, names in reasons.items())
        say(said)
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main())
