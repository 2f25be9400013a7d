/* Autosave: <form data-autosave="URL"> is posted after one second of quiet and when the page is left.
   What was typed is never lost: while the server cannot be reached the form keeps trying and says so. */
"use strict";
(() => {
  const { word, announce, tell, ago } = window.studio;
  const QUIET_MS = 1000;
  const WAITS_MS = [2000, 4000, 8000, 15000, 30000];

  class Autosave {
    constructor(form) {
      this.form = form;
      this.url = form.dataset.autosave || form.action;
      this.changes = 0;
      this.savedChanges = 0;
      this.tries = 0;
      this.isBusy = false;
      this.isStopped = false;
      this.isHeld = false; // refused for good: what was typed stays, unsaved, until the person acts
      this.savedAt = null;
      form.addEventListener("input", () => this.touched());
      form.addEventListener("submit", (event) => queueMicrotask(() => { if (!event.defaultPrevented) this.stop(); }));
    }

    get isDirty() { return this.changes > this.savedChanges && !this.isStopped; }

    /* While the form itself is being sent, a draft must not overtake it. */
    pause() { this.stop(); }

    resume() {
      this.isStopped = false;
      if (this.isDirty) this.later(QUIET_MS);
    }

    stop() { this.isStopped = true; clearTimeout(this.timer); }

    touched() {
      this.changes += 1;
      this.tries = 0;
      this.later(QUIET_MS);
    }

    later(wait) {
      clearTimeout(this.timer);
      if (this.isHeld) return;
      this.timer = setTimeout(() => this.save(), wait);
    }

    show(name, values = {}) {
      document.querySelectorAll(`[data-save-state=""], [data-save-state="${this.form.id}"]`).forEach((place) => {
        place.textContent = word(name, values);
        place.classList.toggle("unsaved", name === "unsaved" || name === "not-valid");
      });
    }

    showAge() {
      if (this.savedAt && !this.isDirty && !this.isStopped) this.show("saved-ago", { ago: ago(this.savedAt) });
    }

    /* One request at a time, so that the server sees the lock versions in order. */
    async save() {
      if (!this.isDirty || this.isBusy || this.isHeld) return;
      this.isBusy = true;
      const sent = this.changes;
      const body = new FormData(this.form);
      try {
        const answer = await fetch(this.url, {
          method: "POST", body, keepalive: isSmall(body), redirect: "manual",
          headers: { Accept: "application/json, text/html", "X-Autosave": "1" },
          signal: AbortSignal.timeout(15000),
        });
        this.isBusy = false;
        await this.answered(answer, sent);
      } catch {
        this.isBusy = false;
        this.failed();
      }
    }

    async answered(answer, sent) {
      if (answer.ok) return this.saved(answer, sent);
      if (answer.status === 409) return this.hold(await message(answer) || word("conflict"));
      if (answer.status === 400 || answer.status === 413 || answer.status === 422) {
        tell(await message(answer) || word("not-valid"));
        this.savedChanges = sent;
        this.savedAt = null;
        return this.show("not-valid");
      }
      const refusal = answer.status === 403 && await message(answer);
      if (refusal) return this.hold(refusal);
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) tell(word("signed-out"), "warning");
      return this.failed();
    }

    /* Says so and stops, and warns before the page is left. With data-autosave-compare the form may
       be sent as it is, to see both texts. */
    hold(text) {
      this.isHeld = true;
      clearTimeout(this.timer);
      tell(text);
      this.show("not-valid");
      const said = document.querySelector("#messages li");
      if (!said || !("autosaveCompare" in this.form.dataset)) return;
      const button = document.createElement("button");
      Object.assign(button, { textContent: word("compare"), className: "small", name: "compare", value: "1" });
      button.setAttribute("form", this.form.id);
      button.formNoValidate = true;
      said.append(" ", button);
    }

    async saved(answer, sent) {
      const version = answer.headers.get("X-Lock-Version");
      if (version) this.form.querySelectorAll("[name=lock_version]").forEach((input) => { input.value = version; });
      if (this.tries > 0) { announce(word("saved")); document.getElementById("messages")?.replaceChildren(); }
      this.tries = 0;
      this.savedChanges = sent;
      this.savedAt = Date.now();
      await this.showAnswer(answer);
      if (this.isDirty) return this.later(document.hidden ? 0 : QUIET_MS);
      this.form.dispatchEvent(new CustomEvent("studio:stored"));
      this.showAge();
    }

    async showAnswer(answer) {
      const place = this.form.dataset.autosaveInto && document.querySelector(this.form.dataset.autosaveInto);
      if (!place || !answer.headers.get("Content-Type")?.startsWith("text/html")) return;
      const text = await answer.text();
      // Morphed, so that an opened part stays open and the focus stays where it is.
      if (window.htmx) return window.htmx.swap({ text, target: place, sourceElement: place, swap: "innerMorph" });
      place.innerHTML = text;
      window.studio.renderTimes(place);
    }

    failed() {
      if (this.tries === 0) announce(word("unsaved"));
      this.show("unsaved");
      this.later(WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)]);
      this.tries += 1;
    }
  }

  /* Browsers let at most 64 KiB outlive the page. */
  function isSmall(body) {
    let size = 0;
    for (const value of body.values()) size += typeof value === "string" ? value.length * 3 : value.size;
    return size < 60000;
  }

  /* The server's own words: {"message"}, {"detail"} or the text of a small page. */
  async function message(answer) {
    try {
      const body = await answer.json();
      return body.message ?? body.detail ?? body.error ?? "";
    } catch {
      return "";
    }
  }

  const known = new WeakMap();
  const all = new Set();
  function adopt() {
    document.querySelectorAll("form[data-autosave]").forEach((form) => {
      if (known.has(form)) return;
      known.set(form, new Autosave(form));
      all.add(known.get(form));
    });
    all.forEach((autosave) => { if (!autosave.form.isConnected) { autosave.stop(); all.delete(autosave); } });
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") all.forEach((autosave) => autosave.save());
  });
  window.addEventListener("online", () => all.forEach((autosave) => autosave.save()));
  window.addEventListener("beforeunload", (event) => {
    if ([...all].some((autosave) => autosave.isDirty)) event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", adopt);
  setInterval(() => all.forEach((autosave) => autosave.showAge()), 10000);
  adopt();
  window.studioAutosave = Object.freeze({ message, of: (form) => known.get(form) });
})();
