// Makes tabs of sections (WAI-ARIA tabs pattern): arrows, Home and End move among them, the chosen one is remembered.

let chosen = "";

/** ``part`` holds elements with an id and a ``data-tab``, their title; its first heading names the tabs. */
export function makeTabs(part) {
  const panels = [...part.querySelectorAll("[data-tab]")];
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-labelledby", part.getAttribute("aria-labelledby"));
  const tabs = panels.map(makeTab);
  list.append(...tabs);
  panels[0].before(list);
  part.classList.add("has-tabs");
  const select = (index) => {
    chosen = panels[index].id;
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
      panels[at].hidden = at !== index;
    });
  };
  tabs.forEach((tab, index) => tab.addEventListener("click", () => select(index)));
  list.addEventListener("keydown", (event) => {
    const to = target(event.key, tabs.indexOf(document.activeElement), tabs.length);
    if (to === null) return;
    event.preventDefault();
    select(to);
    tabs[to].focus();
  });
  select(Math.max(0, panels.findIndex((panel) => panel.id === chosen)));
}

function makeTab(panel) {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.id = `tab-${panel.id}`;
  tab.textContent = panel.dataset.tab;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", panel.id);
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  return tab;
}

function target(key, at, count) {
  switch (key) {
    case "ArrowRight": return (at + 1) % count;
    case "ArrowLeft": return (at + count - 1) % count;
    case "Home": return 0;
    case "End": return count - 1;
    default: return null;
  }
}
