/* Filters for the tables of refstatus-list. Without this script the whole table is there. The
   choice is kept in the address, so that it can be passed on. */

"use strict";

(() => {
  const FIELDS = [
    ["state", "State", /^refstatus-state-(.+)$/],
    ["kind", "Kind", /^refstatus-kind-(.+)$/],
  ];

  const valueOf = (row, pattern) => {
    for (const name of row.classList) {
      const match = pattern.exec(name);
      if (match) return match[1].replaceAll("-", " ");
    }
    return "";
  };

  const makeControl = (label, control) => {
    const element = document.createElement("label");
    element.append(`${label} `, control);
    return element;
  };

  const makeSelect = (values) => {
    const select = document.createElement("select");
    select.append(new Option("all", ""), ...values.map((value) => new Option(value, value)));
    return select;
  };

  const addFilters = (table) => {
    const rows = [...table.tBodies[0].rows].map((element) => ({
      element,
      text: element.textContent.toLowerCase(),
      values: FIELDS.map(([, , pattern]) => valueOf(element, pattern)),
    }));
    const form = document.createElement("form");
    form.className = "refstatus-filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Filter the references");
    const controls = new Map();
    FIELDS.forEach(([name, label], index) => {
      const values = [...new Set(rows.map((row) => row.values[index]))].sort();
      controls.set(name, makeSelect(values));
      form.append(makeControl(label, controls.get(name)));
    });
    const search = document.createElement("input");
    search.type = "search";
    controls.set("text", search);
    form.append(makeControl("Text", search));
    const count = document.createElement("output");
    form.append(count);

    const apply = () => {
      const wanted = FIELDS.map(([name]) => controls.get(name).value);
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const fits =
          wanted.every((value, index) => !value || value === row.values[index]) &&
          words.every((word) => row.text.includes(word));
        row.element.hidden = !fits;
        shown += fits;
      }
      count.value = `${shown} of ${rows.length}`;
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
        const value = chosen.get(name) ?? "";
        // A value that a select does not offer leaves it empty: show all instead.
        control.value = value;
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
    const scroller = table.closest(".table-wrapper") ?? table;
    scroller.before(form);
  };

  for (const table of document.querySelectorAll("table.refstatus-list")) addFilters(table);
})();
