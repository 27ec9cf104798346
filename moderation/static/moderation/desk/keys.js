// One key, one decision. Keys rest while somebody types, holds another key, reads the sheet, or has just come here.

const SETTING = "desk.keys";
// The second press of a double tap must not decide a case that nobody has seen.
const READY_AFTER_MS = 300;
const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";

/** Binds the keys of the sheet to the buttons and fields of the page. */
export function bindKeys(form) {
  const sheet = document.getElementById("keys");
  const press = actions(form, sheet);
  const readyAt = performance.now() + READY_AFTER_MS;
  bindSheet(sheet);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.(TYPING)) event.target.blur();
    const act = press[keyOf(event)];
    if (!act || !isMeant(event) || performance.now() < readyAt) return;
    event.preventDefault();
    act();
  });
}

function actions(form, sheet) {
  const cover = document.getElementById("cover");
  const choose = Object.fromEntries(
    [...form.querySelectorAll("input[name=reason]")].map((radio, index) => [String(index + 1), () => radio.click()]),
  );
  const button = (name) => () => submitBy(form, form.querySelector(name));
  return {
    ...choose,
    0: () => form.querySelectorAll("input[name=reason]").forEach((radio) => { radio.checked = false; }),
    a: button(".act-approve"),
    r: () => (hasReason(form) ? button(".act-reject")() : askForReason(form)),
    s: button(".act-skip"),
    w: () => form.elements.words.focus(),
    n: () => form.elements.private_note.focus(),
    v: () => { if (cover) cover.open = !cover.open; },
    "?": () => sheet.showModal(),
  };
}

function submitBy(form, button) {
  if (!button.disabled) form.requestSubmit(button);
}

function hasReason(form) {
  return Boolean(form.querySelector("input[name=reason]:checked") || form.elements.words.value.trim());
}

function askForReason(form) {
  document.getElementById("claim-state").textContent = "Why? Choose a reason, 1 to 9, or press W to write one.";
  form.querySelector("input[name=reason]")?.focus();
}

/** The letter that is printed on the button, also under a layout that writes another script. */
function keyOf(event) {
  if (event.key === "?") return "?";
  const key = event.key.length === 1 ? event.key.toLowerCase() : "";
  const isLatin = key > " " && key <= "~";
  return isLatin || !event.code.startsWith("Key") ? key : event.code.slice(3).toLowerCase();
}

/** Whether the event belongs to a field in which somebody writes, or to the open sheet of keys. */
export function isTyping(event) {
  return document.getElementById("keys").open || Boolean(event.target.matches?.(TYPING));
}

function isMeant(event) {
  const held = event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key !== "?");
  if (held || event.repeat || event.isComposing || event.defaultPrevented) return false;
  if (isTyping(event)) return false;
  return event.key === "?" || keysAreOn();
}

/** Whether this browser's person wants single keys to do something. */
export function keysAreOn() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

function bindSheet(sheet) {
  const opener = document.getElementById("open-keys");
  const box = document.getElementById("keys-on");
  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());
  box.checked = keysAreOn();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SETTING, box.checked ? "on" : "off");
    } catch {
      // A browser that forbids storage: the choice holds for nothing, and the keys stay on.
    }
  });
}
