"""Addresses that others may rely on stay, or lead on."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_snapshots.website.addresses import find_lost, list_addresses

if TYPE_CHECKING:
    from conftest import Site

ROOT = Path(__file__).parents[2]


def test_no_address_has_vanished_without_a_way_on(site: Site) -> None:
    promised = (ROOT / "_data/addresses.txt").read_text("utf-8").splitlines()
    found = list_addresses(site.folder)
    moved = runpy.run_path(str(ROOT / "conf.py"))["website_moved_pages"]
    assert len(promised) > 1000
    assert promised == sorted(set(promised))
    assert find_lost(promised, found, moved) == []
    # Each page is promised as soon as it is there.
    pages = {address for address in found if "#" not in address and address.endswith(".html")}
    assert pages - set(promised) == set(), "run: make addresses"


def test_a_place_is_kept_where_its_page_leads_to_one_that_has_it() -> None:
    found = {"new.html", "new.html#kept", "old.html", "old.html#elsewhere", "label:a"}
    promised = ["old.html", "old.html#kept", "old.html#elsewhere", "old.html#gone", "label:b"]
    assert find_lost(promised, found, {"old": "new"}) == ["label:b", "old.html#gone"]
    assert find_lost(promised[:2], found, {}) == ["old.html#kept"]
