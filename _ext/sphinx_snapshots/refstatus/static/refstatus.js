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
  const repositoryOf = (item) =>
    item.hostname === "github.com"
      ? item.pathname.split("/").slice(1, 3).join("/")
      : item.hostname;

  // The name of a group counts as words of its rows: the cells need not repeat it.
  const readRow = (element, group) => {
    const item = element.querySelector("a[href]");
    return {
      element,
      key: item.href,
      text: `${group} ${element.textContent}`.toLowerCase(),
      state: classValue(element, "refstatus-state-"),
      kind: classValue(element, "refstatus-kind-"),
      repository: repositoryOf(item),
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
    const addSelect = (name, label, fewest, nameOf) => {
      const values = [...new Set(allRows.map((row) => row[name]))];
      values.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
      if (values.length >= fewest) addControl(name, label, makeSelect(values, nameOf));
    };
    addSelect("state", WORDS.state, 1, (value) => WORDS.states[value]);
    addSelect("kind", WORDS.kind, 1, (value) => WORDS.kinds[value]);
    addSelect("repository", WORDS.repository, 2, (value) => value);
    const search = makeSearch();
    addControl("text", WORDS.text, search);
    const count = document.createElement("output"); // which screen readers announce
    form.append(count);

    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (row) =>
        [...controls].every(
          ([name, control]) => control === search || !control.value || control.value === row[name],
        ) && words.every((word) => row.text.includes(word));
      const shown = [];
      for (const list of lists) {
        const fitting = list.rows.filter(fits);
        for (const row of list.rows) row.element.hidden = !fitting.includes(row);
        list.element.hidden = fitting.length === 0;
        if (list.count) list.count.textContent = fitting.length;
        shown.push(...fitting);
      }
      const numbers = { shown: countItems(shown), all: everything };
      count.value = WORDS.count.replace(/%\((\w+)\)s/g, (_, name) => numbers[name]);
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
    apply();
    lists[0].element.before(form);
  };

  const tables = [...document.querySelectorAll("table.refstatus-list")];
  if (tables.length) addFilters(tables);
})();
