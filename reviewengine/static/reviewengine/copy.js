// Copies the text of the element that a button names in data-copy, and says so in its status line, in the words that the line carries.

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const status = document.querySelector(`[data-copy-status="${button.dataset.copy}"]`);
  try {
    await navigator.clipboard.writeText(source.textContent);
    status.textContent = status.dataset.copied;
  } catch {
    // No clipboard without TLS or permission: leave the text selected for the keyboard.
    getSelection().selectAllChildren(source);
    status.textContent = status.dataset.selected;
  }
}

// Buttons may come later than the page.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
