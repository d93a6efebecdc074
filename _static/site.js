/* Small mends of the theme's accessibility; the pages are whole without them. */

"use strict";

(() => {
  const label = (selector, name, role) => {
    for (const element of document.querySelectorAll(selector)) {
      element.setAttribute("aria-label", name);
      if (role) element.setAttribute("role", role);
    }
  };
  // Two complementary landmarks need names, and the buttons above the text a landmark.
  label(".sidebar-drawer", "Site");
  label(".toc-drawer", "On this page");
  label(".content-icon-container", "Page tools", "region");

  // What scrolls sideways must be reachable by keyboard, and nothing else should be.
  const scrollers = document.querySelectorAll("pre, .table-wrapper");
  const update = () => {
    for (const element of scrollers) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  };
  new ResizeObserver(update).observe(document.body);
  update();
})();
