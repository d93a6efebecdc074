"""Make ``.venv``, or bring it up to date; ``make`` calls this before whatever needs it.

    python3 tools/setup_venv.py site     what `make html` needs: requirements.txt
    python3 tools/setup_venv.py dev      what `make test` needs: requirements-dev.txt

uv does the work when it is on PATH, else this Python's venv and pip; of many packages pip installs
uv only, which then takes a third of the time for the rest. Nothing happens while the environment is
as it should be. A stamp inside it says what it holds; it is taken away before a change and written
after the last step, so an environment without one is never taken for good.

Only the standard library, and no syntax newer than Python 3.6: a Python that is too old has to get
as far as the sentence that says so. Hence the quoted annotations.
"""

import argparse
import contextlib
import errno
import glob
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # Windows
    sys.exit("set-up: this needs make and a POSIX system. On Windows: README.md, section Windows.")

OLDEST = (3, 11)
NEWEST_MINOR = 15
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "set-up.json")
PIP_INSTALL = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--no-input"]
PIP_INSTALL += ["--disable-pip-version-check"]

# What decides how the extensions in _ext are installed.
PACKAGE = "pyproject.toml"
LEVELS = {"site": ["requirements.txt"], "dev": ["requirements.txt", "requirements-dev.txt"]}
MAKE_TARGET = {"site": "html", "dev": "test"}

# What uv and pip say when something outside this project is the cause, and what to tell about it.
CAUSES = [
    (
        ("no space left", "disk quota", "os error 28"),
        "the disk is full. Make room, then run the same command again",
    ),
    (
        (
            "certificate",
            "connection",
            "dns error",
            "error sending request",
            "failed to fetch",
            "from versions: none",
            "name resolution",
            "tcp connect",
            "timed out",
            "unreachable",
        ),
        (
            "no package index answered. Is this machine on line? Behind a mirror or a proxy, its "
            "address belongs in PIP_INDEX_URL (for pip), UV_DEFAULT_INDEX (for uv) or HTTPS_PROXY"
        ),
    ),
    (
        ("no matching distribution", "no solution found", "could not find a version"),
        "the package index does not hold every pinned version for this Python",
    ),
]

# Prints which Python it is: the version, and the installation it comes from.
IDENTIFY = "import os, sys; print(sys.version.split()[0], os.path.realpath(sys.base_prefix))"


class SetUpError(Exception):
    """The environment cannot be made; the text says why, to a person."""


def say(text: str) -> None:
    print("set-up:", text, file=sys.stderr, flush=True)


# Which Python ---------------------------------------------------------------------


def identity(python: str) -> str:
    """Version and home of an interpreter; empty when it does not run."""
    try:
        output = subprocess.check_output(
            [python, "-I", "-S", "-c", IDENTIFY], stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return output.decode().strip()


def require_new_enough_python(level: str) -> None:
    if sys.version_info >= OLDEST:
        return
    advice = "Install one"
    for minor in range(NEWEST_MINOR, OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        if shutil.which(name) and identity(name):
            advice = f"Try: make {MAKE_TARGET[level]} PYTHON={name}"
            break
    this = sys.version.split()[0]
    raise SetUpError(
        f"this needs Python {OLDEST[0]}.{OLDEST[1]} or newer; {sys.executable} is {this}. {advice}."
    )


# The stamp ------------------------------------------------------------------------


def digest(level: str) -> str:
    """Sum up what decides what is installed: requirements, the package and this script."""
    sha = hashlib.sha256()
    for name in [os.path.abspath(__file__), PACKAGE, *LEVELS[level]]:
        with open(os.path.join(ROOT, name), "rb") as file:
            sha.update(hashlib.sha256(file.read()).digest())
    return sha.hexdigest()


def read_stamp() -> "dict[str, str]":
    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp: "dict[str, str]") -> None:
    with open(STAMP + ".new", "w", encoding="utf-8") as file:
        json.dump(stamp, file)
        file.write("\n")
    os.replace(STAMP + ".new", STAMP)


# The steps ------------------------------------------------------------------------


@contextlib.contextmanager
def signals_held_back() -> "Iterator[None]":
    """Interrupt only when this is over: a process that begins meanwhile would be left alone.

    What is ignored stays so. A process that begins gets none of this: it has handlers of its own.

    :raises KeyboardInterrupt: there was a signal.
    """
    came = []
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    kept = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in kept:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt


def run(command: "list[str]", doing: str, lock: int) -> None:
    """Run a step, show what it prints, and raise with the likely cause if it fails.

    The step inherits the lock: should this script be killed, the lock lasts as long as the step.
    """
    process = None
    said = ""
    try:
        with signals_held_back():
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                pass_fds=(lock,),
            )
        assert process.stdout is not None
        for line in process.stdout:
            text = line.decode(errors="replace")
            said += text.lower()
            sys.stderr.write(text)
            sys.stderr.flush()
        status = process.wait()
    except BaseException:
        if process is not None:
            process.terminate()
            process.wait()
        raise
    if status == 0:
        return
    for signs, cause in CAUSES:
        if any(sign in said for sign in signs):
            raise SetUpError(f"{doing} failed: {cause}.")
    raise SetUpError(f"{doing} failed; the lines above say why.")


def clear() -> None:
    """Remove what stands in the place of the environment, if that is an environment."""
    if not os.path.lexists(VENV):
        return
    if os.path.islink(VENV) or not os.path.isdir(VENV):
        raise SetUpError(".venv is not a folder; move it away.")
    if os.listdir(VENV) and not os.path.exists(os.path.join(VENV, "pyvenv.cfg")):
        raise SetUpError(".venv holds something that is not a virtual environment; move it away.")
    say("making .venv anew: it is broken, unfinished, or not for this Python or tool")
    # The configuration goes last, so that an interrupted removal can be taken up again.
    for entry in sorted(os.listdir(VENV), key="pyvenv.cfg".__eq__):
        path = os.path.join(VENV, entry)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    os.rmdir(VENV)


def create(uv: "str | None", lock: int) -> None:
    python = getattr(sys, "_base_executable", sys.executable)
    if uv:
        command = [uv, "venv", "--quiet", "--no-project", "--python", python, VENV]
    else:
        for module in ("venv", "ensurepip"):
            if importlib.util.find_spec(module) is None:
                major, minor = sys.version_info[:2]
                raise SetUpError(
                    f"{python} lacks its module {module}, which makes environments. On Debian and "
                    f"Ubuntu it comes with the package python{major}.{minor}-venv. "
                    "uv can do without it."
                )
        command = [python, "-m", "venv", VENV]
    run(command, "making .venv", lock)


def has_pip() -> bool:
    return bool(glob.glob(os.path.join(VENV, "lib", "python*", "site-packages", "pip")))


def pinned_uv(requirements: str) -> "str | None":
    """Give the line that pins uv, if the file has one."""
    with open(os.path.join(ROOT, requirements), encoding="utf-8") as file:
        return next((line.strip() for line in file if line.startswith("uv==")), None)


def install_requirements(uv: "str | None", requirements: str, lock: int) -> None:
    if uv:
        # Compiled now, since uv leaves that to the first import, which may not be allowed to.
        command = [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", VENV_PYTHON]
        command += [requirements]
    else:
        command = [*PIP_INSTALL, "-r", requirements]
    tool = "uv" if uv else "pip"
    say(f"installing {requirements} with {tool}")
    run(command, f"installing {requirements}", lock)


def install_by_pinned_uv(requirements: str, pin: str, lock: int) -> bool:
    """Whether uv, brought by pip, could install the requirements: it knows no settings of pip."""
    run([*PIP_INSTALL, pin], f"installing {pin}", lock)
    try:
        install_requirements(os.path.join(VENV, "bin", "uv"), requirements, lock)
    except SetUpError:
        say("uv could not, so pip does it")
        return False
    return True


def install(uv: "str | None", level: str, lock: int) -> None:
    requirements = LEVELS[level][-1]
    pin = None if uv else pinned_uv(requirements)
    if pin is None or not install_by_pinned_uv(requirements, pin, lock):
        install_requirements(uv, requirements, lock)
    # In place: what changes in _ext is what runs. The pins hold the build tool, so that no index is
    # asked.
    by_uv = [uv, "pip", "install", "--quiet", "--python", VENV_PYTHON]
    in_place = ["--no-deps", "--no-build-isolation", "--editable", "."]
    run([*(by_uv if uv else PIP_INSTALL), *in_place], "installing the extensions", lock)


def set_up(level: str, python_named: bool, lock: int) -> None:
    stamp = read_stamp()
    good = bool(stamp) and stamp.get("python") == identity(VENV_PYTHON)
    if good and python_named:
        good = stamp["python"] == identity(sys.executable)
    if good and stamp.get("level") == "dev":
        level = "dev"  # what holds everything goes on holding everything
    if good and stamp.get("level") == level and stamp.get("digest") == digest(level):
        return
    uv = shutil.which("uv")
    # uv makes environments without pip; by now it may be gone.
    if good and (uv or has_pip()):
        os.remove(STAMP)
    else:
        require_new_enough_python(level)
        clear()
        create(uv, lock)
    install(uv, level, lock)
    python = identity(VENV_PYTHON)
    write_stamp({"python": python, "level": level, "digest": digest(level)})


# The command ----------------------------------------------------------------------


@contextlib.contextmanager
def one_at_a_time() -> "Iterator[int]":
    """Hold a lock on the project's folder, so that two set-ups do not meet."""
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up in this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield lock
    finally:
        os.close(lock)


def interrupted(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description="Make .venv, or bring it up to date.")
    parser.add_argument("level", choices=sorted(LEVELS))
    parser.add_argument(
        "--python-named",
        action="store_true",
        help="the environment must be of the Python that runs this, not of any",
    )
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, interrupted)
    try:
        with one_at_a_time() as lock:
            set_up(arguments.level, arguments.python_named, lock)
    except SetUpError as error:
        say(str(error))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            say("the disk is full. Make room, then run the same command again.")
        else:
            where = error.filename or "the system"
            say(f"{where}: {error.strerror}")
    except KeyboardInterrupt:
        say("interrupted; run the same command again.")
        return 130
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
