// Acts that ask something first: their button, which without a script leads to a page of its own, opens a dialog.

/** Binds every button with data-opens to its dialog, until `signal` aborts. */
export function bindDialogs(signal) {
  for (const button of document.querySelectorAll("button[data-opens]")) {
    const dialog = document.getElementById(button.dataset.opens);
    if (!dialog) continue;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      open(dialog);
    }, { signal });
    dialog.querySelector("[data-closes]")?.addEventListener("click", () => dialog.close(), { signal });
    // What comes of it is told on the page, which a dialog would cover; what was typed stays in its fields.
    dialog.querySelector("form").addEventListener("submit", () => dialog.close(), { signal });
  }
}

async function open(dialog) {
  dialog.showModal();
  const choice = dialog.querySelector("select[data-people]");
  if (choice && choice.options.length === 1) await fillPeople(choice, dialog.querySelector("[data-nobody]"));
}

async function fillPeople(choice, nobody) {
  try {
    const response = await fetch(choice.dataset.people, { redirect: "manual" });
    if (!response.ok) return;
    const { people } = await response.json();
    for (const person of people) {
      choice.add(new Option(person.online ? `${person.name} (${choice.dataset.here})` : person.name, person.username));
    }
    nobody.hidden = people.length > 0;
  } catch {
    // No answer: the choice stays empty, and opening the dialog again asks again.
  }
}
