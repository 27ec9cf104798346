// One key, one act: the element that carries data-key is pressed, or entered if one writes in it. Keys rest while
// somebody types, holds another key, writes through an input method or has a dialog open, and between two cases.

const SETTING = "desk.keys";
// Two presses closer than this are one: the second must not decide a case that nobody has seen.
const APART_MS = 140;
const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";

const rest = { isOn: true, endsAt: 0, timer: 0 };

/** Listens for keys, once a document: what a key does is read from the page at the moment it is pressed. */
export function bindKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.(TYPING) && !isInDialog()) event.target.blur();
    if (!isMeant(event)) return;
    const target = elementOf(keyOf(event)) ?? fieldInZen(keyOf(event));
    if (!target) return;
    event.preventDefault();
    if (isResting(event)) return;
    press(target);
  });
}

/** Keys do nothing from now on, until `keysWake`. */
export function keysRest() {
  rest.isOn = true;
  rest.endsAt = performance.now() + APART_MS;
  document.getElementById("case")?.removeAttribute("data-ready");
  clearTimeout(rest.timer);
}

/** Lets keys act as soon as `root`, which has just been put on the page, has been painted. */
export function keysWake(root) {
  const wake = () => {
    const left = rest.endsAt - performance.now();
    if (left > 0) {
      rest.timer = setTimeout(wake, left);
      return;
    }
    rest.isOn = false;
    rest.endsAt = performance.now();
    root.dataset.ready = "yes";
  };
  // A frame is painted between the two.
  requestAnimationFrame(() => { rest.timer = setTimeout(wake); });
}

/** A press that was made before the case could be seen counts for nothing, and puts the next one off. */
function isResting(event) {
  if (!rest.isOn && event.timeStamp >= rest.endsAt) return false;
  if (rest.isOn) rest.endsAt = event.timeStamp + APART_MS;
  return true;
}

function elementOf(key) {
  if (!key) return null;
  const carriers = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  return carriers.find((carrier) => !carrier.disabled && carrier.checkVisibility()) ?? null;
}

/** A field that zen leaves out: whoever wants to write in it leaves zen. */
function fieldInZen(key) {
  const field = key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return document.body.classList.contains("zen") && field?.matches(TYPING) ? field : null;
}

function press(target) {
  if (!target.checkVisibility()) document.getElementById("zen").click();
  if (target.matches(TYPING)) target.focus();
  else target.click();
}

/** The letter that is printed on the button, also under a layout that writes another script. */
export function keyOf(event) {
  if (event.key === "?") return "?";
  const key = event.key.length === 1 ? event.key.toLowerCase() : "";
  const isLatin = key > " " && key <= "~";
  return isLatin || !event.code.startsWith("Key") ? key : event.code.slice(3).toLowerCase();
}

function isInDialog() {
  return Boolean(document.querySelector("dialog[open]"));
}

/** Whether the event belongs to a field in which somebody writes, or a dialog is open. */
export function isTyping(event) {
  return isInDialog() || Boolean(event.target.matches?.(TYPING));
}

/** Whether a single key is meant as one: nothing else is held, nobody types, and the keys are switched on. */
export function isMeant(event) {
  const held = event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key !== "?");
  if (held || event.repeat || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return false;
  return !isTyping(event) && keysAreOn();
}

/** Whether this person, and this browser, want single keys to do something. */
export function keysAreOn() {
  if (document.getElementById("case")?.dataset.singleKeys === "off") return false;
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

/** Switches single keys on or off for this browser. */
export function switchKeys(areOn) {
  try {
    localStorage.setItem(SETTING, areOn ? "on" : "off");
  } catch {
    // A browser that forbids storage: the choice holds for nothing, and the keys stay on.
  }
}
