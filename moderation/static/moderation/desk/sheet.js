// The sheet of keys: it lists what has a key on the page as it is now.

import { keysAreOn, switchKeys } from "./keys.js";

/** Fills the sheet whenever it opens, and binds its switch. */
export function bindSheet(signal) {
  const sheet = document.getElementById("keys");
  const opener = document.getElementById("open-keys");
  const box = document.getElementById("keys-on");
  opener.addEventListener("click", () => {
    fill(sheet.querySelector("dl"), sheet.querySelector("template"));
    sheet.showModal();
    // Not the switch: the space bar, pressed to scroll, would turn keys off.
    sheet.querySelector("button").focus();
  }, { signal });
  box.checked = keysAreOn();
  box.addEventListener("change", () => switchKeys(box.checked), { signal });
}

function fill(list, template) {
  list.querySelectorAll("[data-from-page]").forEach((row) => row.remove());
  const rows = [...document.querySelectorAll("[data-key], [data-hold-key]")]
    .filter((carrier) => carrier.checkVisibility() && !carrier.closest("dialog"))
    .map((carrier) => rowOf(carrier, template));
  list.prepend(...rows);
}

function rowOf(carrier, template) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.fromPage = "";
  row.querySelector("kbd").textContent = (carrier.dataset.key ?? carrier.dataset.holdKey).toUpperCase();
  row.querySelector("[data-hold]").hidden = !carrier.dataset.holdKey;
  row.querySelector("dd").textContent = carrier.dataset.keyHelp || labelOf(carrier);
  return row;
}

/** What is printed beside the key: the carrier's own label without the key. */
function labelOf(carrier) {
  const printed = (carrier.labels?.[0] ?? carrier).cloneNode(true);
  printed.querySelectorAll("kbd, .quiet, .visually-hidden").forEach((part) => part.remove());
  return printed.textContent.trim();
}
