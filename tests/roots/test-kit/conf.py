"""A site whose own small extension has settings and a domain of the kit."""

import os
from typing import ClassVar

from docutils import nodes
from sphinx_snapshots.kit.pages import PageDomain, add_page_domain
from sphinx_snapshots.kit.settings import (
    Settings,
    add_settings,
    boolean,
    one_of,
    setting,
    strings,
    text,
)

project = "kit"
# Who can see a secret could tell it.
author = " ".join(name for name in os.environ if name.endswith("_TOKEN")) or "nobody"
language = "en"
print("conf.py was here")  # noqa: T201  as many a conf.py does


class KitSettings(Settings):
    prefix = "kit"

    file: str = setting("a.jsonl", text)
    names: tuple[str, ...] = setting([], strings, "env")
    is_on: bool = setting(True, boolean)
    side: str = setting("left", one_of("left", "right"), "env")


class NotesDomain(PageDomain):
    name = "notes"
    label = "notes"
    initial_data: ClassVar = {"paragraphs": {}}

    def load(self, app):
        self.settings = KitSettings.of(app.config)

    def process_doc(self, env, docname, document):
        self.data["paragraphs"][docname] = sum(1 for _ in document.findall(nodes.paragraph))

    def complain(self):
        self.order = self.in_reading_order(["alone", "a", "b", "index"])

    def shown_on(self, docname):
        return " ".join(self.in_reading_order(self.data["paragraphs"]))


def setup(app):
    add_settings(app, KitSettings)
    add_page_domain(app, NotesDomain)
