/* Beside a draft: beginnings are inserted at the caret, a passage is found in the text it stands in,
   and a page with text that is not saved anywhere asks before it is left. Works without this file. */
"use strict";
(() => {
  const texts = () => [...document.querySelectorAll("#draft textarea[name=response], #draft textarea[name=turn_content]")];

  function typed(area) { area.dispatchEvent(new Event("input", { bubbles: true })); }

  /* ---- data-insert="beginning" data-into="#field": its first gap (…) is selected, to be typed over. */
  function insert(button) {
    const area = document.querySelector(button.dataset.into);
    if (!area) return;
    const { selectionEnd: at, value } = area;
    const before = value.slice(0, at);
    const space = !before || /\s$/.test(before) ? "" : " ";
    const text = space + button.dataset.insert;
    area.focus();
    area.setSelectionRange(at, at);
    if (!document.execCommand("insertText", false, text)) { area.setRangeText(text, at, at, "end"); typed(area); }
    const gap = area.value.indexOf("…", at);
    if (gap >= 0 && gap < at + text.length) area.setSelectionRange(gap, gap + 1);
  }

  /* ---- data-find="passage": selects it where it stands; passages are cut (…) and have single spaces. */
  function find(passage) {
    const words = passage.replace(/^…|…$/g, "").trim().split(/\s+/);
    const wanted = new RegExp(words.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"));
    for (const area of texts()) {
      const found = wanted.exec(area.value);
      if (!found) continue;
      area.setSelectionRange(found.index, found.index + found[0].length);
      area.blur(); // a browser scrolls to a selection when the field gets the focus
      area.focus();
      return true;
    }
    return false;
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (at("[data-insert]")) insert(at("[data-insert]"));
    if (at("[data-find]") && find(at("[data-find]").dataset.find)) event.preventDefault();
  });
  document.querySelectorAll("[data-insert][hidden]").forEach((button) => { button.hidden = false; });

  /* ---- data-unsaved: what this form holds is nowhere else. */
  let isLeaving = false;
  document.addEventListener("submit", (event) => { queueMicrotask(() => { isLeaving = !event.defaultPrevented; }); });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-unsaved]") && !isLeaving) event.preventDefault();
  });
})();
