// The desk's case page: keys, the claim's heartbeat, and what was typed. Without it the page is a plain form.

import { keepClaim } from "./claim.js";
import { keepDraft } from "./draft.js";
import { bindImages } from "./images.js";
import { bindKeys } from "./keys.js";
import { guardSubmit } from "./submit.js";

const root = document.getElementById("case");
const form = document.getElementById("decide");

guardSubmit(form);
keepDraft(root.dataset.case, form);
keepClaim(root, form);
bindKeys(form);
bindImages();

// The text is what one came for: it is read out first, and the arrow keys scroll it.
document.querySelector("#cover > summary, #case-text")?.focus({ preventScroll: true });

// A page that the browser kept for its back button shows a claim that has ended.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
