// To reject one says why: without a reason or words nothing is sent, and the page asks for one.

/** Keeps a rejection without a reason from being sent. */
export function askForReason(form, signal) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "reject" || hasReason(form)) return;
    event.preventDefault();
    const line = document.getElementById("claim-state");
    line.textContent = line.dataset.why;
    form.querySelector("input[name=reason]")?.focus();
  }, { signal });
}

function hasReason(form) {
  return Boolean(form.querySelector("input[name=reason]:checked:not([value=''])") || form.elements.words.value.trim());
}

/** A page that a case leads to is told the reason that was chosen there, until `signal` aborts. */
export function takeReasonAlong(form, signal) {
  const link = document.querySelector("a[data-with-reason]");
  link?.addEventListener("click", () => {
    const address = new URL(link.href);
    address.searchParams.set("reason", form.elements.reason.value);
    link.href = address.href;
  }, { signal });
}
