/* One form that filters all tables of refstatus-list on a page. Without this script the tables are
   there as a whole. The choice is kept in the address, so that it can be passed on; links of the
   class refstatus-orders, to the same items in another order, take it with them. The words come with
   the element that loads the script. */

"use strict";

(() => {
  const WORDS = JSON.parse(document.currentScript.dataset.words);

  const classValue = (row, prefix) =>
    [...row.classList].find((name) => name.startsWith(prefix))?.slice(prefix.length) ?? "";

  // "owner/name", which class names cannot tell from each other, or the host of another tracker.
  const repositoryOf = (address) => {
    const [, , host, owner, name] = address.split("/");
    return host === "github.com" ? `${owner}/${name}` : host;
  };

  // The text is read when somebody looks for words: most readers of a long list never do. The name
  // of a group counts as words of its rows: the cells need not repeat it.
  const readRow = (element, group) => {
    const key = element.querySelector("a[href]").getAttribute("href");
    let text;
    return {
      element,
      key,
      state: classValue(element, "refstatus-state-"),
      kind: classValue(element, "refstatus-kind-"),
      repository: repositoryOf(key),
      includes: (word) => {
        text ??= `${group} ${element.textContent}`.toLowerCase();
        return text.includes(word);
      },
    };
  };

  const countItems = (rows) => new Set(rows.map((row) => row.key)).size;

  const makeSelect = (values, nameOf) => {
    const select = document.createElement("select");
    select.append(new Option(WORDS.all, ""), ...values.map((value) => new Option(nameOf(value), value)));
    return select;
  };

  const makeSearch = () => {
    const search = document.createElement("input");
    search.type = "search";
    return search;
  };

  const addFilters = (tables) => {
    // With a table goes its heading, or else the box that the theme put around it.
    const lists = tables.map((table) => {
      const group = table.closest(".refstatus-group");
      const name = group?.querySelector(".rubric").firstChild.textContent ?? "";
      return {
        element: group ?? table.closest(".table-wrapper") ?? table,
        count: group?.querySelector(".refstatus-count"),
        rows: [...table.tBodies[0].rows].map((row) => readRow(row, name)),
      };
    });
    const allRows = lists.flatMap((list) => list.rows);
    const everything = countItems(allRows);
    const orders = document.querySelectorAll(".refstatus-orders a");

    const form = document.createElement("form");
    form.className = "refstatus-filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", WORDS.filter);
    const controls = new Map();
    const addControl = (name, label, control) => {
      controls.set(name, control);
      const element = document.createElement("label");
      element.append(label, control);
      form.append(element);
    };
    // In the order of the words, and below in that of the code points: the first localeCompare() of
    // a page takes longer than all else here.
    for (const [name, names] of [["state", WORDS.states], ["kind", WORDS.kinds]]) {
      const there = new Set(allRows.map((row) => row[name]));
      const values = Object.keys(names).filter((value) => there.has(value));
      addControl(name, WORDS[name], makeSelect(values, (value) => names[value]));
    }
    const repositories = [...new Set(allRows.map((row) => row.repository))].sort();
    if (repositories.length > 1) {
      addControl("repository", WORDS.repository, makeSelect(repositories, (value) => value));
    }
    const search = makeSearch();
    addControl("text", WORDS.text, search);
    const count = document.createElement("output"); // which screen readers announce
    form.append(count);

    const show = (shown) => {
      const numbers = { shown: countItems(shown), all: everything };
      count.value = WORDS.count.replace(/%\((\w+)\)s/g, (_, name) => numbers[name]);
    };
    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (row) =>
        [...controls].every(
          ([name, control]) => control === search || !control.value || control.value === row[name],
        ) && words.every(row.includes);
      const shown = [];
      for (const list of lists) {
        const fitting = new Set(list.rows.filter(fits));
        for (const row of list.rows) row.element.hidden = !fitting.has(row);
        list.element.hidden = fitting.size === 0;
        if (list.count) list.count.textContent = fitting.size;
        shown.push(...fitting);
      }
      show(shown);
      for (const link of orders) link.search = location.search;
    };
    const keepInAddress = () => {
      const url = new URL(location);
      for (const [name, control] of controls) {
        if (control.value) url.searchParams.set(name, control.value);
        else url.searchParams.delete(name);
      }
      history.replaceState(null, "", url);
    };
    const takeFromAddress = () => {
      const chosen = new URL(location).searchParams;
      for (const [name, control] of controls) {
        control.value = chosen.get(name) ?? "";
        // A value that a select does not offer leaves it empty: show all instead.
        if (control.selectedIndex === -1) control.value = "";
      }
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      keepInAddress();
      apply();
    });
    takeFromAddress();
    // As long as nothing is chosen, the page is right as it is.
    if ([...controls.values()].some((control) => control.value)) apply();
    else show(allRows);
    document.querySelector(".refstatus-filter-place").append(form);
  };

  const tables = [...document.querySelectorAll("table.refstatus-list")];
  if (tables.length) addFilters(tables);
})();
