/* A copy of what was typed, on this device, from the key stroke until the server has it:
   <form data-keep="item" data-keep-of="person" data-keep-since="when the server last stored it">.
   It outlives a crash, a lost network and the end of a session, never a sign-out. */
"use strict";
(() => {
  const { word, tell } = window.studio;
  const PREFIX = "kept:";
  const LONGEST_MS = 12 * 60 * 60 * 1000;

  /* Storage can be full or forbidden: then there is no copy, and everything else works. */
  const attempt = (what) => { try { return what(); } catch { return null; } };
  const keys = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) ?? [];
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  const drop = (key) => attempt(() => localStorage.removeItem(key));

  document.addEventListener("submit", (event) => {
    const path = attempt(() => new URL(event.target.action).pathname);
    if (path && path === document.body.dataset.logout) keys().forEach(drop);
  });

  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const mine = `${PREFIX}${form.dataset.keepOf}:`;
  const key = mine + form.dataset.keep;

  /* What somebody else left on a shared machine, and what nobody came back for. */
  keys().filter((each) => !each.startsWith(mine) || !(Date.now() - read(each)?.at < LONGEST_MS)).forEach(drop);

  const isTyped = (control) => control.name && !["hidden", "submit", "button"].includes(control.type);
  const isTicked = (control) => control.type === "radio" || control.type === "checkbox";

  function keep() {
    const typed = [...form.elements].filter((each) => isTyped(each) && (!isTicked(each) || each.checked));
    const fields = typed.map((each) => [each.name, each.value]);
    attempt(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields })));
  }

  function fillIn(fields) {
    const isIn = (control) => fields.some(([name, value]) => name === control.name && value === control.value);
    const changed = [];
    for (const control of [...form.elements].filter(isTyped)) {
      const value = fields.find(([name]) => name === control.name)?.[1] ?? "";
      if (isTicked(control) ? control.checked === isIn(control) : control.value === value) continue;
      if (isTicked(control)) control.checked = isIn(control); else control.value = value;
      changed.push(control);
    }
    changed.forEach((control) => {
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return changed.length;
  }

  /* Older than what the server has: another device or tab went on with the item. */
  const copy = read(key);
  const since = Date.parse(form.dataset.keepSince || "") || 0;
  if (copy && copy.at < since) drop(key);
  else if (copy && fillIn(copy.fields)) tell(word("kept-here"), "info");

  form.addEventListener("input", keep);
  form.addEventListener("submit", keep);
  form.addEventListener("studio:stored", () => drop(key));
})();
