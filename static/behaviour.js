/* Small behaviours, each switched on by a data- attribute. Every page also works without this file.
   One listener per kind of event on the document, so fragments swapped in later need no set-up. */
"use strict";
(() => {
  const words = new Map();
  document.getElementById("words")?.content.querySelectorAll("[data-word]").forEach((element) => {
    words.set(element.dataset.word, element.textContent);
  });

  function word(name, values = {}) {
    return (words.get(name) ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }

  let hideToast;
  function announce(text) {
    const place = document.querySelector("[data-announce]");
    if (!place) return;
    place.textContent = "";
    requestAnimationFrame(() => { place.textContent = text; });
    clearTimeout(hideToast);
    hideToast = setTimeout(() => { place.textContent = ""; }, 8000);
  }

  /* Says something in the page and leaves it there: `level` is info, warning or error. */
  function tell(text, level = "error") {
    const list = document.getElementById("messages");
    if (!list) return announce(text);
    list.replaceChildren();
    const item = document.createElement("li");
    item.className = level;
    item.textContent = text;
    list.append(item);
    if (level === "error") item.scrollIntoView({ block: "nearest" });
  }

  /* ---- Times: <time datetime> in the reader's own zone and language; data-format is date, time or ago. */
  const language = document.documentElement.lang || undefined;
  const formats = { date: { dateStyle: "medium" }, time: { timeStyle: "short" } };

  function ago(then, now = Date.now()) {
    const seconds = Math.round((then - now) / 1000);
    const steps = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
    const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
  }

  function renderTimes(root) {
    root.querySelectorAll("time[datetime]:not([data-shown])").forEach((element) => {
      const value = element.getAttribute("datetime");
      const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
      const moment = new Date(isDay ? `${value}T12:00` : value);
      if (Number.isNaN(moment.getTime())) return;
      const format = element.dataset.format ?? (isDay ? "date" : "both");
      element.textContent = format === "ago"
        ? ago(moment.getTime())
        : new Intl.DateTimeFormat(language, formats[format] ?? { dateStyle: "medium", timeStyle: "short" }).format(moment);
      if (!isDay) element.title = moment.toLocaleString(language, { dateStyle: "full", timeStyle: "long" });
      element.dataset.shown = "";
    });
  }

  /* ---- Dialogs: data-open="#id" opens, data-close closes, ? opens the one marked data-keys. */
  function openDialog(selector) {
    const dialog = document.querySelector(selector);
    if (!(dialog instanceof HTMLDialogElement) || dialog.open) return false;
    dialog.showModal();
    return true;
  }

  function isTyping(target) {
    return target instanceof HTMLElement && (target.isContentEditable
      || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])"));
  }

  /* ---- data-confirm="Question": asks before a form is sent or a link is followed. */
  function ask(question, label) {
    const dialog = document.createElement("dialog");
    const text = document.createElement("p");
    text.id = "question";
    text.textContent = question;
    const actions = document.createElement("div");
    actions.className = "actions";
    for (const [value, name, look] of [["yes", label, "main"], ["no", word("cancel"), ""]]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: name, className: look });
      button.addEventListener("click", () => dialog.close(value));
      actions.append(button);
    }
    dialog.setAttribute("aria-labelledby", "question");
    dialog.append(text, actions);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }));
  }

  const agreed = new WeakSet();
  function holdUntilAgreed(event, element, proceed) {
    if (agreed.delete(element)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const label = element.dataset.confirmLabel ?? (element.matches("button, a") ? element.textContent.trim() : word("go-on"));
    ask(element.dataset.confirm, label).then((yes) => {
      if (!yes) return;
      agreed.add(element);
      proceed();
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asking = event.submitter?.dataset.confirm ? event.submitter : form.dataset.confirm ? form : null;
    if (asking) holdUntilAgreed(event, asking, () => form.requestSubmit(event.submitter));
  }, true);

  /* ---- Turns of a conversation: data-turns holds [data-turn]s, a <template> and the adding button. */
  function renumber(turns) {
    const all = [...turns.querySelectorAll("[data-turn]:not([hidden])")];
    all.forEach((turn, index) => turn.querySelectorAll("[data-turn-number]").forEach((place) => { place.textContent = index + 1; }));
    return all;
  }

  function addTurn(turns) {
    const template = turns.querySelector("template");
    const total = turns.querySelector("input[name$='-TOTAL_FORMS']");
    const place = total ? Number(total.value) : Number(turns.dataset.next ?? turns.querySelectorAll("[data-turn]").length);
    const previous = renumber(turns).at(-1)?.querySelector("[data-role]")?.value;
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", place);
    const turn = holder.content.querySelector("[data-turn]");
    (turns.querySelector("[data-turn-list]") ?? turns).insertBefore(holder.content, turns.querySelector("[data-turn-list]") ? null : template);
    if (total) total.value = place + 1;
    turns.dataset.next = place + 1;
    const role = turn.querySelector("[data-role]");
    if (role && previous) role.value = previous === "user" ? "assistant" : "user";
    announce(word("turn-added", { n: renumber(turns).length }));
    (turn.querySelector("textarea") ?? turn.querySelector("input:not([type=hidden]), select"))?.focus();
    turns.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* Nothing is asked: the turn can be put back until the page is left. */
  function removeTurn(turn) {
    const turns = turn.closest("[data-turns]");
    const place = renumber(turns).indexOf(turn) + 1;
    const mark = turn.querySelector("input[name$='-DELETE']");
    const note = document.createElement("p");
    const undo = document.createElement("button");
    Object.assign(undo, { type: "button", className: "small", textContent: word("undo") });
    note.append(word("turn-removed", { n: place }), " ", undo);
    undo.addEventListener("click", () => {
      if (mark) { mark.checked = false; turn.hidden = false; note.remove(); } else note.replaceWith(turn);
      turnsChanged(turns, word("turn-back", { n: renumber(turns).indexOf(turn) + 1 }));
      (turn.querySelector("textarea") ?? turn.querySelector("input:not([type=hidden]), select"))?.focus();
    });
    turn.after(note);
    if (mark) { mark.checked = true; turn.hidden = true; } else turn.remove();
    turnsChanged(turns, word("turn-removed", { n: place }));
    undo.focus();
  }

  function turnsChanged(turns, said) {
    renumber(turns);
    announce(said);
    turns.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* ---- Copying: data-copy="#id" copies that element's text or value. */
  async function copy(button) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
      announce(word("copied"));
    } catch {
      source.select?.();
      getSelection().selectAllChildren(source);
    }
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const link = at("a[data-confirm]");
    if (link) return holdUntilAgreed(event, link, () => link.click());
    const opener = at("[data-open]");
    if (opener && openDialog(opener.dataset.open)) return event.preventDefault();
    at("[data-close]")?.closest("dialog")?.close();
    if (at("[data-add-turn]")) addTurn(at("[data-turns]"));
    if (at("[data-remove-turn]")) removeTurn(at("[data-turn]"));
    if (at("[data-copy]")) copy(at("[data-copy]"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest?.("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    if (event.key === "?" && !isTyping(event.target) && openDialog("dialog[data-keys]")) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest?.("[data-submits]")) event.target.form?.requestSubmit();
  });

  /* ---- A box with data-ticks="NAME" ticks every box of that name. */
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.ticks;
    if (!name) return;
    for (const box of document.getElementsByName(name)) box.checked = event.target.checked;
  });

  /* ---- After a swap: times, focus on [data-focus-here], and a word when a request failed. */
  document.addEventListener("htmx:after:swap", (event) => {
    renderTimes(document);
    const fresh = event.detail?.ctx?.target ?? event.target;
    const here = (fresh.isConnected ? fresh : document).querySelector?.("[data-focus-here]:not([data-focused])");
    if (!here) return;
    here.dataset.focused = "";
    if (here.tabIndex < 0) here.tabIndex = -1;
    here.focus();
  });
  for (const failure of ["htmx:response:error", "htmx:error"]) {
    document.addEventListener(failure, (event) => {
      const status = event.detail?.ctx?.response?.status ?? 0;
      if (status === 400 || status === 409 || status === 422) return;
      announce(word(status === 401 || status === 403 ? "signed-out" : "failed"));
    });
  }

  window.studio = Object.freeze({ word, announce, tell, ago, isTyping, openDialog, renderTimes });
  renderTimes(document);
})();
