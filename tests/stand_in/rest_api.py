"""The few routes of GitHub's REST API that a refresh uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from .graphql_api import find_commit
from .world import Commit, Issue, Pull, Repository, World

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Further pages cannot be had by number, only by the links of the page before.
_LAST_PAGE = 100


class RestAnswer(NamedTuple):
    """Status, what the body says, and headers beside the usual ones."""

    status: int
    content: object
    headers: Mapping[str, str] = {}


def answer(world: World, address: str, target: str) -> RestAnswer:
    """What GitHub answers to ``GET``.

    :param address: where the API begins, as ``http://host/api``.
    :param target: the rest of the address, as ``/repos/o/r/issues/1``.
    """
    parts = urlsplit(target)
    if match := re.fullmatch(r"/repos/([^/]+/[^/]+)", parts.path):
        return _answer_repository(world, address, match[1])
    if match := re.fullmatch(r"/repos/([^/]+/[^/]+)/issues/(\d+)", parts.path):
        return _answer_item(world, address, match[1], int(match[2]))
    if match := re.fullmatch(r"/repos/([^/]+/[^/]+)/commits/([0-9a-f]+)", parts.path):
        return _answer_commit(world, address, match[1], match[2])
    if match := re.fullmatch(r"/repos/([^/]+/[^/]+)/issues", parts.path):
        return _answer_list(world, address, match[1], parse_qs(parts.query))
    return RestAnswer(404, {"message": "Not Found", "status": "404"})


_NOT_FOUND = RestAnswer(404, {"message": "Not Found", "status": "404"})


def _moved(to: str) -> RestAnswer:
    content = {"message": "Moved Permanently", "url": to}
    return RestAnswer(301, content, {"Location": to})


def _answer_repository(world: World, address: str, name: str) -> RestAnswer:
    repository = world.find(name)
    if repository is None:
        return _NOT_FOUND
    if repository.name.lower() != name.lower():
        return _moved(f"{address}/repos/{repository.name}")
    content = {"full_name": repository.name, "private": repository.is_private}
    return RestAnswer(200, content)


def _answer_item(world: World, address: str, name: str, number: int) -> RestAnswer:
    repository = world.find(name)
    if repository is None:
        return _NOT_FOUND
    if repository.name.lower() != name.lower():
        return _moved(f"{address}/repos/{repository.name}/issues/{number}")
    if number in repository.moved:
        to_repository, to_number = repository.moved[number]
        return _moved(f"{address}/repos/{to_repository}/issues/{to_number}")
    if number in repository.deleted:
        return RestAnswer(410, {"message": "This issue was deleted", "status": "410"})
    item = repository.items.get(number)
    return _NOT_FOUND if item is None else RestAnswer(200, _shape(address, repository, item))


def _answer_commit(world: World, address: str, name: str, ref: str) -> RestAnswer:
    repository = world.find(name)
    if repository is None:
        return _NOT_FOUND
    if repository.name.lower() != name.lower():
        return _moved(f"{address}/repos/{repository.name}/commits/{ref}")
    commit = find_commit(repository, ref)
    if commit is None:
        return RestAnswer(422, {"message": f"No commit found for SHA: {ref}", "status": "422"})
    return RestAnswer(200, _shape_commit(commit))


def _answer_list(
    world: World, address: str, name: str, query: Mapping[str, list[str]]
) -> RestAnswer:
    repository = world.find(name)
    if repository is None:
        return _NOT_FOUND
    wanted = {"state": ["all"], "sort": ["updated"], "direction": ["asc"]}
    assert wanted.items() <= query.items(), "the stand-in knows this one list only"
    since, size = query["since"][0], int(query["per_page"][0])
    page = int(query.get("page", ["1"])[0])
    if page > _LAST_PAGE:
        return RestAnswer(422, {"message": "use cursor based pagination", "status": "422"})
    changed = sorted(
        (item for item in repository.items.values() if item.updated >= since),
        key=lambda item: item.updated,
    )
    shown = changed[(page - 1) * size : page * size]
    headers = {}
    if page * size < len(changed):
        url = (
            f"{address}/repos/{name}/issues?state=all&sort=updated&direction=asc"
            f"&since={since}&per_page={size}&page={page + 1}"
        )
        headers["Link"] = f'<{url}>; rel="next", <{url}>; rel="last"'
    return RestAnswer(200, [_shape(address, repository, item) for item in shown], headers)


def _shape(address: str, repository: Repository, item: Issue | Pull) -> dict[str, Any]:
    shaped = {
        "number": item.number,
        "title": item.title,
        "state": "open" if item.state == "OPEN" else "closed",
        "state_reason": None,
        "repository_url": f"{address}/repos/{repository.name}",
        "html_url": f"https://github.com/{repository.name}/issues/{item.number}",
        "created_at": item.created,
        "updated_at": item.updated,
        "closed_at": item.closed,
    }
    if isinstance(item, Issue):
        shaped["state_reason"] = item.reason.lower() if item.reason else None
    else:
        shaped |= {"draft": item.is_draft, "pull_request": {"merged_at": item.merged}}
    return shaped


def _shape_commit(commit: Commit) -> dict[str, Any]:
    person = {"name": "Somebody", "date": commit.committed}
    return {"sha": commit.oid, "commit": {"message": commit.message, "committer": person}}
