// Images are veiled until somebody holds one down, or the key I for all of them; letting go veils them again. Nothing
// else shows them: no hovering, no focus.

import { isMeant } from "./keys.js";

export const HELD = "is-held";

/** Binds press-and-hold to the images of the page, and the key I, until `signal` aborts. */
export function bindImages(signal) {
  const veils = [...document.querySelectorAll("button.veil")];
  if (!veils.length) return;
  const veilAll = () => veils.forEach(veil);
  veils.forEach((one) => bindHold(one));
  document.addEventListener("keydown", (event) => {
    if (isImageKey(event) && isMeant(event)) veils.forEach(unveil);
  }, { signal });
  document.addEventListener("keyup", (event) => { if (isImageKey(event)) veilAll(); }, { signal });
  // Whoever looks away with the key or the button down never lets go of it here.
  window.addEventListener("blur", veilAll, { signal });
  document.addEventListener("visibilitychange", veilAll, { signal });
}

/** Shows one image for as long as it is held down, by mouse, finger or key. */
export function bindHold(one) {
  const hide = () => veil(one);
  one.addEventListener("pointerdown", (event) => { if (event.isPrimary && event.button === 0) unveil(one); });
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) one.addEventListener(end, hide);
  one.addEventListener("keydown", (event) => {
    if (!event.repeat && (event.key === " " || event.key === "Enter")) unveil(one);
  });
  // On a touch screen a long press would open the menu of the image.
  one.addEventListener("contextmenu", (event) => event.preventDefault());
}

function unveil(one) {
  one.classList.add(HELD);
  one.setAttribute("aria-pressed", "true");
}

function veil(one) {
  one.classList.remove(HELD);
  one.setAttribute("aria-pressed", "false");
}

function isImageKey(event) {
  return event.code === "KeyI" || event.key === "i";
}
