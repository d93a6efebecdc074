"""Cut GitHub's GraphQL schema down to what the tests need: ``prune_github_schema.py ARCHIVE OUT``.

ARCHIVE is what ``npm pack @octokit/graphql-schema`` makes. The types of ``KEPT`` stay, with every
field and argument whose own type is a scalar, an enumeration or in ``KEPT``. So whatever is valid
by the cut schema is valid by the whole one.
"""

from __future__ import annotations

import json
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from graphql import (
    REMOVE,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    Visitor,
    VisitorAction,
    build_ast_schema,
    find_breaking_changes,
    parse,
    print_ast,
    visit,
)

KEPT: Final = frozenset(
    {
        "Blob",
        "Commit",
        "GitObject",
        "Issue",
        "IssueOrPullRequest",
        "PullRequest",
        "Query",
        "RateLimit",
        "Repository",
        "Tag",
        "Tree",
    }
)
_DESCRIBED: Final = (
    TypeDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    EnumValueDefinitionNode,
)
_BUILT_IN: Final = frozenset({"Boolean", "Float", "ID", "Int", "String"})


def prune(text: str) -> str:
    """The part of the schema ``text`` that is needed, without descriptions and directives."""
    whole = parse(text, no_location=True)
    leaves = {
        node.name.value
        for node in whole.definitions
        if isinstance(node, ScalarTypeDefinitionNode | EnumTypeDefinitionNode)
    }
    pruned: DocumentNode = visit(whole, _Cut(KEPT | _BUILT_IN | leaves))
    names = _Names()
    visit(pruned, names)
    pruned = visit(pruned, _Cut(KEPT | _BUILT_IN | names.found))
    # The whole one has had a field twice, in a type that does not matter here.
    schemas = build_ast_schema(pruned), build_ast_schema(whole, assume_valid_sdl=True)
    if changes := find_breaking_changes(*schemas):
        raise ValueError(f"the cut schema is not a part of the whole one: {changes[0].description}")
    return print_ast(pruned) + "\n"


class _Names(Visitor):
    """Collects the names of the types that fields and arguments have."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        self.found.add(node.name.value)


class _Cut(Visitor):
    """Removes all that is not one of the ``types`` or made of them."""

    def __init__(self, types: frozenset[str] | set[str]) -> None:
        super().__init__()
        self._types = types

    def enter(self, node: Node, key: object, *_: object) -> VisitorAction:
        name = getattr(getattr(node, "name", None), "value", None)
        if isinstance(node, DirectiveNode | DirectiveDefinitionNode):
            return REMOVE
        if isinstance(node, TypeDefinitionNode) and name not in self._types:
            return REMOVE
        # A number as the key: one of a union's types, or of those that a type implements.
        if isinstance(node, NamedTypeNode) and name not in self._types and isinstance(key, int):
            return REMOVE
        if isinstance(node, FieldDefinitionNode | InputValueDefinitionNode):
            return None if _name_of(node.type) in self._types else REMOVE
        return None

    def leave(self, node: Node, *_: object) -> Node | None:
        if isinstance(node, _DESCRIBED) and node.description is not None:
            return replace(node, description=None)
        return None


def _name_of(node: TypeNode) -> str:
    """The name of a type inside its lists and exclamation marks."""
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value


def main() -> None:
    archive, output = sys.argv[1:]
    with tarfile.open(archive) as files:

        def read(name: str) -> str:
            member = files.extractfile(f"package/{name}")
            if member is None:
                raise ValueError(f"{name} is not a file")
            return member.read().decode()

        package = json.loads(read("package.json"))
        license_text = read("LICENSE.md")
        schema = prune(read("schema.graphql"))
    heading = (
        f"Cut by tools/prune_github_schema.py from the npm package {package['name']},\n"
        f"version {package['version']}, whose license is:\n\n{license_text}"
    )
    comment = "".join(f"# {line}".rstrip() + "\n" for line in heading.splitlines())
    content = f"{comment}\n{schema}"
    Path(output).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
