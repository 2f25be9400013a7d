/* The rating page: keys, anchors, and a submit that neither loses nor doubles a rating.
   Without this file the form posts as any other. The contract with the template is in docs/look.md. */
"use strict";
(() => {
  const { word, tell, isTyping, openDialog } = window.studio;
  const WAITS_MS = [2000, 4000, 8000, 15000, 30000];
  const PREFERENCES = { a: "A", b: "B", "=": "equal", x: "both_unacceptable" };
  const form = document.querySelector("form[data-rating]");
  if (!form) return;

  /* ---- Where we are. */
  const CHOICE = "input[type=radio], input[type=checkbox]";
  const choices = (fieldset) => [...fieldset.querySelectorAll(CHOICE)];
  const chosen = (fieldset) => choices(fieldset).find((one) => one.checked);
  const words = (fieldset) => fieldset.querySelector("[data-words]"); // a short text, or a list
  const isAnswered = (fieldset) => Boolean(chosen(fieldset) ?? words(fieldset)?.value.trim());
  const fieldsets = () => [...form.querySelectorAll("[data-criterion], [data-preference]")].filter((one) => !one.closest("[hidden]"));
  const mainButton = () => document.querySelector("[data-send]") ?? form.querySelector("button[type=submit], button:not([type])");

  function current() {
    const all = fieldsets();
    return all.find((one) => one.contains(document.activeElement)) ?? all.find((one) => !isAnswered(one)) ?? all[0];
  }

  function goTo(fieldset) {
    const target = fieldset ? chosen(fieldset) ?? words(fieldset) ?? choices(fieldset)[0] : mainButton();
    target?.focus({ preventScroll: true });
    (fieldset ?? target)?.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = fieldsets();
    const here = all.findIndex((one) => one.contains(document.activeElement));
    goTo(here < 0 ? current() : all[Math.max(0, here + by)]);
  }

  function choose(fieldset, radio) {
    if (!radio) return false;
    if (radio.type === "checkbox") { radio.focus(); radio.click(); return true; }
    const next = () => fieldsets()[fieldsets().indexOf(fieldset) + 1];
    if (!radio.checked) {
      radio.checked = true;
      radio.dispatchEvent(new Event("input", { bubbles: true }));
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    goTo(next());
    return true;
  }

  /* A number is the point with that value; where points are words, it is their place. */
  function chooseNumber(key) {
    const fieldset = current();
    if (!fieldset) return false;
    const all = choices(fieldset);
    return choose(fieldset, all.find((radio) => (radio.dataset.key ?? radio.value) === key) ?? all[Number(key) - 1]);
  }

  function prefer(key) {
    const fieldset = form.querySelector("[data-preference]");
    return Boolean(fieldset) && choose(fieldset, choices(fieldset).find((radio) => radio.value === PREFERENCES[key]));
  }

  /* ---- Anchors: the words of the chosen or focused point, below its scale. */
  const resting = new WeakMap();
  const anchorOf = (radio) => radio.closest("fieldset").querySelector("[data-anchor-for]")
    ?? document.querySelector(`[data-anchor-for="${CSS.escape(radio.name)}"]`);

  function showAnchor(radio) {
    const place = anchorOf(radio);
    if (!place) return;
    if (!resting.has(place)) resting.set(place, place.textContent);
    const shown = radio.dataset.anchor !== undefined ? radio : chosen(radio.closest("fieldset"));
    place.textContent = shown?.dataset.anchor ?? resting.get(place);
  }

  function restAnchor(radio) {
    const fieldset = radio.closest("fieldset");
    const back = chosen(fieldset) ?? (fieldset.contains(document.activeElement) ? document.activeElement : null);
    const place = anchorOf(radio);
    if (place && resting.has(place)) place.textContent = back?.dataset?.anchor ?? resting.get(place);
  }

  /* ---- Keys. They can be switched off: [data-shortcuts-toggle], remembered on this device only. */
  const store = { get: () => { try { return localStorage.getItem("shortcuts"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("shortcuts", value); } catch { /* private window */ } } };
  let areKeysOn = (store.get() ?? form.dataset.shortcuts ?? "on") !== "off";

  function showToggle() {
    document.querySelectorAll("[data-shortcuts-toggle]").forEach((one) => one.setAttribute("aria-pressed", String(areKeysOn)));
    document.querySelectorAll(".keyboard, .act kbd, .bar kbd").forEach((one) => { one.hidden = !areKeysOn; });
  }

  function press(key) {
    const control = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
    if (control) { control.click(); return true; }
    return key === "g" && openDialog("dialog[data-guidelines]");
  }

  function isKeyTaken(event) {
    const at = event.target;
    if (event.key === "Enter") {
      if (!at.closest("button, a, summary, textarea")) return send();
      if (at.closest("textarea") && (event.ctrlKey || event.metaKey)) return send();
      return false;
    }
    if (!areKeysOn || isTyping(at) || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (/^[0-9]$/.test(event.key)) return chooseNumber(event.key);
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") { step(key === "j" ? 1 : -1); return true; }
    if (key in PREFERENCES && prefer(key)) return true;
    return press(key);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat || document.querySelector("dialog[open]")) return;
    if (isKeyTaken(event)) event.preventDefault();
  });

  /* ---- Sending: one key per assignment, one request at a time, the same body until the server has answered. */
  let pending = null;
  const keyField = form.querySelector("[name=idempotency_key]");
  let key = keyField?.value || newKey();

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function renewKey() {
    key = newKey();
    if (keyField) keyField.value = key;
  }

  function send() {
    form.requestSubmit(mainButton()?.form === form ? mainButton() : undefined);
    return true;
  }

  function isComplete() {
    const open = fieldsets().filter((one) => one.dataset.optional === undefined && !isAnswered(one));
    form.querySelectorAll(".missing").forEach((one) => one.classList.remove("missing"));
    open.forEach((one) => one.classList.add("missing"));
    if (!open.length) return true;
    tell(word("missing", { n: open.length }), "warning");
    goTo(open[0]);
    return false;
  }

  function hold(isHeld) {
    const autosave = window.studioAutosave?.of(form);
    if (isHeld) autosave?.pause(); else autosave?.resume();
    form.inert = isHeld;
    form.toggleAttribute("aria-busy", isHeld);
    mainButton()?.setAttribute("aria-disabled", String(isHeld));
  }

  form.addEventListener("submit", (event) => {
    const submitter = event.submitter;
    event.preventDefault();
    if (pending) return;
    if (!submitter?.formNoValidate && !isComplete()) return;
    const body = new FormData(form, submitter?.name ? submitter : undefined);
    if (keyField) body.set("idempotency_key", key);
    pending = { body, url: submitter?.hasAttribute("formaction") ? submitter.formAction : form.action, tries: 0 };
    hold(true);
    attempt();
  });

  async function attempt() {
    clearTimeout(pending.timer);
    if (pending.isBusy) return;
    pending.isBusy = true;
    let answer = null;
    try {
      answer = await fetch(pending.url, {
        method: "POST", body: pending.body, signal: AbortSignal.timeout(20000),
        headers: { Accept: "application/json", "Idempotency-Key": key, "X-Next-Page": "1" },
      });
    } catch { /* no answer: the server may or may not have it, so the same key is sent again */ }
    pending.isBusy = false;
    await answered(answer);
  }

  const isSignIn = (answer) => answer.status === 401
    || (answer.redirected && new URL(answer.url).pathname === document.body.dataset.login);

  async function answered(answer) {
    if (!answer || answer.status >= 500 || answer.status === 429) return again(word("not-sent"));
    if (isSignIn(answer)) return again(word("signed-out"));
    if (answer.ok) return goOn(answer);
    const said = await window.studioAutosave.message(answer);
    pending = null;
    renewKey();
    hold(false);
    document.querySelectorAll("[data-save-state]").forEach((place) => { place.textContent = ""; });
    tell(said || word("failed"));
  }

  function again(text) {
    if (pending.tries === 0 || pending.said !== text) {
      tell(text, "warning");
      offerAgain();
    }
    document.querySelectorAll("[data-save-state]").forEach((place) => {
      place.textContent = text;
      place.classList.add("unsaved");
    });
    pending.said = text;
    pending.timer = setTimeout(attempt, WAITS_MS[Math.min(pending.tries, WAITS_MS.length - 1)]);
    pending.tries += 1;
  }

  /* The form is inert while it waits; whoever does not wish to wait tries at once. */
  function offerAgain() {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "small", textContent: word("try-now") });
    button.addEventListener("click", () => { if (pending) attempt(); });
    document.querySelector("#messages li")?.append(" ", button);
  }

  async function goOn(answer) {
    window.studioAutosave?.of(form)?.stop();
    form.dispatchEvent(new CustomEvent("studio:stored"));
    isDone = true;
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    const page = isJson || answer.redirected ? "" : await answer.text().catch(() => "");
    if (page) return turnTo(page);
    const next = isJson ? (await answer.json()).next : answer.redirected && answer.url;
    location.replace(next || location.href);
  }

  /* The answer was the next page itself. It takes this one's place: nothing of this one goes on. */
  function turnTo(page) {
    for (let timer = setTimeout(() => {}); timer > 0; timer -= 1) clearTimeout(timer);
    document.open();
    document.write(page);
    document.close();
    window.scrollTo(0, 0);
  }

  /* Another form of the page leaves it: what was typed goes first. */
  document.addEventListener("submit", async (event) => {
    const autosave = window.studioAutosave?.of(form);
    if (!event.target.matches("form[data-after-saving]") || !autosave?.isDirty) return;
    event.preventDefault();
    await autosave.save();
    autosave.stop();
    event.target.submit();
  });

  let isDone = false;
  window.addEventListener("online", () => { if (pending) attempt(); });
  window.addEventListener("beforeunload", (event) => { if (pending && !isDone) event.preventDefault(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  form.addEventListener("change", (event) => {
    if (!event.target.matches(`${CHOICE}, [data-words]`)) return;
    event.target.closest("fieldset").classList.remove("missing");
    if (event.target.matches(CHOICE)) showAnchor(event.target);
  });
  form.addEventListener("focusin", (event) => { if (event.target.matches(CHOICE)) showAnchor(event.target); });
  form.addEventListener("pointerover", (event) => {
    const radio = event.target.closest("label")?.querySelector(CHOICE);
    if (radio) showAnchor(radio);
  });
  for (const leaving of ["pointerout", "focusout"]) {
    form.addEventListener(leaving, (event) => {
      const radio = event.target.closest("label")?.querySelector(CHOICE);
      if (radio) setTimeout(() => restAnchor(radio));
    });
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-shortcuts-toggle]")) return;
    areKeysOn = !areKeysOn;
    store.set(areKeysOn ? "on" : "off");
    showToggle();
  });

  form.querySelectorAll("input[type=radio]:checked").forEach(showAnchor);
  showToggle();
})();
