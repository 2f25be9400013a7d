/* Care on the rating page: one key to a blank page, and nothing chosen under a cover.
   Without this file the link leads there, and the cover opens by itself as any <details>. */
"use strict";
(() => {
  const way = document.querySelector("a[data-away]");
  const cover = document.querySelector("details[data-cover]");
  const BEHIND_COVER = /^[0-9abjkx=]$/i;

  /* The text is gone before anything is asked of the network; what was typed is saved as the page
     is left, and the item does not stay behind the Back key. */
  function leave() {
    document.body.hidden = true;
    document.title = "\u00a0";
    location.replace(way.href);
  }

  way?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave();
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && way) {
      if (document.querySelector("dialog[open], details.menu[open]")) return;
      event.preventDefault();
      leave();
      return;
    }
    if (cover && !cover.open && event.key === "Enter" && !event.target.closest("button, a, summary, textarea")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      cover.open = true;
      return;
    }
    if (cover && !cover.open && !window.studio.isTyping(event.target) && BEHIND_COVER.test(event.key)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
