"""Build the site SOURCE into OUTPUT where nothing may ask the network or load what draws."""

import socket
import sys
from typing import NoReturn

from sphinx.cmd.build import main

DRAWING = {"quickjs", "mermaid_render", "sphinx_snapshots.diagrams.pele"}


def refuse(*arguments: object) -> NoReturn:
    """Stand in for whatever begins to use the network."""
    raise AssertionError("a build must not use the network")


for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, refuse)
for name in ("create_connection", "getaddrinfo"):
    setattr(socket, name, refuse)

status = main(["-q", "-W", "-b", "html", "-D", "html_theme=basic", *sys.argv[1:]])
if loaded := DRAWING & sys.modules.keys():
    sys.exit(f"loaded: {loaded}")
sys.exit(status)
