/* Search by section. Each form with role="search" and a field "q" gets results while one types, and
   so does each field with the attribute data-snapshots-search. What that needs is loaded when a
   field is first entered. On Sphinx's search page the results stand in place of Sphinx's own; on any
   page, an element with the attribute data-snapshots-search-address gets what fits the words of the
   address, for a page that is not there. If something cannot be loaded, all stays as it was. */

"use strict";

(() => {
  const script = document.currentScript.src;
  let loading;
  const load = () => {
    loading ??= import(new URL("snapshots-search/box.js", script)).then((box) =>
      box.start(new URL("../", script)),
    );
    return loading;
  };
  const ignore = (error) => console.info("Search by section is not available:", error.message);

  const fields = document.querySelectorAll(
    'form[role="search"] input[name="q"], input[data-snapshots-search]',
  );
  for (const field of fields) {
    field.autocomplete = "off";
    const attach = () => load().then((search) => search.attach(field), ignore);
    if (field === document.activeElement) attach();
    else field.addEventListener("focus", attach, { once: true });
  }
  // As Sphinx has it: a slash, where none is typed, leads to the field.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = [...fields].find((each) => each.checkVisibility({ visibilityProperty: true }));
    if (field) event.preventDefault();
    field?.focus();
  });

  const theirs = document.getElementById("search-results");
  const query = new URLSearchParams(location.search).get("q")?.trim();
  if (theirs && query) {
    // Theirs would load each page that it finds. It is told to wait, and asked if ours fails.
    const sphinx = typeof Search === "undefined" ? null : Search.performSearch;
    if (sphinx) Search.performSearch = () => {};
    load().then(
      (search) => {
        theirs.before(search.list(query));
        theirs.hidden = true;
      },
      (error) => {
        ignore(error);
        if (!sphinx) return;
        Search.performSearch = sphinx;
        const ask = () => Search.performSearch(query);
        if (document.readyState === "complete") ask();
        else addEventListener("load", ask);
      },
    );
  }

  const guess = document.querySelector("[data-snapshots-search-address]");
  if (guess) {
    load()
      .then((search) => guess.append(...search.guess(location.pathname)))
      .catch(ignore);
  }
})();
