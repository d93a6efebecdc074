"""GitHub's GraphQL API: questions are checked and answered by GitHub's own schema."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from .world import Commit, Issue, Pull, Repository, World

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A value of a field: data, or a function that makes it from the field's arguments.
Fields = dict[str, Any]


@cache
def load_schema() -> GraphQLSchema:
    """GitHub's schema, as far as ``tools/prune_github_schema.py`` has kept it."""
    return build_schema(Path(__file__).with_name("github.graphql").read_text(encoding="utf-8"))


def answer(world: World, question: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON that GitHub answers to ``{"query": …, "variables": …}``."""
    try:
        document = parse(question["query"])
    except GraphQLError as error:
        return {"errors": [_shape(error)]}
    if errors := validate(load_schema(), document):
        return {"errors": [_shape(error) for error in errors]}
    budget = _Budget(world.costly)
    result = execute_sync(
        load_schema(),
        document,
        root_value={"repository": partial(_find_repository, world, budget)},
        variable_values=question.get("variables"),
    )
    shaped: dict[str, Any] = {"data": result.data}
    if result.errors:
        shaped["errors"] = [_shape(error) for error in result.errors]
    return shaped


def _shape(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub writes it: its type stands beside the message."""
    formatted: dict[str, Any] = dict(error.formatted)
    kind = (error.extensions or {}).get("type")
    if kind:
        formatted.pop("extensions", None)
        formatted["type"] = kind
    return formatted


def _error(kind: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": kind})


class _Budget:
    """How many items one question may still ask for."""

    def __init__(self, items: int) -> None:
        self._items = items

    def spend(self) -> None:
        if self._items <= 0:
            raise _error("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.")
        self._items -= 1


def _find_repository(
    world: World,
    budget: _Budget,
    _info: GraphQLResolveInfo[Any],
    owner: str,
    name: str,
    *,
    followRenames: bool = True,  # noqa: N803  GitHub's own name
) -> Fields:
    found = world.find(f"{owner}/{name}")
    if found is None or not followRenames:
        message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
        raise _error("NOT_FOUND", message)
    return {
        "__typename": "Repository",
        "nameWithOwner": found.name,
        "isPrivate": found.is_private,
        "issueOrPullRequest": partial(_find_item, world, budget, found),
        "object": partial(_find_object, budget, found),
    }


def _find_item(
    world: World,
    budget: _Budget,
    repository: Repository,
    _info: GraphQLResolveInfo[Any],
    number: int,
) -> Fields:
    budget.spend()
    if number in world.forbidden:
        raise _error("FORBIDDEN", "Resource not accessible by personal access token")
    item = repository.items.get(number)
    # A transferred issue is not found here either.
    if item is None:
        message = f"Could not resolve to an issue or pull request with the number of {number}."
        raise _error("NOT_FOUND", message)
    return _item_fields(repository, item)


def _item_fields(repository: Repository, item: Issue | Pull) -> Fields:
    fields: Fields = {
        "number": item.number,
        "title": item.title,
        "state": item.state,
        "createdAt": item.created,
        "closedAt": item.closed,
        "repository": {"nameWithOwner": repository.name},
    }
    if isinstance(item, Issue):
        return {**fields, "__typename": "Issue", "stateReason": partial(_state_reason, item)}
    return {
        **fields,
        "__typename": "PullRequest",
        "isDraft": item.is_draft,
        "mergedAt": item.merged,
    }


def _state_reason(
    issue: Issue,
    _info: GraphQLResolveInfo[Any],
    *,
    enableDuplicate: bool,  # noqa: N803  GitHub's own name
) -> str | None:
    if issue.reason == "DUPLICATE" and not enableDuplicate:
        return "NOT_PLANNED"
    return issue.reason


def _find_object(
    budget: _Budget,
    repository: Repository,
    _info: GraphQLResolveInfo[Any],
    *,
    oid: str | None = None,
    expression: str | None = None,
) -> Fields | None:
    """A commit by its whole id, or by what git would take. Null, without error, if none is."""
    budget.spend()
    if oid is not None and not re.fullmatch(r"[0-9a-f]{40}", oid):
        raise GraphQLError(f"'{oid}' is not a GitObjectID")
    commit = find_commit(repository, oid or expression or "")
    if commit is None:
        return None
    return {
        "__typename": "Commit",
        "oid": commit.oid,
        "messageHeadline": commit.message.partition("\n")[0],
        "committedDate": commit.committed,
    }


def find_commit(repository: Repository, name: str) -> Commit | None:
    """The commit that git would take ``name`` for: a branch, an id, or the start of one."""
    name = repository.branches.get(name, name)
    fitting = [commit for oid, commit in repository.commits.items() if oid.startswith(name)]
    return fitting[0] if len(fitting) == 1 else None
