// The seconds that are left to undo a decision, and the end of the offer: the server decides whether it still holds.

import { isHalfMade } from "./draft.js";

/** Counts the offer on the page down until `signal` aborts; when nothing is left, it goes. */
export function countDown(signal) {
  const form = document.getElementById("undo");
  if (!form?.dataset.seconds) return;
  const endsAt = performance.now() + Number(form.dataset.seconds) * 1000;
  const shown = form.querySelector("[data-left]");
  const timer = setInterval(() => {
    const left = Math.ceil((endsAt - performance.now()) / 1000);
    shown.textContent = String(Math.max(left, 0));
    // One that is being sent stays: its answer takes the place of this page.
    if (left <= 0 && !form.dataset.sent) form.hidden = true;
  }, 250);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/** Undoing gives the case of this page back; one whose `form` is half made stays theirs. Until `signal` aborts. */
export function keepHalfMade(form, signal) {
  const undo = document.getElementById("undo");
  undo?.addEventListener("submit", () => { undo.elements.opened.disabled = isHalfMade(form); }, { signal });
}
