"""A site as its commands see it: its settings and what its pages hold, read in this process."""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import sys
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from .files import locked, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

#: So many pages are read in one process, as Sphinx 7 does.
FEW_PAGES = 5


class SiteError(Exception):
    """The site cannot be read. The message is for the person who runs the command."""


def add_site_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which site a command is about, as ``sphinx-build`` has them."""
    group = parser.add_argument_group("the site")
    group.add_argument(
        "--source", type=Path, default=Path(), metavar="DIR", help="its pages (default: here)"
    )
    group.add_argument(
        "-c", "--conf-dir", type=Path, metavar="DIR", help="where conf.py is (default: the pages')"
    )
    group.add_argument(
        "-D",
        dest="define",
        action="append",
        default=[],
        type=_definition,
        metavar="NAME=VALUE",
        help="override a setting of conf.py",
    )
    group.add_argument(
        "-t",
        "--tag",
        dest="tags",
        action="append",
        default=[],
        metavar="TAG",
        help="a tag that conf.py and pages may ask for",
    )
    group.add_argument(
        "--doctrees",
        type=Path,
        metavar="DIR",
        help="keep what was read there, so that only changed pages are read the next time "
        "(it starts from a copy of what a build has left in _build or build)",
    )


def _definition(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


@contextmanager
def open_site(options: argparse.Namespace) -> Iterator[Sphinx]:
    """The application of the site that ``options`` name, with ``conf.py`` read.

    Nothing of it is written but the doctrees, once :func:`read_pages` is called. While it is open,
    no token is in the environment: ``conf.py`` and its extensions are anybody's code.

    :param options: has what :func:`add_site_options` adds.
    :raises SiteError: there is no site, or Sphinx cannot make sense of it.
    """
    source: Path = options.source.absolute()
    conf_dir: Path = (options.conf_dir or source).absolute()
    if not (conf_dir / "conf.py").is_file():
        raise SiteError(f"{conf_dir} has no conf.py: it is not the source of a site")
    if not sys.stderr.isatty():
        nocolor()
    with ExitStack() as stack:
        stack.enter_context(without_tokens())
        folder = Path(stack.enter_context(TemporaryDirectory()))
        doctrees = folder / "doctrees"
        if options.doctrees:
            doctrees = options.doctrees.absolute()
            stack.enter_context(locked(doctrees / ENV_PICKLE_FILENAME))
        is_new = not (doctrees / ENV_PICKLE_FILENAME).exists()
        if is_new and (built := _newest_doctrees(source)) is not None:
            # A copy, because a build must not find what it did not write. Whatever does not fit,
            # or was just being written, Sphinx reads again.
            with suppress(OSError):
                locks = shutil.ignore_patterns(".*")
                shutil.copytree(built, doctrees, ignore=locks, dirs_exist_ok=True)
        stack.enter_context(patch_docutils(conf_dir))
        stack.enter_context(docutils_namespace())
        with _telling(f"Sphinx cannot read {conf_dir / 'conf.py'}"):
            app = Sphinx(
                source,
                conf_dir,
                folder / "output",
                doctrees,
                "dummy",
                confoverrides=dict(options.define),
                tags=options.tags,
                status=None,
                warning=sys.stderr,
                parallel=os.cpu_count() or 1,
            )
        yield app


def _newest_doctrees(source: Path) -> Path | None:
    """What a build of these pages has left last, where Sphinx's own Makefiles put it."""
    found = [
        path
        for build in ("_build", "build", "../_build", "../build")
        for folder in ("*", "*/.doctrees")
        for path in source.glob(f"{build}/{folder}/{ENV_PICKLE_FILENAME}")
    ]
    return max(found, key=lambda path: path.stat().st_mtime).parent if found else None


def read_pages(app: Sphinx) -> None:
    """Have Sphinx read the pages that changed since they were read last; write no page.

    :raises SiteError: it cannot.
    """
    with _telling(f"Sphinx cannot read the pages in {app.srcdir}"):
        app.connect("env-before-read-docs", _read_few_pages_here)
        # Sphinx keeps the environment between reading and writing.
        if app.builder.read():
            replace_file(app.doctreedir / ENV_PICKLE_FILENAME, pickle.dumps(app.env))


def _read_few_pages_here(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Start no processes for a few pages: each of them would send back all that Sphinx knows."""
    if len(docnames) <= FEW_PAGES:
        app.parallel = 1


@contextmanager
def _telling(problem: str) -> Iterator[None]:
    """Have whatever the site's own code raises told in one way, and what it prints out of the way.

    :raises SiteError: it raised something.
    """
    try:
        # What the command itself prints may be read by another program.
        with redirect_stdout(sys.stderr):
            yield
    except SphinxError as error:
        raise SiteError(f"{problem}: {error}") from error
    except Exception as error:
        raise SiteError(f"{problem}: {type(error).__name__}: {error}") from error


@contextmanager
def without_tokens() -> Iterator[None]:
    """Take ``GITHUB_TOKEN`` and the like out of the environment, which programs inherit."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.endswith("_TOKEN")}
    try:
        yield
    finally:
        os.environ.update(taken)
