// Small comforts; every page works without them.
"use strict";

(() => {
  const start = () => {
    document.querySelector(".h-error-summary")?.focus();

    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
  };

  // One press is enough: the second one, while the first is under way, does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.underWay) {
      event.preventDefault();
      return;
    }
    form.dataset.underWay = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });

  // Coming back by the browser's button, the form can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-under-way]")) {
      delete form.dataset.underWay;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
