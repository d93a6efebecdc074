"""The navigation of each page, made with less work. The pages stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class Navigation:
    """Has toctrees of titles alone made without the sections of all pages.

    Sphinx copies these for each page on which there is such a toctree, and throws them away again
    (``_toctree_standard_entry`` and ``titles_only`` in ``sphinx/environment/adapters/toctree.py``).
    """

    def __init__(self) -> None:
        self._titles: dict[str, nodes.bullet_list] = {}

    def forget(self, app: Sphinx, env: BuildEnvironment) -> None:
        """What was read may be other than before."""
        self._titles = {}

    def extend_context(
        self,
        app: Sphinx,
        pagename: str,
        templatename: str,
        context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        """Replace the function ``toctree``, which templates call, by a faster one."""
        if "toctree" in context:
            context["toctree"] = self._faster(app.env, context["toctree"])

    def _faster(self, env: BuildEnvironment, toctree: Callable[..., Any]) -> Callable[..., Any]:
        def make(*arguments: Any, **options: Any) -> Any:
            if not options.get("titles_only"):
                return toctree(*arguments, **options)
            complete = env.tocs
            self._titles = self._titles or {
                docname: _without_sections(toc) for docname, toc in complete.items()
            }
            env.tocs = self._titles
            try:
                return toctree(*arguments, **options)
            finally:
                env.tocs = complete

        return make


def _without_sections(toc: nodes.bullet_list) -> nodes.bullet_list:
    """The contents of a page with its title alone, and the toctrees that stand in its sections.

    Unchanged where a tag decides what of it counts, which can change from builder to builder.
    """
    if toc.next_node(addnodes.only) is not None:
        return toc
    toc = toc.deepcopy()
    for title in toc.children:
        if isinstance(title, nodes.Element) and len(title) > 1:
            sections = title[1]
            assert isinstance(sections, nodes.Element)
            if toctrees := list(title.findall(addnodes.toctree)):
                sections[:] = toctrees
            else:
                title.remove(sections)
    return toc
