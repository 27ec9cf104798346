// The desk's case page: keys, the claim's heartbeat, what was typed, and going on without loading a page anew. Without
// it the page is a plain form.
//
// Deciding swaps the whole case for the next one. So what is bound to a case is bound by a function that takes a
// `signal`: listeners are added with { signal }, and whatever else runs (timers, requests) stops when it aborts. Add one
// line to `bindCase`. What is bound to the document itself, once, goes into the last part. A form with data-go is sent
// by fetch, and the page that answers it takes the place of this one.

import { bindBreak } from "./break.js";
import { countExposure } from "./care.js";
import { keepClaim } from "./claim.js";
import { bindDialogs } from "./dialogs.js";
import { keepDraft } from "./draft.js";
import { bindGoing } from "./go.js";
import { bindImages } from "./images.js";
import { bindKeys, keysWake } from "./keys.js";
import { bindNotes } from "./notes.js";
import { bindPalette, bindPaletteKey } from "./palette.js";
import { keepLooking } from "./presence.js";
import { askForReason, takeReasonAlong } from "./reasons.js";
import { bindSheet } from "./sheet.js";
import { countDown, keepHalfMade } from "./undo.js";
import { bindStay, bindZen } from "./zen.js";

let controller = new AbortController();

function bindCase() {
  const root = document.getElementById("case");
  countDown(controller.signal);
  bindPalette(controller.signal);
  if (!root) {
    document.querySelector("[autofocus]")?.focus();
    keysWake(document.body);
    return;
  }
  const form = document.getElementById("decide");
  const { signal } = controller;
  if (form) {
    askForReason(form, signal);
    takeReasonAlong(form, signal);
    bindNotes(form, signal);
    keepDraft(root.dataset.case, form, signal);
    keepClaim(root, form, signal);
    keepHalfMade(form, signal);
  } else {
    keepLooking(root, signal);
  }
  bindSheet(signal);
  bindDialogs(signal);
  bindZen(signal);
  bindStay(signal);
  bindImages(signal);
  const whenDue = bindBreak(form, signal);
  countExposure(root.dataset.look, signal, (answer) => whenDue(answer.break_due));
  // The text is what one came for: it is read out first, and the arrow keys scroll it.
  document.querySelector("#cover > summary, #case-text, #case-main[tabindex]")?.focus({ preventScroll: true });
  keysWake(root);
}

function bindAnew() {
  controller.abort();
  controller = new AbortController();
  bindCase();
}

bindKeys();
bindPaletteKey();
bindGoing(bindAnew);
bindCase();

// A page that the browser kept for its back button shows a claim that has ended.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
