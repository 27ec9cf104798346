// What was typed survives an ended session or a reload: it is kept in this tab until the case is decided.

const PREFIX = "desk.draft.";
const SENT = "desk.sent";
const FIELDS = ["words", "private_note", "note_text"];

/** Restores the draft of this case, keeps it up to date, and forgets the one that was stored with a decision. */
export function keepDraft(caseId, form, signal) {
  const key = PREFIX + caseId;
  try {
    forgetDecided(caseId);
    restore(JSON.parse(sessionStorage.getItem(key) ?? "{}"), form);
    // Some fields of the form stand elsewhere on the page.
    document.addEventListener("input", (event) => {
      if (event.target.form !== form) return;
      const draft = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]?.value ?? ""]));
      sessionStorage.setItem(key, JSON.stringify(draft));
    }, { signal });
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, caseId), { signal });
  } catch {
    // A browser that forbids storage: the page works, and drafts are not kept.
  }
}

/** Whether something was typed or chosen in the form of a case, and not sent. */
export function isHalfMade(form) {
  const fields = [...form.elements].filter((field) => field.matches("textarea, input[type=text]"));
  const chosen = [...form.querySelectorAll("input[type=radio]")].some((one) => one.checked !== one.defaultChecked);
  return chosen || fields.some((field) => field.value.trim());
}

function forgetDecided(caseId) {
  const sent = sessionStorage.getItem(SENT);
  if (sent && sent !== caseId) sessionStorage.removeItem(PREFIX + sent);
  sessionStorage.removeItem(SENT);
}

function restore(draft, form) {
  for (const name of FIELDS) {
    const field = form.elements[name];
    if (field && !field.value && draft[name]) field.value = draft[name];
  }
}
