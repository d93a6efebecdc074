/* Shows the row that a mark leads to beside the mark: on hover, on focus, at the first tap. Without
   this, or in a browser without popovers, the mark leads to the row. */

"use strict";

(() => {
  if (!HTMLElement.prototype.showPopover) return;
  const DELAY = 250; // ms, to move the pointer from the mark into the panel
  let panel = null;
  let mark = null;
  let timer = 0;
  let tapped = null;

  const make = (link) => {
    const rows = link.dataset.rows.split(" ").map((id) => document.getElementById(id));
    const table = rows[0]?.closest("table");
    if (!table) return null;
    const made = document.createElement("div");
    made.className = "behavior-panel";
    made.id = "behavior-panel";
    made.popover = "manual";
    const copy = table.cloneNode(false);
    const body = document.createElement("tbody");
    body.setAttribute("role", "rowgroup");
    for (const row of rows) if (row) body.append(row.cloneNode(true));
    copy.append(table.tHead.cloneNode(true), body);
    for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
    made.append(copy);
    return made;
  };

  const hide = () => {
    clearTimeout(timer);
    panel?.remove();
    mark?.removeAttribute("aria-describedby");
    panel = mark = null;
  };

  const show = (link) => {
    clearTimeout(timer);
    if (link === mark) return;
    hide();
    const made = make(link);
    if (!made) return;
    [panel, mark] = [made, link];
    // Next to the mark, so that the Tab key goes on into the panel.
    link.after(panel);
    link.setAttribute("aria-describedby", panel.id);
    panel.showPopover();
    const at = link.getBoundingClientRect();
    const size = panel.getBoundingClientRect();
    const right = document.documentElement.clientWidth - size.width - 8;
    const isBelow = at.bottom + size.height + 4 < window.innerHeight || at.top < size.height + 4;
    const top = isBelow ? at.bottom + 4 : at.top - size.height - 4;
    panel.style.left = `${Math.max(8, Math.min(at.left - 16, right)) + window.scrollX}px`;
    panel.style.top = `${top + window.scrollY}px`;
  };

  const markAt = (event) => event.target.closest?.("a.behavior-mark");
  const isInside = (node) => node && (mark?.contains(node) || panel?.contains(node));

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = markAt(event);
    if (link) show(link);
    else if (isInside(event.target)) clearTimeout(timer);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "touch" || !isInside(event.target)) return;
    if (isInside(event.relatedTarget)) return;
    clearTimeout(timer);
    timer = setTimeout(hide, DELAY);
  });
  document.addEventListener("focusin", (event) => {
    const link = markAt(event);
    if (link && !tapped) show(link);
    else if (!isInside(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("pointerdown", (event) => {
    tapped = event.pointerType === "touch" ? markAt(event) : null;
    if (!isInside(event.target)) hide();
  });
  document.addEventListener("click", (event) => {
    const link = markAt(event);
    if (!link || link !== tapped) return;
    tapped = null;
    if (link === mark) return;
    show(link);
    if (mark) event.preventDefault();
  });
})();
