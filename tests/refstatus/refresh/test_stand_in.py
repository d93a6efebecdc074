"""The server of the tests refuses what GitHub would refuse, and its schema is part of GitHub's."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from graphql import build_schema, lexicographic_sort_schema, print_schema
from stand_in import Issue, StandIn, World, graphql_api

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


@pytest.fixture
def server() -> Iterator[StandIn]:
    world = World()
    world.repository("o/r").add(Issue(1, state="CLOSED", reason="DUPLICATE"))
    with StandIn(world) as server:
        yield server


def ask(server: StandIn, fields: str) -> dict[str, Any]:
    query = (
        'query { r: repository(owner: "o", name: "r") { i: issueOrPullRequest(number: 1) '
        f"{{ {fields} }} }} }}"
    )
    answer: dict[str, Any] = graphql_api.answer(server.world, {"query": query})
    return answer


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("... on Issue { heading }", "Cannot query field 'heading' on type 'Issue'."),
        ("... on Issue { title", "Syntax Error: Expected Name, found <EOF>."),
        (
            "... on Issue { state } ... on PullRequest { state }",
            "Fields 'state' conflict because they return conflicting types",
        ),
        ("...issue", "Unknown fragment 'issue'."),
        ("... on Issue { stateReason(duplicates: true) }", "Unknown argument 'duplicates'"),
        ("... on Commit { oid }", "Fragment cannot be spread here"),
        ("title", "Cannot query field 'title' on type 'IssueOrPullRequest'."),
    ],
)
def test_a_question_that_github_would_refuse_is_refused(
    server: StandIn, fields: str, message: str
) -> None:
    answer = ask(server, fields)
    assert "data" not in answer
    assert answer["errors"][0]["message"].startswith(message)


def test_duplicates_are_told_to_those_only_who_ask(server: StandIn) -> None:
    answer = ask(server, "... on Issue { a: stateReason b: stateReason(enableDuplicate: true) }")
    assert answer == {"data": {"r": {"i": {"a": "NOT_PLANNED", "b": "DUPLICATE"}}}}


def test_a_wrong_token_is_refused_everywhere(server: StandIn) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    query = {"query": "{ rateLimit { cost } }"}
    answers = [
        requests.post(server.addresses.graphql, json=query, headers=wrong, timeout=5),
        requests.post(server.addresses.graphql, json=query, timeout=5),
        requests.get(f"{server.addresses.rest}/repos/o/r/issues/1", headers=wrong, timeout=5),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_the_schema_is_cut_by_the_tool(tmp_path: Path) -> None:
    whole = '''
"""Says so."""
directive @secret on FIELD_DEFINITION
enum State { "Yes." OPEN CLOSED }
enum Unused { A }
scalar URI
interface Node { id: ID! }
interface GitObject { oid: String! }
"""An issue."""
type Issue implements Node { id: ID! state(old: State = OPEN): State! url: URI author: User }
type PullRequest implements Node { id: ID! @secret }
type Commit implements GitObject & Node { id: ID! oid: String! }
type User { name: String }
union IssueOrPullRequest = Issue | PullRequest
input Order { by: State }
type Query {
  repository(name: String!, order: Order): Repository
  user: User
}
type Repository { item("Which." number: Int!): IssueOrPullRequest! issues: [Issue!]! }
'''
    archive, output = tmp_path / "package.tgz", tmp_path / "cut.graphql"
    with tarfile.open(archive, "w:gz") as files:
        for name, text in {
            "package.json": json.dumps({"name": "schema", "version": "1.2.3"}),
            "LICENSE.md": "Copyright somebody\n\nDo what you like.\n",
            "schema.graphql": whole,
        }.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            files.addfile(member, io.BytesIO(text.encode()))
    tool = ROOT / "tools" / "prune_github_schema.py"
    subprocess.run([sys.executable, tool, archive, output], check=True)
    heading, _, cut = output.read_text().partition("\n\n")
    assert heading == (
        "# Cut by tools/prune_github_schema.py from the npm package schema,\n"
        "# version 1.2.3, whose license is:\n#\n# Copyright somebody\n#\n# Do what you like."
    )
    assert _tidy(cut) == _tidy("""
enum State { OPEN CLOSED }
scalar URI
interface GitObject { oid: String! }
type Issue { id: ID! state(old: State = OPEN): State! url: URI }
type PullRequest { id: ID! }
type Commit implements GitObject { id: ID! oid: String! }
union IssueOrPullRequest = Issue | PullRequest
type Query { repository(name: String!): Repository }
type Repository { item(number: Int!): IssueOrPullRequest! issues: [Issue!]! }
""")


def _tidy(schema: str) -> str:
    return print_schema(lexicographic_sort_schema(build_schema(schema)))
