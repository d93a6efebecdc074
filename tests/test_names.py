"""The general index has the names and messages that pages explain, under the words people type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from sphinx_snapshots.names import name_of, shortened

if TYPE_CHECKING:
    from pathlib import Path

    from site_builds import MakeApp

CONF = """
project = "Names"
extensions = ["sphinx_snapshots.names"]
names_pages = ["notes"]
names_messages = ["said"]
"""
PAGES = {
    "index": "Front\n=====\n\n``m_size`` ``m_size``\n\n.. toctree::\n\n   notes\n   said\n",
    "notes": """\
Notes
=====

:c:func:`Py_AtExit` is named once here, and ``m_size`` too.

More
----

:c:func:`Py_AtExit`, ``Py_AtExit()``; ``m_size``, ``m_size``, ``Py_mod_gil``, ``Python/import.c``,
``os.fork``.

The function ``os.fork()``
--------------------------

It is told about.
""",
    "said": """\
Said
====

.. list-table::
   :header-rows: 1

   * - ``Head``
     - Cure
   * - ``it failed; badly``
     - try
   * - no code
     - ``m_size``
""",
}


def test_a_page_is_indexed_where_it_names_what_it_explains(
    make_app: MakeApp, tmp_path: Path
) -> None:
    (tmp_path / "conf.py").write_text(CONF)
    for name, text in PAGES.items():
        (tmp_path / f"{name}.rst").write_text(text)
    app = make_app("html", srcdir=tmp_path)
    app.build()
    domain = app.env.get_domain("index")
    found = {
        docname: [(entry[1], entry[2]) for entry in entries]
        for docname, entries in domain.data["entries"].items()
        if entries
    }
    assert found == {
        # Once is enough in a heading and of a slot, but not elsewhere. A file is no name.
        "notes": [
            ("Py_AtExit", "more"),
            ("Py_mod_gil", "more"),
            ("m_size", "more"),
            ("os.fork", "the-function-os-fork"),
        ],
        "said": [("it failed, badly", "message-1")],
    }
    assert 'id="message-1"' in (app.outdir / "said.html").read_text()
    assert "it failed, badly" in (app.outdir / "genindex.html").read_text()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("PyInit_", ""),
        ("_PyRuntime", "_PyRuntime"),
        ("tp_dealloc", "tp_dealloc"),
        ("PYTHONMALLOC", "PYTHONMALLOC"),
        ("PythonFinalizationError", "PythonFinalizationError"),
        ("threading._shutdown()", "threading._shutdown"),
        ("import.c", ""),
        ("interp->finalizing = 1", ""),
        ("None", ""),
    ],
)
def test_code_that_is_a_name_is_told_from_other_code(code: str, name: str) -> None:
    assert name_of(nodes.literal(code, code)) == name


def test_a_long_message_is_cut() -> None:
    assert shortened("x" * 90) == "x" * 90
    assert shortened("x" * 91) == "x" * 89 + "…"
