"""Settings are one object: made of ``conf.py`` and of ``-D``, checked before anything is read."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from site_builds import warnings
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from site_builds import MakeApp


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return Path(shutil.copytree(rootdir / "test-kit", tmp_path / "site"))


def settings_of(make_app: MakeApp, site: Path, **overrides: object) -> Any:
    app = make_app("dummy", srcdir=site, confoverrides=overrides)
    assert warnings(app) == []
    domain: Any = app.env.get_domain("notes")
    return domain.settings


def test_they_are_named_by_their_extension_and_have_their_defaults(
    make_app: MakeApp, site: Path
) -> None:
    settings = settings_of(make_app, site)
    assert vars(settings) == {"file": "a.jsonl", "names": (), "is_on": True, "side": "left"}
    with pytest.raises(AttributeError, match="file: settings do not change"):
        settings.file = "b.jsonl"


def test_they_are_what_conf_py_says(make_app: MakeApp, site: Path) -> None:
    with (site / "conf.py").open("a") as file:
        file.write("kit_names = ('x', 'y')\nkit_is_on = False\n")
    settings = settings_of(make_app, site)
    assert (settings.names, settings.is_on) == (("x", "y"), False)


def test_the_command_line_can_say_them_as_text(make_app: MakeApp, site: Path) -> None:
    said = {"kit_file": "b.jsonl", "kit_names": "x,y", "kit_is_on": "0", "kit_side": "right"}
    settings = settings_of(make_app, site, **said)
    assert vars(settings) == {
        "file": "b.jsonl",
        "names": ("x", "y"),
        "is_on": False,
        "side": "right",
    }


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("kit_file = 5", "kit_file is 5; write a string"),
        ("kit_names = 'x'", "kit_names is 'x'; write a list of strings"),
        ("kit_names = [5]", "kit_names is [5]; write a list of strings"),
        ("kit_is_on = 1", "kit_is_on is 1; write True or False"),
        ("kit_side = 'up'", """kit_side is 'up'; write "left" or "right\""""),
        ("kit_side = []", 'kit_side is []; write "left" or "right"'),
    ],
)
def test_one_that_cannot_be_used_stops_the_build_with_what_to_write(
    make_app: MakeApp, site: Path, setting: str, message: str
) -> None:
    with (site / "conf.py").open("a") as file:
        file.write(f"{setting}\n")
    with pytest.raises(ExtensionError) as told:
        make_app("dummy", srcdir=site)
    assert message in str(told.value)
