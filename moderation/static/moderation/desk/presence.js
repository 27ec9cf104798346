// Who else looks at this case. A page with a claim is told with each renewal; one that only looks asks for itself.

const BEATS_A_LEASE = 3;

/** Shows what the server says of those who look: `names` in a line, and `since` when on pointing at it. */
export function showViewers(viewers) {
  const line = document.getElementById("presence");
  if (!line || !viewers || line.textContent === viewers.names) return;
  line.textContent = viewers.names;
  line.title = viewers.since;
  line.hidden = !viewers.names;
}

/** Tells the server that somebody looks, and shows who has the case and who else looks; until `signal` aborts. */
export function keepLooking(root, signal) {
  const state = document.getElementById("case-state");
  const url = state?.dataset.presence;
  if (!url) return;
  const beat = async () => {
    const answer = await ask(url);
    if (signal.aborted || !answer) return;
    showViewers(answer.viewers);
    if (state.textContent !== answer.state) state.textContent = answer.state;
  };
  const timer = setInterval(beat, (Number(root.dataset.leaseSeconds) * 1000) / BEATS_A_LEASE);
  signal.addEventListener("abort", () => clearInterval(timer));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") beat();
  }, { signal });
  window.addEventListener("pagehide", () => navigator.sendBeacon(url, sign({ closing: "yes" })), { signal });
}

async function ask(url) {
  try {
    const response = await fetch(url, { method: "POST", body: sign({}), redirect: "manual" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** A form under the token that Django expects now, also after signing in anew in another tab. */
function sign(fields) {
  const form = new FormData();
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  if (cookie) form.set("csrfmiddlewaretoken", cookie.slice("csrftoken=".length));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
