// Images are blurred until somebody holds one down, or the key I for all of them; letting go covers them again.

import { isMeant } from "./keys.js";

const HELD = "is-held";

/** Binds press-and-hold to the images of the page, and the key I, until `signal` aborts. Hovering shows nothing. */
export function bindImages(signal) {
  const veils = [...document.querySelectorAll(".veil")];
  if (!veils.length) return;
  const coverAll = () => veils.forEach((veil) => veil.classList.remove(HELD));
  veils.forEach((veil) => bindHold(veil));
  document.addEventListener("keydown", (event) => {
    if (isImageKey(event) && isMeant(event)) veils.forEach((veil) => veil.classList.add(HELD));
  }, { signal });
  document.addEventListener("keyup", (event) => { if (event.code === "KeyI" || event.key === "i") coverAll(); }, { signal });
  // Whoever looks away with the key down never lets go of it here.
  window.addEventListener("blur", coverAll, { signal });
  document.addEventListener("visibilitychange", coverAll, { signal });
}

/** Uncovers one image for as long as it is held down. */
export function bindHold(veil) {
  const show = () => veil.classList.add(HELD);
  const cover = () => veil.classList.remove(HELD);
  veil.addEventListener("pointerdown", (event) => { if (event.button === 0) show(); });
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) veil.addEventListener(end, cover);
  veil.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") show(); });
  veil.addEventListener("keyup", cover);
  // On a touch screen a long press would open the menu of the image.
  veil.addEventListener("contextmenu", (event) => event.preventDefault());
}

function isImageKey(event) {
  return event.code === "KeyI" || event.key === "i";
}
