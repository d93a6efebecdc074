"""What pages show of committed data: kept by page, checked, written again when the data changed.

Also what readers may look for in the data, and how extensions add to the writing of pages.
"""

from __future__ import annotations

import os
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NamedTuple, Self

from docutils import nodes
from docutils.utils import Reporter
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.domains import Domain
from sphinx.errors import NoUri
from sphinx.util.docutils import new_document

from .rewrites import rewrite_when_changed
from .translation import add_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxTranslator

    from .rewrites import Rewrites

#: Names by which the section around a node is looked for, too: a list of texts.
NAMES: Final = "names_to_find"

# Nodes of Sphinx by name: few sites load all three extensions that they come from.
_CONDITIONAL: Final = frozenset({"only", "ifconfig", "todo_node"})


class Condition(NamedTuple):
    """On what it depends whether a build shows something.

    :param directive: ``"only"``, ``"ifconfig"`` or ``"todo"``, each with a rule of its own.
    :param expression: what the author wrote behind it.
    """

    directive: str
    expression: str = ""


class Place(NamedTuple):
    """Where something stands: a section of a page; all is empty for what stands in none.

    :param anchor: the section's id on the page.
    :param title: its heading as plain text.
    :param only: the conditions around it, the outermost last.
    """

    anchor: str
    title: str
    only: tuple[Condition, ...] = ()


def is_conditional(node: nodes.Node) -> bool:
    """Whether only some builds show what stands in ``node``: all builds read it."""
    return type(node).__name__ in _CONDITIONAL


def section_of(node: nodes.Node) -> nodes.section | None:
    """The innermost section around ``node``, or None."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.section):
        parent = parent.parent
    return parent


def place_of(node: nodes.Node | None, known: dict[nodes.Node, Place] | None = None) -> Place:
    """Where ``node`` stands; a section stands in itself.

    :param known: what was found before, for one who asks for many nodes: it is looked up and kept.
    """
    while node is not None and not (isinstance(node, nodes.section) or is_conditional(node)):
        node = node.parent
    if node is None:
        return Place("", "")
    known = {} if known is None else known
    if node not in known:
        around = place_of(node.parent, known)
        if isinstance(node, nodes.section):
            title = node.next_node(nodes.title)
            heading = title.astext() if title is not None else ""
            known[node] = Place(node["ids"][0], heading, around.only)
        else:
            assert isinstance(node, nodes.Element)
            condition = Condition(type(node).__name__.removesuffix("_node"), node.get("expr", ""))
            known[node] = around._replace(only=(condition, *around.only))
    return known[node]


class Record(NamedTuple):
    """Something that a reader may look for, and where it stands: the unit in which one searches.

    :param kind: ``"page"`` is what a page says before its first section.
    :param docname: its page.
    :param anchor: its id there; empty for the page itself.
    :param title: its heading, as plain text.
    :param text: what it says, as plain text, without what has a record of its own.
    :param names: other names for it, which need not stand in the text.
    :param only: the conditions around it.
    """

    kind: Literal["page", "section", "term", "message", "item", "probe"]
    docname: str
    anchor: str
    title: str
    text: str = ""
    names: tuple[str, ...] = ()
    only: tuple[Condition, ...] = ()


class HasRecord:
    """Base of nodes that a record of their own speaks for: no part of the text of a section."""


class PageDomain(Domain):
    """Keeps what each page has, and shows on pages what committed data say.

    Every value of ``initial_data`` is a dictionary by docname, and an attribute by its name. There
    are no objects that a role refers to. Register a class with `add_page_domain`, which has
    :meth:`load`, :meth:`complain` and :meth:`shown_on` called in each build; what they have nothing
    to do for need not be overridden.
    """

    initial_data: ClassVar[dict[str, Any]]

    # Not part of the pickled data.
    #: What is known of the pages that are to be written again.
    rewrites: Rewrites
    # Address of the second page, seen from the first.
    _relative_uri: Callable[[str, str], str]
    # Whether this build shows what stands under a condition.
    _is_true: Callable[[Condition], bool]
    #: Whether the builder puts all pages into one file of HTML.
    is_in_one_file: bool
    # Docname to its place among all pages, for those in a toctree; known once all are read.
    _reading_order: Mapping[str, int] = {}

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        # The very dictionaries that Sphinx pickles: nobody puts others in their place.
        self.__dict__.update({kind: self.data[kind] for kind in self.initial_data})

    def load(self, app: Sphinx) -> None:
        """Read the committed data, before a page is read and before any worker process starts.

        What is kept for the build in attributes of this object, worker processes have as well;
        none of it is pickled. Data that :attr:`rewrites` knows were found good then, and are read
        only if something asks for them.

        :raises ExtensionError: the data cannot be used; the message has file and line.
        """

    def complain(self) -> None:
        """Warn of what is wrong: in every build, not only in one that reads or writes the page."""

    def shown_on(self, docname: str) -> str:
        """All that a page shows of the data and of other pages, as text that differs when it does.

        Empty for a page that shows nothing of them. See :mod:`.rewrites`.
        """
        return ""

    def records(self) -> Iterable[Record]:
        """What the data have that readers may look for, other than the text of pages."""
        return ()

    def facts(self) -> Mapping[str, str]:
        """Figures that pages may tell, by name; asked for when all pages were read."""
        return {}

    def digest_of_data(self) -> str:
        """A text that differs when the data differ, or the settings that decide what is shown.

        Empty where that cannot be told cheaply. See :mod:`.rewrites`.
        """
        return ""

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

    def in_reading_order(self, docnames: Iterable[str]) -> list[str]:
        """The pages as the toctrees have them; those in no toctree follow, sorted by name."""
        order = self._reading_order
        return sorted(docnames, key=lambda docname: (order.get(docname, len(order)), docname))

    def find_reading_order(self) -> None:
        """Look where the toctrees have each page: once in each build, as it costs some time."""
        relations = self.env.collect_relations()
        self._reading_order = {docname: place for place, docname in enumerate(relations)}
        self.__dict__.pop("_page_of_anchor", None)

    def is_here(self, place: Place) -> bool:
        """Whether this build shows what stands there, and not only others."""
        return all(map(self._is_true, place.only))

    def link(self, docname: str, anchor: str, text: str) -> nodes.reference | nodes.inline:
        """A link from the page that is resolved now to a page, or to a place on it.

        Plain text where that page is in no document of this build, as an orphan is in no PDF.
        """
        if (uri := self.address(docname, anchor)) is None:
            return nodes.inline("", text)
        return nodes.reference("", text, refuri=uri, internal=True)

    def address(self, docname: str, anchor: str) -> str | None:
        """The address of what `link` leads to, or None where that is in no document."""
        if self.is_in_one_file and docname not in self._reading_order:
            return None
        try:
            uri = self._relative_uri(self.env.docname, docname)
        except NoUri:
            return None
        if anchor and not (self.is_in_one_file and self._page_of_anchor.get(anchor) != docname):
            # Where all pages are in one file, the address of a page is an anchor already.
            uri = f"{uri.partition('#')[0]}#{anchor}"
        return uri

    @cached_property
    def _page_of_anchor(self) -> dict[str, str]:
        """The page that a browser finds first, if pages in one file share an id."""
        pages: dict[str, str] = {}
        for docname in self._reading_order:
            for node in self.env.tocs[docname].findall(nodes.reference):
                pages.setdefault(node["anchorname"].removeprefix("#"), docname)
        return pages

    def link_to_place(self, docname: str, place: Place) -> nodes.reference | nodes.inline:
        """A link to a section that says which one it is: ``page: section``."""
        page = self.env.titles[docname].astext()
        text = page if place.title in {"", page} else f"{page}: {place.title}"
        return self.link(docname, place.anchor, text)


def add_page_domain(app: Sphinx, domain: type[PageDomain]) -> None:
    """Register a domain with the words that it shows; have its methods called when it is time."""
    add_catalog(app)
    app.add_domain(domain)
    rewrites = rewrite_when_changed(
        app,
        domain.name,
        lambda app, docname: domain.of(app.env).shown_on(docname),
        lambda app: domain.of(app.env).digest_of_data(),
    )

    def load(app: Sphinx) -> None:
        known = domain.of(app.env)
        known.rewrites = rewrites
        known._relative_uri = app.builder.get_relative_uri
        known._is_true = cache(partial(_is_true, app))
        known.is_in_one_file = isinstance(app.builder, SingleFileHTMLBuilder)
        known.load(app)

    def complain(app: Sphinx, env: BuildEnvironment) -> None:
        domain.of(env).find_reading_order()
        domain.of(env).complain()

    app.connect("builder-inited", load)
    app.connect("env-updated", complain)


def _is_true(app: Sphinx, condition: Condition) -> bool:
    """What Sphinx thinks of it, which keeps what it does not understand."""
    if condition.directive == "todo":
        # A node of this name may be of an extension that has no such setting.
        return bool(getattr(app.config, "todo_include_todos", True))
    if condition.directive == "ifconfig":
        from sphinx.ext.ifconfig import ifconfig, process_ifconfig_nodes

        document = new_document("")
        # An expression that fails is told where it stands; it hides nothing.
        document.reporter = Reporter("", Reporter.SEVERE_LEVEL, Reporter.SEVERE_LEVEL)
        document += ifconfig("", nodes.paragraph(), expr=condition.expression)
        process_ifconfig_nodes(app, document, "")
        return bool(document.children)
    try:
        return app.tags.eval_condition(condition.expression)
    except Exception:
        return True


def is_website(builder: Builder) -> bool:
    """Whether a builder writes pages that are served, and files may lie beside them.

    In an EPUB these would be taken for a part of the book.
    """
    return builder.format == "html" and builder.name != "epub"


def add_static_folder(app: Sphinx, folder: Path, style_sheet: str | None = None) -> None:
    """Have ``folder`` copied by builders that write HTML (by format, not by name).

    :param style_sheet: the file in it that every page loads.
    """

    def add(app: Sphinx) -> None:
        if app.builder.format == "html":
            # First: a file of the site itself wins, as it does over one of the theme.
            app.config.html_static_path.insert(0, os.fspath(folder))
            if style_sheet:
                app.add_css_file(style_sheet)

    app.connect("builder-inited", add)


def extend_translator(app: Sphinx, methods: type[SphinxTranslator], priority: int) -> None:
    """Extend the translator that theme and extensions have chosen, if it is of the same kind.

    One class for the whole build: a translator of each page would be tied to its nodes.

    :param methods: what it gets in addition; derived from the translator that it is for.
    :param priority: behind those of whoever chooses a translator.
    """

    def extend(app: Sphinx) -> None:
        if app.builder.format not in {"html", "latex"}:
            return
        chosen = app.builder.get_translator_class()
        if issubclass(chosen, methods.__bases__):
            extended = type(chosen.__name__, (methods, chosen), {})
            app.set_translator(app.builder.name, extended, override=True)

    app.connect("builder-inited", extend, priority=priority)
