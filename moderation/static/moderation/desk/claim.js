// The claim lives while somebody sits at this page: a heartbeat renews it, leaving gives the case back at once.

import { refreshToken } from "./go.js";
import { showViewers } from "./presence.js";

const BEATS_A_LEASE = 3;
const IDLE_AFTER_MS = 10 * 60 * 1000;
const ACTIVITY = ["pointerdown", "pointermove", "keydown", "wheel", "scroll", "touchstart"];

/** Renews the claim of the case in `root`, shows when it ends, and says when it is lost; until `signal` aborts. */
export function keepClaim(root, form, signal) {
  const leaseMs = Number(root.dataset.leaseSeconds) * 1000;
  const beatMs = leaseMs / BEATS_A_LEASE;
  const state = { endsAt: Date.now() + leaseMs, activeAt: Date.now(), asking: false, lost: false, silent: false, text: "" };
  const isIdle = () => Date.now() - state.activeAt > IDLE_AFTER_MS;
  const beat = async () => {
    if (state.asking || state.lost || form.dataset.sent || isIdle()) return;
    state.asking = true;
    const answer = await ask(root.dataset.renew, form, beatMs);
    state.asking = false;
    if (!signal.aborted) take(answer, state, form);
  };
  const stir = () => {
    const wasIdle = isIdle();
    state.activeAt = Date.now();
    if (wasIdle) beat();
  };
  for (const name of ACTIVITY) {
    document.addEventListener(name, stir, { passive: true, capture: true, signal });
  }
  const timers = [setInterval(beat, beatMs), setInterval(() => showState(state, leaseMs), 1000)];
  signal.addEventListener("abort", () => timers.forEach(clearInterval));
  // A laptop that was closed, or a tab whose timers slept in the background, claims again or finds out at once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") { stir(); beat(); }
  }, { signal });
  window.addEventListener("online", beat, { signal });
  window.addEventListener("pagehide", () => {
    if (!state.lost && !form.dataset.sent) giveBack(root.dataset.release, form);
  }, { signal });
}

function claimOf(form) {
  refreshToken(form);
  const claim = new FormData();
  for (const name of ["csrfmiddlewaretoken", "lease_token"]) claim.set(name, form.elements[name].value);
  return claim;
}

async function ask(url, form, patienceMs) {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, { method: "POST", body: claimOf(form), redirect: "manual", signal });
    return { status: response.status, ...(await response.json()) };
  } catch {
    return { status: 0 };
  }
}

function take(answer, state, form) {
  // A claim that was sent off in the meantime has ended rightly.
  if (form.dataset.sent) return;
  document.getElementById("signed-out").hidden = answer.status !== 401;
  state.silent = answer.status === 0 || answer.status >= 500;
  if (answer.status === 200) {
    state.endsAt = Date.now() + answer.seconds * 1000;
    showViewers(answer.viewers);
  }
  if (answer.status === 409 || answer.status === 403) lose(answer.message, state, form);
}

function lose(message, state, form) {
  state.lost = true;
  const notice = document.getElementById("claim-lost");
  notice.querySelector("[data-message]").textContent = message;
  notice.hidden = false;
  for (const dialog of document.querySelectorAll("dialog.act-dialog[open]")) dialog.close();
  for (const button of form.querySelectorAll(".acts button[type=submit]")) button.disabled = true;
  document.getElementById("claim-state").textContent = "";
}

function showState(state, leaseMs) {
  if (state.lost) return;
  const line = document.getElementById("claim-state");
  const left = Math.round((state.endsAt - Date.now()) / 1000);
  const text = stateText(left, leaseMs / 1000, state.silent);
  // Only a change is written: a screen reader says each, and other messages share the line.
  if (state.text !== text) line.textContent = state.text = text;
  line.classList.toggle("ending", left < leaseMs / 2000);
}

function stateText(left, lease, isSilent) {
  const words = document.getElementById("claim-lost").dataset;
  if (left <= 0) return words.ended;
  if (left >= lease / 2) return "";
  const rounded = left > 10 ? Math.ceil(left / 10) * 10 : 10;
  return (isSilent ? words.silent : words.ending).replace("{seconds}", rounded);
}

function giveBack(url, form) {
  const claim = claimOf(form);
  claim.set("closing", "yes");
  navigator.sendBeacon(url, claim);
}
