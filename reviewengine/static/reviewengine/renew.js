// Renews a part of the page while it is looked at; what is open or ticked stays so, and a button stops it.

const part = document.querySelector("[data-renew]");
const button = document.querySelector("[data-renewal-toggle]");
const status = document.querySelector("[data-renewal-status]");
const every = Number(part.dataset.renewSeconds) * 1000;
let timer = null;
let paused = false;

function keepState(fresh) {
  for (const details of part.querySelectorAll("details[open][data-kept]")) {
    fresh.querySelector(`[data-kept="${CSS.escape(details.dataset.kept)}"]`)?.setAttribute("open", "");
  }
  for (const box of part.querySelectorAll("input[type=checkbox]:checked")) {
    const same = fresh.querySelector(`input[name="${CSS.escape(box.name)}"][value="${CSS.escape(box.value)}"]`);
    if (same) same.checked = true;
  }
}

// Nothing is moved under somebody's hands: not while a part has the focus or a number is being selected.
function isInUse() {
  const selection = getSelection();
  return part.contains(document.activeElement) || (!selection.isCollapsed && part.contains(selection.anchorNode));
}

async function renew() {
  if (isInUse()) return;
  try {
    const answer = await fetch(part.dataset.renew, { redirect: "error", signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (isInUse()) return;
    keepState(fresh);
    part.replaceChildren(...fresh.childNodes);
    status.textContent = "";
  } catch {
    status.textContent = status.dataset.failed;
  }
}

function arrange() {
  clearInterval(timer);
  if (!paused && !document.hidden) timer = setInterval(renew, every);
}

button.hidden = false;
button.addEventListener("click", () => {
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
  arrange();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !paused) renew();
  arrange();
});
arrange();
