// The list of a queue: J and K go from case to case, Enter opens one, as any link. Keys rest while somebody types.

const TYPING = "input, textarea, select, [contenteditable]";
const links = [...document.querySelectorAll("#case-list [data-row]")];

function go(step) {
  const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const to = at < 0 ? links[0] : links[Math.min(links.length - 1, Math.max(0, at + step))];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const held = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
  if (held || event.isComposing || event.defaultPrevented || event.target.matches?.(TYPING)) return;
  const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || (event.key.startsWith("Arrow") && !links.includes(document.activeElement))) return;
  event.preventDefault();
  go(step);
});
