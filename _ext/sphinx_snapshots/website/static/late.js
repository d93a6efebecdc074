/* Loads a script of `website_late` when somebody comes to what it is for: points at it, or goes
   through the page by keyboard. */

"use strict";

for (const later of document.querySelectorAll("script[type=late]")) {
  const load = () => {
    if (!later.isConnected) return;
    const script = document.createElement("script");
    script.src = later.src;
    later.replaceWith(script);
  };
  for (const element of document.querySelectorAll(later.dataset.for)) {
    element.addEventListener("pointerover", load, { once: true });
  }
  document.addEventListener("keydown", load, { once: true });
}
