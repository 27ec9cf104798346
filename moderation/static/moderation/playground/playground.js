// Asks without leaving the page, and puts what was read in its place; without this script the form posts as forms do.

import { bindHold } from "../desk/images.js";
import { makeTabs } from "./tabs.js";

const SLOW_MS = 4_000;
const TOO_SLOW_MS = 100_000;
const form = document.getElementById("playground");
const progress = document.getElementById("progress");
const answer = document.getElementById("answer");
let asked = null; // the request under way: a newer one ends it

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask();
});
for (const hint of document.querySelectorAll(".key-hint")) hint.hidden = false;
arrange();

async function ask() {
  asked?.abort();
  const own = asked = new AbortController();
  const slow = setTimeout(() => say(progress.dataset.slow), SLOW_MS);
  const tooSlow = setTimeout(() => own.abort(), TOO_SLOW_MS);
  answer.setAttribute("aria-busy", "true");
  say(progress.dataset.reading);
  try {
    say(await read(own.signal));
  } catch {
    if (own === asked) say(progress.dataset.away);
  } finally {
    clearTimeout(slow);
    clearTimeout(tooSlow);
    if (own === asked) answer.removeAttribute("aria-busy");
  }
}

/** Posts the form, shows what came back, and answers what to say of it. */
async function read(signal) {
  const response = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", signal });
  if (response.type === "opaqueredirect") return progress.dataset.signedOut;
  if (response.status === 403) return progress.dataset.refused;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!fresh.getElementById("answer")) throw new Error(response.status);
  for (const part of document.querySelectorAll("[data-part]")) {
    if (part === answer && !response.ok) continue; // what was read before stays beside what is wrong now
    part.replaceChildren(...fresh.querySelector(`[data-part="${part.dataset.part}"]`).childNodes);
  }
  markFaults(fresh);
  answer.classList.toggle("of-before", !response.ok);
  const isOfBefore = !response.ok && document.getElementById("verdict-title");
  if (!response.ok) return isOfBefore ? progress.dataset.ofBefore : progress.dataset.nothing;
  arrange();
  return `${document.getElementById("verdict-title").textContent}.`;
}

function markFaults(fresh) {
  for (const field of form.querySelectorAll("textarea, select, input")) {
    const invalid = field.id && fresh.getElementById(field.id)?.getAttribute("aria-invalid");
    if (invalid) field.setAttribute("aria-invalid", invalid);
    else field.removeAttribute("aria-invalid");
  }
}

function arrange() {
  for (const veil of answer.querySelectorAll(".veil")) bindHold(veil);
  for (const part of answer.querySelectorAll("[data-tabs]")) makeTabs(part);
  const title = document.getElementById("verdict-title");
  // On a narrow screen the answer lies below the form: bring it into sight, and leave the focus where it is.
  if (title && title.getBoundingClientRect().top > innerHeight) title.scrollIntoView({ block: "start" });
}

function say(text) {
  progress.textContent = text;
}
