// What this browser remembers of how one works: zen, in which only the content is left, and staying after a decision.

const ZEN = "desk.zen";
const STAY = "desk.stay";

/** Binds the switch of zen and puts the page as it was left, until `signal` aborts. */
export function bindZen(signal) {
  const button = document.getElementById("zen");
  if (!button) return;
  show(button, recall(ZEN));
  button.addEventListener("click", () => show(button, remember(ZEN, !document.body.classList.contains("zen"))), { signal });
}

/** Remembers whether one stays after a decision, until `signal` aborts. */
export function bindStay(signal) {
  const box = document.getElementById("stay");
  if (!box) return;
  box.checked ||= recall(STAY);
  box.addEventListener("change", () => remember(STAY, box.checked), { signal });
}

function show(button, isZen) {
  document.body.classList.toggle("zen", isZen);
  button.setAttribute("aria-pressed", String(isZen));
}

function recall(name) {
  try {
    return localStorage.getItem(name) === "on";
  } catch {
    return false;
  }
}

function remember(name, isOn) {
  try {
    localStorage.setItem(name, isOn ? "on" : "off");
  } catch {
    // A browser that forbids storage: it holds for this page.
  }
  return isOn;
}
