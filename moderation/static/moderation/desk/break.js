// The prompt to rest: it opens by itself, but never over something half done, and goes away with one key.

import { isHalfMade } from "./draft.js";

const QUIET_MS = 4000;
const LOOK_AGAIN_MS = 2000;

/** Binds the prompt of the page until `signal` aborts; answers a function that is told when a break is due. */
export function bindBreak(form, signal) {
  const prompt = document.getElementById("break");
  if (!prompt) return () => {};
  const state = { isDue: prompt.dataset.due === "yes", stirredAt: 0 };
  for (const name of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(name, () => { state.stirredAt = performance.now(); }, { capture: true, signal });
  }
  const timer = setInterval(() => { if (state.isDue && isFree(form, state)) open(prompt, state); }, LOOK_AGAIN_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  prompt.addEventListener("close", () => putOff(prompt), { signal });
  document.getElementById("break-later").addEventListener("submit", (event) => {
    event.preventDefault();
    prompt.close();
  }, { signal });
  return (isDue) => { state.isDue = isDue; };
}

/** Nobody types, no image is held, no dialog is open, and no decision is half made. */
function isFree(form, state) {
  if (document.visibilityState !== "visible" || performance.now() - state.stirredAt < QUIET_MS) return false;
  if (document.querySelector("dialog[open], .veil.is-held")) return false;
  if (document.activeElement?.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return false;
  return !form || !(form.dataset.sent || isHalfMade(form));
}

function open(prompt, state) {
  state.isDue = false;
  prompt.showModal();
}

/** Closed by "Not now" or by Escape: the server asks again after a while. */
function putOff(prompt) {
  const form = prompt.querySelector("#break-later");
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => {});
}
