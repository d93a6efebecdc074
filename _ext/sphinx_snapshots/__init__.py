"""Sphinx extensions whose pages show what committed files say: files that a machine writes.

Such a file is a snapshot. A command makes it anew from the world outside (a tracker, programs that
are run, a drawing program), a person reviews the difference, and a build only reads it. So a build
needs no network, and what the site says of the world changes by reviewed commits alone.

:mod:`.refstatus` shows what became of issues, pull requests and commits, :mod:`.behavior` what
programs did on several versions of Python, :mod:`.diagrams` drawings of Mermaid diagrams, and
:mod:`.releases` collects from the pages what each release changed, and :mod:`.search` finds
sections, and whatever else the others have, in the browser. What they share is in
:mod:`.kit`, which knows none of them; none of them knows another.
"""

__all__ = ["__version__"]

__version__ = "1.0.0"
