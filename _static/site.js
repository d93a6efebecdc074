/* Small mends of the theme, and the panels of badges and marks; the pages are whole without them. */

"use strict";

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

// What scrolls sideways must be reachable by keyboard, and nothing else should be. What is closed
// has no width yet: to ask for it would lay it out.
const scrollers = [...document.querySelectorAll("pre, .table-wrapper")];
const update = () => {
  const open = scrollers.filter((element) => !element.closest("details:not([open])"));
  const wide = open.map((element) => element.scrollWidth > element.clientWidth);
  open.forEach((element, place) => {
    if (wide[place]) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  });
};
// Also called at first, once all is laid out.
new ResizeObserver(update).observe(document.body);
document.addEventListener("toggle", update, { capture: true });

// A menu that is open closes with Escape, and gives the focus back to its switch.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const name of ["__toc", "__navigation"]) {
    const menu = document.getElementById(name);
    if (menu?.checked) {
      menu.checked = false;
      menu.focus();
    }
  }
});

// What a badge or a mark tells those who point at it, a panel tells those who do not: at a focus by
// keyboard, and at a touch of the sign behind the name. A touch of the name follows the link.
const SIGN = ".refstatus, .behavior-mark";
const panel = document.createElement("div");
panel.className = "site-panel";
panel.hidden = true;
document.body.append(panel);
const show = (link, withLink) => {
  panel.replaceChildren(link.title);
  if (withLink) {
    const way = document.createElement("a");
    way.href = link.href;
    way.textContent = "Open";
    panel.append(way);
  }
  // The link has the title as its description: heard once.
  panel.toggleAttribute("aria-hidden", !withLink);
  if (!withLink) panel.setAttribute("aria-hidden", "true");
  panel.hidden = false;
  const box = link.getBoundingClientRect();
  const left = Math.min(box.left, document.documentElement.clientWidth - panel.offsetWidth - 8);
  panel.style.left = `${Math.max(8, left) + scrollX}px`;
  panel.style.top = `${box.bottom + scrollY + 4}px`;
};
const hide = () => {
  panel.hidden = true;
};
const article = document.querySelector("article");
article?.addEventListener("focusin", (event) => {
  const link = event.target.closest("a[title]");
  if (link?.matches(".behavior-mark, :has(.refstatus)") && link.matches(":focus-visible")) {
    show(link, false);
  } else hide();
});
article?.addEventListener("focusout", (event) => {
  if (!panel.contains(event.relatedTarget)) hide();
});
let touched = false;
document.addEventListener("pointerdown", (event) => {
  touched = event.pointerType === "touch";
  if (!panel.contains(event.target)) hide();
});
article?.addEventListener("click", (event) => {
  const link = event.target.closest(SIGN)?.closest("a[title]");
  if (!touched || !link) return;
  event.preventDefault();
  show(link, true);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});

// A page that moved leads on, to the same part of it.
const movedPart = document.querySelector(".moved-anchor:target > a");
const movedPage = document.querySelector("a.moved");
if (movedPart) location.replace(movedPart.href);
else if (movedPage) location.replace(movedPage.href + location.hash);

// Where there is no page, the words of its address may find one.
const words = document.querySelector("[data-words-of-address]");
if (words && !words.value) {
  const last = decodeURI(location.pathname).split("/").filter(Boolean).at(-1) ?? "";
  words.value = last.replace(/\.html?$/, "").replace(/[-_+]+/g, " ");
}
