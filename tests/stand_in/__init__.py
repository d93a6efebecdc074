"""A local server that stands in for GitHub and bugs.python.org in the tests."""

from .server import Exchange, StandIn
from .world import BpoIssue, Commit, Issue, Pull, Repository, World

__all__ = ["BpoIssue", "Commit", "Exchange", "Issue", "Pull", "Repository", "StandIn", "World"]
