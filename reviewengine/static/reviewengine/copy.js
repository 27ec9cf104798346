// Copies the text of the element that a button names in data-copy, and says so in its status line.

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const status = document.querySelector(`[data-copy-status="${button.dataset.copy}"]`);
  try {
    await navigator.clipboard.writeText(source.textContent);
    status.textContent = "Copied.";
  } catch {
    // No clipboard without TLS or permission: leave the text selected for the keyboard.
    getSelection().selectAllChildren(source);
    status.textContent = "Selected: copy it with your keyboard.";
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button));
}
