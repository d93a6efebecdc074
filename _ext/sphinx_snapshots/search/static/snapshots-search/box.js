/* What a reader sees of the search: a list below the field while one types, the list of all results
   on the search page, and what the address of a missing page may have meant. */

import { makeExcerpt, makeSearch } from "./engine.js";

const SHOWN_WHILE_TYPING = 8;
const SHOWN_ON_PAGE = 50;
const GUESSED = 5;
const PAUSE = 60; // milliseconds without a key before a search
const WIDEST = 560; // pixels
const MARGIN = 8;

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const marked = (parts) =>
  parts.map(([text, isFound]) =>
    isFound ? make("mark", {}, text) : document.createTextNode(text),
  );

/* Loads records and styles.

   :param root: address of the root of the site, with a slash at its end. */
export const start = async (root) => {
  const [answer] = await Promise.all([fetch(new URL("search-records.json", root)), loadStyles()]);
  if (!answer.ok) throw new Error(`search-records.json: ${answer.status}`);
  const data = await answer.json();
  if (data.format !== 1) throw new Error(`search-records.json: format ${data.format}`);
  const search = await makeSearch(data);
  return new Results(root, data.words, search);
};

const loadStyles = () =>
  new Promise((done) => {
    const href = new URL("search.css", import.meta.url);
    const link = make("link", { rel: "stylesheet", href });
    link.onload = link.onerror = done;
    document.head.append(link);
  });

class Results {
  constructor(root, words, search) {
    Object.assign(this, { root, words, search });
    this.boxes = 0;
  }

  count(number) {
    return number ? this.words.count.replace("%(count)s", number) : this.words.none;
  }

  /* What was not looked for as it was typed: a line for each way, none if there is none. */
  notes({ instead, missing }) {
    return Object.entries({ instead, missing })
      .filter(([, words]) => words.length)
      .map(([way, words]) => this.words[way].replace("%(words)s", words.join(" ")));
  }

  /* What is said of one result: heading, page or kind, and the words around what was found. */
  describe(record, found) {
    const kind = this.words[record.kind];
    const where = [record.kind === "page" ? "" : record.pageTitle, kind]
      .filter(Boolean)
      .join(" · ");
    const heading = makeExcerpt(record.heading, found, Infinity);
    const excerpt = makeExcerpt(record.text, found);
    return [
      make("span", { class: "snapshots-search-heading" }, ...marked(heading)),
      ...(where ? [make("span", { class: "snapshots-search-where" }, where)] : []),
      ...(excerpt.length
        ? [make("span", { class: "snapshots-search-text" }, ...marked(excerpt))]
        : []),
    ];
  }

  address(record) {
    return new URL(record.address, this.root).href;
  }

  items(results, found) {
    return results.map((record) =>
      make("li", {}, make("a", { href: this.address(record) }, ...this.describe(record, found))),
    );
  }

  /* All results for a query, as an element for the search page. */
  list(query) {
    const found = this.search(query);
    const { results, words } = found;
    const status = make("p", { role: "status" }, this.count(results.length));
    const parts = this.notes(found).map((note) => make("p", {}, note));
    const items = this.items(results.slice(0, SHOWN_ON_PAGE), words);
    return make(
      "div",
      { class: "snapshots-search-all" },
      status,
      ...parts,
      make("ol", { class: "snapshots-search-list" }, ...items),
    );
  }

  /* What the address of a missing page may have meant; nothing if nothing fits. */
  guess(path) {
    const parts = decodeURIComponent(path).split("/").filter(Boolean);
    if (/^index\.\w+$/.test(parts.at(-1))) parts.pop();
    const name = parts.at(-1)?.replace(/\.\w+$/, "") ?? "";
    const { results, words } = this.search(name.replace(/[-+]+/g, " "));
    if (!results.length) return [];
    // A page that only moved has kept its name.
    const fits = ({ address, kind }) =>
      address.split("#")[0].split("/").includes(`${name}.html`) ? (kind === "page" ? 2 : 1) : 0;
    const best = results.slice().sort((one, other) => fits(other) - fits(one));
    const items = this.items(best.slice(0, GUESSED), words);
    return [make("ul", { class: "snapshots-search-list" }, ...items)];
  }

  attach(field) {
    return new Box(this, field, `snapshots-search-${++this.boxes}`);
  }
}

/* The list below one field: what WAI-ARIA calls a combobox with a listbox. The focus stays in the
   field; arrows choose, Enter opens, Escape closes. */
class Box {
  constructor(results, field, id) {
    Object.assign(this, { results, field, id, chosen: -1, options: [] });
    this.note = make("p", { class: "snapshots-search-note", hidden: "" });
    this.list = make("div", { id, role: "listbox", "aria-label": results.words.results });
    this.panel = make("div", { class: "snapshots-search-panel", hidden: "" }, this.note, this.list);
    this.status = make("div", { class: "snapshots-search-status", role: "status" });
    document.body.append(this.panel, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": id,
      "aria-expanded": "false",
    })) {
      field.setAttribute(name, value);
    }
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.update(), PAUSE);
    });
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("focus", () => this.update());
    field.addEventListener("blur", () => this.close());
    // A click in the list must not take the focus from the field, which would close the list.
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", () => this.close());
    const place = () => this.place();
    addEventListener("resize", place);
    addEventListener("scroll", place, { capture: true, passive: true });
    if (field === document.activeElement) this.update();
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  update() {
    clearTimeout(this.timer);
    const query = this.field.value.trim();
    if (!query) {
      this.close();
      return;
    }
    const found = this.results.search(query);
    const { results, words } = found;
    const notes = results.length ? this.results.notes(found) : [this.results.words.none];
    this.note.hidden = !notes.length;
    this.note.textContent = notes.join(" · ");
    const shown = results.slice(0, SHOWN_WHILE_TYPING);
    const links = shown.map((record) => [
      this.results.address(record),
      ...this.results.describe(record, words),
    ]);
    const form = this.field.form;
    if (results.length > shown.length && form?.action) {
      const all = new URL(form.action);
      all.search = new URLSearchParams(new FormData(form));
      links.push([all.href, `${this.results.words.all} (${results.length})`]);
    }
    this.options = links.map(([href, ...content], number) =>
      make("a", { href, role: "option", id: `${this.id}-${number}`, tabindex: "-1" }, ...content),
    );
    this.list.replaceChildren(...this.options);
    this.list.hidden = !this.options.length;
    this.choose(-1);
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
    this.field.setAttribute("aria-expanded", String(this.options.length > 0));
    this.status.textContent = this.results.count(results.length);
    this.place();
  }

  choose(number) {
    this.options[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = number;
    const option = this.options[number];
    if (option) {
      option.setAttribute("aria-selected", "true");
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  close() {
    clearTimeout(this.timer);
    this.panel.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
    this.choose(-1);
  }

  onKey(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const count = this.options.length;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      if (!this.isOpen) this.update();
      else if (count) {
        // One place more than there are results: the field itself.
        this.choose(((this.chosen + 1 + steps[event.key] + count + 1) % (count + 1)) - 1);
      }
    } else if (event.key === "Enter" && this.isOpen && this.chosen >= 0) {
      this.options[this.chosen].click();
    } else if (event.key === "Escape") {
      if (this.isOpen) this.close();
      else this.field.blur();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /* Puts the list below the field, inside the window, whatever box the field stands in. */
  place() {
    if (!this.isOpen) return;
    const field = this.field.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const high = window.visualViewport?.height ?? innerHeight;
    const width = Math.min(Math.max(field.width, WIDEST), wide - 2 * MARGIN);
    const left = Math.max(MARGIN, Math.min(field.left, wide - width - MARGIN));
    const top = field.bottom + MARGIN / 2;
    Object.assign(this.panel.style, {
      insetBlockStart: `${top}px`,
      left: `${left}px`,
      width: `${width}px`,
      maxHeight: `${Math.max(high - top - MARGIN, 120)}px`,
    });
  }
}
