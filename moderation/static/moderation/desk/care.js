// What a person is exposed to, in seconds: only while the page is in sight, somebody is at it, and nothing lies over
// what is counted. The server hears of it now and then; what a lost network kept from it is lost.

const TICK_MS = 1000;
const BEAT_MS = 15_000;
const IDLE_AFTER_MS = 2 * 60 * 1000;
// A tick that comes later than this was asleep meanwhile.
const LONGEST_TICK_MS = 3 * TICK_MS;
const ACTIVITY = ["pointerdown", "pointermove", "keydown", "wheel", "scroll", "touchstart"];
const TEXT = '[data-exposes="text"]';
const IMAGE = '[data-exposes="image"], .veil.is-held';

/**
 * Counts what lies open on the page and reports it to `address`, until `signal` aborts. `heard` is called with each
 * answer.
 */
export function countExposure(address, signal, heard = () => {}) {
  if (!address) return;
  const seen = { open: 0, text: 0, images: 0 };
  const clock = { tickedAt: performance.now(), activeAt: performance.now() };
  const stir = () => { clock.activeAt = performance.now(); };
  for (const name of ACTIVITY) document.addEventListener(name, stir, { passive: true, capture: true, signal });
  const count = () => countOn(seen, clock);
  const timers = [setInterval(count, TICK_MS), setInterval(() => report(address, seen, heard), BEAT_MS)];
  document.addEventListener("visibilitychange", () => {
    // The time until now was in sight, or was not: it is settled before that changes.
    if (document.visibilityState === "hidden") countOn(seen, clock, true);
    else clock.tickedAt = clock.activeAt = performance.now();
  }, { signal });
  window.addEventListener("pagehide", () => { count(); sendOff(address, seen); }, { signal });
  // Another case is on the page already: what it shows is not counted for this one.
  signal.addEventListener("abort", () => { timers.forEach(clearInterval); sendOff(address, seen); });
}

function countOn(seen, clock, wasVisible = document.visibilityState === "visible") {
  const now = performance.now();
  const passed = now - clock.tickedAt;
  clock.tickedAt = now;
  if (!wasVisible || passed > LONGEST_TICK_MS) return;
  const isHeld = document.querySelector(".veil.is-held");
  if (!isHeld && now - clock.activeAt > IDLE_AFTER_MS) return;
  seen.open += passed;
  if (isOpen(TEXT)) seen.text += passed;
  if (isOpen(IMAGE)) seen.images += passed;
}

/** Whether something of the kind can be seen: what lies in a closed cover cannot. */
function isOpen(selector) {
  return [...document.querySelectorAll(selector)].some((part) => part.checkVisibility());
}

/** Takes whole seconds out of the count; the rest of one is counted on. */
function take(seen) {
  const told = new FormData();
  for (const name of Object.keys(seen)) {
    const seconds = Math.floor(seen[name] / 1000);
    seen[name] -= seconds * 1000;
    told.set(name, String(seconds));
  }
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  told.set("csrfmiddlewaretoken", cookie?.slice("csrftoken=".length) ?? "");
  return told;
}

async function report(address, seen, heard) {
  const told = take(seen);
  if (told.get("open") === "0") return;
  try {
    const answer = await fetch(address, { method: "POST", body: told, redirect: "manual" });
    if (answer.ok) heard(await answer.json());
  } catch {
    // No network: these seconds are lost, and nothing else.
  }
}

function sendOff(address, seen) {
  const told = take(seen);
  if (told.get("open") !== "0") navigator.sendBeacon(address, told);
}
