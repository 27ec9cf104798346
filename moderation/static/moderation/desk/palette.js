// The palette, Ctrl+K: to go anywhere by an id or a name, and to do what the page can do.

const PAUSE_MS = 120;

let hasKey = false;

/** Listens for Ctrl+K, once a document: the palette is swapped with the case. */
export function bindPaletteKey() {
  if (hasKey) return;
  hasKey = true;
  document.addEventListener("keydown", (event) => {
    const isKey = event.key?.toLowerCase() === "k" || event.code === "KeyK";
    const held = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isKey || !held || event.isComposing || document.querySelector("dialog[open]")) return;
    const palette = document.getElementById("palette");
    if (!palette) return;
    event.preventDefault();
    palette.dispatchEvent(new CustomEvent("ask"));
  });
}

/** Binds the palette of the page, until `signal` aborts. */
export function bindPalette(signal) {
  const dialog = document.getElementById("palette");
  if (!dialog || dialog.dataset.bound) return;
  dialog.dataset.bound = "yes";
  const field = dialog.querySelector("input");
  const state = { dialog, field, list: dialog.querySelector("ul"), at: 0, timer: 0, asked: 0 };
  dialog.addEventListener("ask", () => open(state), { signal });
  document.getElementById("open-palette")?.addEventListener("click", () => open(state), { signal });
  field.addEventListener("input", () => look(state, signal), { signal });
  field.addEventListener("keydown", (event) => steer(event, state), { signal });
  state.list.addEventListener("click", (event) => choose(state, event.target.closest("[role=option]")), { signal });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); }, { signal });
  signal.addEventListener("abort", () => clearTimeout(state.timer));
}

function open(state) {
  state.acts = [...actsOfPage(state.dialog), ...pagesOf(state.dialog)];
  state.field.value = "";
  state.dialog.showModal();
  fill(state, state.acts);
  say(state, "more");
}

/** What has a key on the page can be done from here, too. */
function actsOfPage(dialog) {
  const kind = dialog.querySelector("[data-act-word]").textContent;
  return [...document.querySelectorAll("[data-key]")]
    .filter((carrier) => !carrier.disabled && !carrier.closest("dialog") && carrier.checkVisibility())
    .map((carrier) => ({ kind, name: nameOf(carrier), detail: "", key: carrier.dataset.key.toUpperCase(), carrier }));
}

/** Where the console's header leads. */
function pagesOf(dialog) {
  const kind = dialog.querySelector("[data-page-word]").textContent;
  return [...document.querySelectorAll(".console-nav a, .person-menu-box a")]
    .map((link) => ({ kind, name: link.textContent.trim(), detail: "", address: link.href }));
}

function nameOf(carrier) {
  const printed = (carrier.labels?.[0] ?? carrier).cloneNode(true);
  printed.querySelectorAll("kbd, .quiet, .visually-hidden").forEach((part) => part.remove());
  return carrier.dataset.keyHelp || printed.textContent.trim();
}

function look(state, signal) {
  clearTimeout(state.timer);
  const term = state.field.value.trim();
  const acts = state.acts.filter((act) => act.name.toLowerCase().includes(term.toLowerCase()));
  fill(state, acts);
  say(state, term.length < 2 ? "more" : "");
  if (term.length >= 2) state.timer = setTimeout(() => ask(state, term, acts, signal), PAUSE_MS);
}

async function ask(state, term, acts, signal) {
  const asked = ++state.asked;
  const places = await placesOf(`${state.dialog.dataset.address}?${new URLSearchParams({ q: term })}`, signal);
  // An answer that was overtaken says nothing any more.
  if (signal.aborted || asked !== state.asked || state.field.value.trim() !== term) return;
  fill(state, [...(places ?? []), ...acts]);
  say(state, places === null ? "away" : state.list.children.length ? "" : "none");
}

async function placesOf(address, signal) {
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" }, signal });
    return response.ok ? (await response.json()).places : null;
  } catch {
    return null;
  }
}

function fill(state, rows) {
  const template = state.dialog.querySelector("template");
  state.list.replaceChildren(...rows.map((row, index) => optionOf(row, index, template)));
  mark(state, 0);
}

function optionOf(row, index, template) {
  const option = template.content.firstElementChild.cloneNode(true);
  option.id = `palette-${index}`;
  option.querySelector(".palette-kind").textContent = row.kind;
  option.querySelector(".palette-name").textContent = row.name;
  option.querySelector(".palette-detail").textContent = row.detail;
  const key = option.querySelector("kbd");
  key.textContent = row.key ?? "";
  key.hidden = !row.key;
  option.row = row;
  return option;
}

function mark(state, at) {
  const options = [...state.list.children];
  state.at = options.length ? (at + options.length) % options.length : 0;
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === state.at)));
  const current = options[state.at];
  current?.scrollIntoView({ block: "nearest" });
  if (current) state.field.setAttribute("aria-activedescendant", current.id);
  else state.field.removeAttribute("aria-activedescendant");
}

function steer(event, state) {
  if (event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) mark(state, state.at + steps[event.key]);
  else if (event.key === "Enter") choose(state, state.list.children[state.at]);
  else return;
  event.preventDefault();
}

function choose(state, option) {
  if (!option) return;
  state.dialog.close();
  const { address, carrier } = option.row;
  if (address) window.location.assign(address);
  else if (carrier.matches("textarea, select, input:not([type=radio], [type=checkbox])")) carrier.focus();
  else carrier.click();
}

function say(state, what) {
  const line = state.dialog.querySelector(".palette-state");
  line.textContent = what ? line.dataset[what] : "";
}
