/* Says five minutes before that the session ends, with a button to stay. What was typed is kept anyway. */
"use strict";
(() => {
  const WARN_MS = 5 * 60 * 1000;
  const LOOK_MS = 10 * 1000; // a machine that slept is told at once when it wakes
  const { word, announce, openDialog } = window.studio;
  const dialog = document.getElementById("staying");
  const left = Number(document.body.dataset.sessionLeft);
  if (!dialog || !left) return;
  let endsAt = Date.now() + left * 1000;
  let isTold = false;

  function look() {
    const still = endsAt - Date.now();
    if (still > WARN_MS || isTold) return;
    isTold = true;
    const minutes = Math.max(1, Math.round(still / 60000));
    dialog.querySelector("[data-ends]").textContent = word(still > 0 ? "session-ends" : "session-ended", { n: minutes });
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    openDialog("#staying");
  }

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (!answer.ok) throw new Error(answer.status);
      endsAt = Date.now() + (await answer.json()).left * 1000;
      isTold = false;
      dialog.close();
      announce(word("stays"));
    } catch {
      dialog.querySelector("[data-ends]").textContent = word("signed-out");
    }
  });

  setInterval(look, LOOK_MS);
  look();
})();
