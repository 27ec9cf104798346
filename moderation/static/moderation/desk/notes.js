// Notes are kept without leaving the case: only their list is put here anew. Ctrl+Enter keeps the one that is written.

import { refreshToken } from "./go.js";

/** Binds the button that keeps a note, until `signal` aborts. */
export function bindNotes(form, signal) {
  const field = document.getElementById("id_note_text");
  if (!field) return;
  const keep = document.querySelector("button[data-part=notes-list]");
  form.addEventListener("submit", (event) => {
    if (event.submitter !== keep) return;
    event.preventDefault();
    send(form, keep, field, signal);
  }, { signal });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) keep.click();
  }, { signal });
}

async function send(form, keep, field, signal) {
  if (!field.value.trim()) {
    field.focus();
    return;
  }
  keep.disabled = true;
  refreshToken(form);
  const sent = field.value;
  const answer = await ask(keep.getAttribute("formaction"), new FormData(form, keep), signal);
  keep.disabled = false;
  if (signal.aborted) return;
  document.getElementById("signed-out").hidden = answer.status !== 401;
  document.getElementById("not-sent").hidden = Boolean(answer.list) || answer.status === 401;
  if (!answer.list) return;
  tell(answer.list);
  document.getElementById("notes-list").replaceWith(answer.list);
  if (answer.status === 200 && field.value === sent) empty(field);
}

/** What became of the note is said where every act says it. */
function tell(list) {
  document.querySelector(".desk-messages")?.replaceChildren(...list.querySelectorAll(".desk-message"));
}

async function ask(address, body, signal) {
  try {
    const response = await fetch(address, { method: "POST", body, headers: { "X-Desk": "part" }, signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { status: response.status, list: page.getElementById("notes-list") };
  } catch {
    return { status: 0, list: null };
  }
}

function empty(field) {
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.blur();
}
