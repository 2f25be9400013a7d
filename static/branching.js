/* Which criteria are asked, as the page knows it; the server decides again when answers are sent.
   What is not asked is hidden and keeps what was typed. The answers come into view once the
   questions about the prompt are answered. The contract with the template is in docs/look.md. */
"use strict";
(() => {
  const form = document.querySelector("form[data-rating]");
  if (!form) return;
  const fieldsets = [...form.querySelectorAll("[data-criterion]")];
  const of = (fieldset) => fieldset.querySelectorAll("input:checked, select[data-words], textarea[data-words]");

  /* What was said in a fieldset: the values of its points, boxes, list or text. */
  const said = (fieldset) => [...of(fieldset)].map((control) => control.value.trim()).filter(Boolean);

  function named(name) {
    return form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest("[data-criterion]");
  }

  function isAsked(fieldset) {
    const [name, values] = fieldset.dataset.askWhen.split("=");
    const on = named(name);
    return Boolean(on) && !on.hidden && said(on).some((value) => values.split("|").includes(value));
  }

  /* In the rubric's order: what depends on something hidden is hidden too. */
  function branch() {
    for (const fieldset of fieldsets) {
      if ("askWhen" in fieldset.dataset) fieldset.hidden = !isAsked(fieldset);
    }
    form.querySelectorAll("[data-asked]").forEach((row) => {
      row.hidden = [...row.querySelectorAll("[data-criterion]")].every((one) => one.hidden);
    });
    const first = fieldsets.filter((one) => "aboutPrompt" in one.dataset && !one.hidden);
    const isOpen = isRevealed || first.every((one) => said(one).length > 0);
    isRevealed = isOpen; // what was read cannot be unread
    document.querySelectorAll("[data-after-prompt]").forEach((part) => { part.hidden = !isOpen; });
    document.querySelectorAll("[data-before-answers]").forEach((part) => { part.hidden = isOpen; });
  }

  /* "None of these", "Cannot judge" and "Outside my competence" stand alone. */
  function leaveAlone(box) {
    const boxes = [...box.closest("fieldset").querySelectorAll("input[type=checkbox]")];
    const isAlone = "alone" in box.dataset;
    boxes.filter((other) => other !== box && (isAlone || "alone" in other.dataset))
      .forEach((other) => { other.checked = false; });
  }

  let isRevealed = form.querySelector("[data-about-prompt]") === null;
  form.addEventListener("input", (event) => {
    if (event.target.matches("input[type=checkbox]:checked")) leaveAlone(event.target);
    if (event.target.matches("textarea[data-words]") && event.target.value.trim()) {
      event.target.closest("fieldset").querySelectorAll("[data-alone]").forEach((box) => { box.checked = false; });
    }
    branch();
  });
  form.addEventListener("change", branch);
  branch();
})();
