"""Sphinx extension: what each release changed, collected from the pages that say so.

A page marks a paragraph with ``.. changed-in:: 3.12`` in front of it; nothing of that is shown.
``.. release-notes:: 3.12`` lists the marked paragraphs of all pages with a link to the section of
each. So a change is stated once, and the list cannot contradict the pages. A paragraph that is
marked for several releases stands under the first that its mark names; the lists of the others
lead to its section.

``:for: GROUP`` says whom a change concerns, one of the setting ``releases_groups``; the list has a
part for each. ``:breaks:`` says that code which worked before may not work any more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from . import __version__
from .kit import settings
from .kit.nodes import EVIDENCE, text
from .kit.pages import NAMES, PageDomain, Place, add_page_domain, place_of, section_of
from .kit.settings import add_settings, read_as, setting
from .kit.translation import _
from .kit.warnings import AuthorWarning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

_RELEASE: Final = re.compile(r"3\.(?:[89]|[1-9][0-9])")


class Settings(settings.Settings):
    """What ``conf.py`` says, as ``releases_groups``."""

    prefix: ClassVar[str] = "releases"

    #: Name of each group, as ``:for:`` has it, to its heading, in the order of the lists. The group
    #: ``""`` has what names none; without a heading for it, that stands before all groups.
    groups: Mapping[str, str] = setting(
        {}, read_as(dict[str, str], "a dictionary of names of groups to their headings"), "env"
    )


class WarningType(AuthorWarning, type="releases"):
    """Subtype of each warning; its type is ``releases`` (``releases.mark``)."""

    #: A mark names no release or an unknown group, or no paragraph follows it.
    MARK = "mark"
    #: No paragraph is marked for a release that a page wants to list.
    EMPTY = "empty"
    #: Paragraphs are marked for a release that no page lists.
    UNLISTED = "unlisted"


class ChangeMark(nodes.Invisible, nodes.Element):
    """Stands before a marked paragraph while a page is read.

    Its attributes are ``releases``, ``group`` and ``breaks``, as in :class:`Change`.
    """


class ReleaseNotes(nodes.General, nodes.Element):
    """Stands where the changes of one release are listed; attribute ``release``."""


class Change(NamedTuple):
    """A paragraph that says what changed.

    :param releases: ``"3.12"`` and the like; the first is the one whose list has the paragraph.
    :param paragraph: a copy, with its names not linked yet, naming no evidence.
    :param place: its section.
    :param group: whom it concerns: a name of the setting ``releases_groups``, or ``""``.
    :param breaks: code that worked before may not work any more.
    """

    releases: tuple[str, ...]
    paragraph: nodes.paragraph
    place: Place
    group: str
    breaks: bool


class ReleaseDomain(PageDomain):
    """Keeps the changes that each page states, and which releases each page lists."""

    name = "releases"
    label = "changes by release"
    initial_data: ClassVar[dict[str, Any]] = {"changes": {}, "listed": {}}
    data_version = 3

    #: Docname to changes, in the order of the page.
    changes: dict[str, tuple[Change, ...]]
    #: Docname to the releases that the page lists.
    listed: dict[str, tuple[str, ...]]

    def of_release(self, release: str) -> Iterator[tuple[str, Change]]:
        """Docname and change of each paragraph marked for a release, in reading order."""
        for docname in self.in_reading_order(self.changes):
            for change in self.changes[docname]:
                if release in change.releases:
                    yield docname, change

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note a page that was read, and take the marks out of it."""
        marks = list(document.findall(ChangeMark))
        changes = tuple(filter(None, map(_read_mark, marks)))
        for mark in marks:
            mark.parent.remove(mark)
        if changes:
            self.changes[docname] = changes
        listed = tuple(node["release"] for node in document.findall(ReleaseNotes))
        if listed:
            self.listed[docname] = listed

    def complain(self) -> None:
        """Warn of releases without changes and of changes without a list."""
        marked = {
            release: docname
            for docname, changes in sorted(self.changes.items())
            for change in changes
            for release in change.releases
        }
        listed = {release: docname for docname, found in self.listed.items() for release in found}
        for release in sorted(listed.keys() - marked.keys()):
            message = f"no paragraph is marked with '.. changed-in:: {release}'"
            WarningType.EMPTY.warn(message, listed[release])
        for release in sorted(marked.keys() - listed.keys()):
            message = f"a paragraph is marked for {release}, which no page lists"
            WarningType.UNLISTED.warn(message, marked[release])

    def shown_on(self, docname: str) -> str:
        """The changes of the releases that a page lists."""
        shown = [
            (release, page, change.place, change.group, change.breaks, change.paragraph.pformat())
            for release in self.listed.get(docname, ())
            for page, change in self.of_release(release)
        ]
        return repr(shown) if shown else ""


def _read_mark(mark: ChangeMark) -> Change | None:
    following = mark.next_node(descend=False, siblings=True)
    if not isinstance(following, nodes.paragraph):
        message = "a mark must stand right before a paragraph, with an empty line between them"
        WarningType.MARK.warn(message, mark)
        return None
    place = place_of(section_of(following))
    return Change(mark["releases"], _copy(following), place, mark["group"], mark["breaks"])


def _copy(paragraph: nodes.paragraph) -> nodes.paragraph:
    """A copy that belongs to no page and names no evidence: its links are plain links."""
    copy = paragraph.deepcopy()
    for node in copy.findall():
        node.document = None  # type: ignore[assignment]  # for the stubs each node has a page
    for element in list(copy.findall(nodes.Element)):
        element["ids"], element["names"] = [], []
        was_named = element.attributes.pop(EVIDENCE, False) or isinstance(element, nodes.target)
        if was_named and not element.astext():
            before = element.previous_sibling()
            if isinstance(before, nodes.Text):
                element.parent.replace(before, nodes.Text(before.rstrip()))
            element.parent.remove(element)
        elif isinstance(element, nodes.reference):
            element[EVIDENCE] = False
    return copy


class MarkChange(SphinxDirective):
    """``.. changed-in:: 3.12``, with one or more releases."""

    required_arguments = 1
    optional_arguments = 20
    option_spec: ClassVar[dict[str, Any]] = {
        "for": directives.unchanged_required,
        "breaks": directives.flag,
    }

    def run(self) -> list[Node]:
        """Return the mark."""
        wrong = [text for text in self.arguments if _RELEASE.fullmatch(text) is None]
        if wrong:
            message = f"{wrong[0]!r} is not a release; write it like 3.12"
            WarningType.MARK.warn(message, self.get_location())
            return []
        group = self.options.get("for", "")
        known = Settings.of(self.config).groups
        if group and group not in known:
            names = ", ".join(filter(None, known)) or "none"
            message = f"there is no group {group!r}; releases_groups has: {names}"
            WarningType.MARK.warn(message, self.get_location())
            group = ""
        breaks = "breaks" in self.options
        mark = ChangeMark(releases=tuple(self.arguments), group=group, breaks=breaks)
        self.set_source_info(mark)
        return [mark]


class ListChanges(SphinxDirective):
    """``.. release-notes:: 3.12``."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the placeholder."""
        release = self.arguments[0]
        node = ReleaseNotes(release=release)
        node[NAMES] = [f"changes in {release}", f"new in {release}"]
        self.set_source_info(node)
        return [node]


class FillReleaseNotes(SphinxPostTransform):
    """Replaces each placeholder by the marked paragraphs."""

    # Before names are linked (10): those in the copies are linked with the page's own.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Fill the page that is resolved."""
        self.domain = ReleaseDomain.of(self.env)
        self.groups = Settings.of(self.config).groups
        for node in list(self.document.findall(ReleaseNotes)):
            node.replace_self(list(self._lists(node["release"])))

    def _lists(self, release: str) -> Iterator[Node]:
        """A list of the changes without a heading, then one for each group that has changes."""
        items = defaultdict(list)
        for docname, change in self.domain.of_release(release):
            items[change.group].append(nodes.list_item("", self._entry(release, docname, change)))
        if not items:
            # LaTeX stops at a list without items.
            yield text(_("Nothing."))
        if items[""] and "" not in self.groups:
            yield nodes.bullet_list("", *items[""])
        groups = [
            nodes.definition_list_item(
                "",
                nodes.term("", "", nodes.Text(heading)),
                nodes.definition("", nodes.bullet_list("", *items[group])),
            )
            for group, heading in self.groups.items()
            if items[group]
        ]
        if groups:
            yield nodes.definition_list("", *groups)

    def _entry(self, release: str, docname: str, change: Change) -> nodes.paragraph:
        link = self.domain.link_to_place(docname, change.place)
        home = change.releases[0]
        if release == home:
            paragraph = change.paragraph.deepcopy()
            for name in paragraph.findall(addnodes.pending_xref):
                name["refdoc"] = self.env.docname
            paragraph += [nodes.Text(" ("), link, nodes.Text(")")]
        else:
            before, after = _("%(change)s, told under %(release)s.").split("%(change)s")
            paragraph = nodes.paragraph("", nodes.Text(before), link)
            paragraph += nodes.Text(after % {"release": home})
        if change.breaks:
            label = nodes.strong("", _("May break code."), classes=["releases-breaks"])
            paragraph.insert(0, [label, nodes.Text(" ")])
        return paragraph


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.releases``."""
    app.add_node(ChangeMark)
    app.add_node(ReleaseNotes)
    add_settings(app, Settings)
    add_page_domain(app, ReleaseDomain)
    app.add_directive("changed-in", MarkChange)
    app.add_directive("release-notes", ListChanges)
    app.add_post_transform(FillReleaseNotes)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
