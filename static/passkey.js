/* A button that signs with a passkey: asks the server for a challenge, the passkey for an answer,
   and sends the form with it. [data-passkey="URL of the challenge"] in a form that has
   input[name=credential]; hidden until this script runs in a browser that knows passkeys. */
(() => {
  "use strict";

  async function answerOf(button, form) {
    const body = new FormData(); // the challenge needs nothing else of what was typed
    for (const name of ["csrfmiddlewaretoken", "lock_version"]) body.append(name, form.elements[name].value);
    const asked = await fetch(button.dataset.passkey, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    if (!asked.ok) throw new Error(String(asked.status));
    return window.webauthnJSON.get(await asked.json());
  }

  function hint(button, text) {
    const place = document.getElementById(button.getAttribute("aria-describedby"));
    if (place) place.textContent = text;
    window.studio?.announce(text);
  }

  for (const button of document.querySelectorAll("[data-passkey]")) {
    if (!window.webauthnJSON?.supported()) continue;
    button.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const form = button.form;
      button.disabled = true;
      try {
        const answer = await answerOf(button, form);
        form.elements.credential.value = JSON.stringify(answer);
        button.disabled = false;
        form.requestSubmit(button);
      } catch {
        button.disabled = false;
        hint(button, button.dataset.passkeyFailed);
      }
    });
  }
})();
