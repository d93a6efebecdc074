"""Domains that keep what each page has, and lead from a page to a place on another one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from docutils import nodes
from sphinx.domains import Domain

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["PageDomain", "Place", "add_page_domain", "place_of", "section_of"]


class Place(NamedTuple):
    """A section of a page; both parts are empty for what stands in none.

    :param anchor: its id on the page.
    :param title: its heading as plain text.
    """

    anchor: str
    title: str


def section_of(node: nodes.Node) -> nodes.section | None:
    """The innermost section around ``node``, or None."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.section):
        parent = parent.parent
    return parent


def place_of(section: nodes.section | None) -> Place:
    """How to name a section and to link to it."""
    if section is None:
        return Place("", "")
    title = section.next_node(nodes.title)
    return Place(section["ids"][0], title.astext() if title is not None else "")


class PageDomain(Domain):
    """Keeps what each page has: every value of ``initial_data`` is a dictionary by docname.

    It has no objects that a role refers to. Register it with `add_page_domain`.
    """

    initial_data: ClassVar[dict[str, Any]]

    # Not part of the pickled data.
    #: Address of the second page, seen from the first: the builder's ``get_relative_uri``.
    relative_uri: Callable[[str, str], str]

    @classmethod
    def of(cls, env: BuildEnvironment) -> Self:
        """The domain of this class in ``env``."""
        domain = env.get_domain(cls.name)
        assert isinstance(domain, cls)
        return domain

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is gone, or about to be read again."""
        for kind in self.initial_data:
            self.data[kind].pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process read (it also holds old copies of others)."""
        for kind in self.initial_data:
            other = otherdata[kind]
            self.data[kind].update({docname: other[docname] for docname in docnames & other.keys()})

    def resolve_any_xref(
        self, *args: object, **options: object
    ) -> list[tuple[str, nodes.reference]]:
        """Find nothing: there are no objects to refer to."""
        return []

    def link(self, docname: str, anchor: str, text: str) -> nodes.reference:
        """A link from the page that is resolved now to a page, or to a place on it."""
        uri = self.relative_uri(self.env.current_document.docname, docname)
        # Where all pages are in one file, the address of a page is an anchor already.
        refuri = f"{uri.partition('#')[0]}#{anchor}" if anchor else uri
        return nodes.reference("", text, refuri=refuri, internal=True)

    def link_to_place(self, docname: str, place: Place) -> nodes.reference:
        """A link to a section that says which one it is: ``page: section``."""
        page = self.env.titles[docname].astext()
        text = page if place.title in {"", page} else f"{page}: {place.title}"
        return self.link(docname, place.anchor, text)


def add_page_domain(app: Sphinx, domain: type[PageDomain]) -> None:
    """Register a domain, and tell it in each build how pages link to one another."""
    app.add_domain(domain)
    app.connect("builder-inited", partial(_note_builder, domain))


def _note_builder(domain: type[PageDomain], app: Sphinx) -> None:
    domain.of(app.env).relative_uri = app.builder.get_relative_uri
