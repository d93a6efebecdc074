"""Addresses that others may rely on stay, or lead on."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Site

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools/update_addresses.py"))
find_lost = TOOL["find_lost"]


def test_no_address_has_vanished_without_a_way_on(site: Site) -> None:
    promised = TOOL["read_promised"]()
    found = TOOL["list_addresses"](site.folder)
    assert len(promised) > 1000
    assert promised == sorted(set(promised))
    assert find_lost(promised, found, TOOL["read_moved_pages"]()) == []
    # Each page is promised as soon as it is there.
    pages = {address for address in found if "#" not in address and address.endswith(".html")}
    assert pages - set(promised) == set(), "run: make addresses"


def test_a_place_is_kept_where_its_page_leads_to_one_that_has_it() -> None:
    found = {"new.html", "new.html#kept", "old.html", "old.html#elsewhere", "label:a"}
    promised = ["old.html", "old.html#kept", "old.html#elsewhere", "old.html#gone", "label:b"]
    assert find_lost(promised, found, {"old": "new"}) == ["label:b", "old.html#gone"]
    assert find_lost(promised[:2], found, {}) == ["old.html#kept"]
