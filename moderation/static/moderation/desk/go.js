// Going on: a form with data-go is sent by fetch, and the page that answers takes the place of this one. One act at a
// time, so that one press decides once; nothing that was typed is lost when no answer comes.

import { keysRest, keysWake } from "./keys.js";

const PATIENCE_MS = 20_000;
const announcer = document.createElement("div");
let isUnderWay = false;

/** Listens to every form of the page, once a document; `bindAnew` is called when another page stands here. */
export function bindGoing(bindAnew) {
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  document.body.append(announcer);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-go]")) return;
    event.preventDefault();
    if (!isUnderWay) go(form, event.submitter, bindAnew);
  });
  // The pages that were put here by hand have no page of their own behind them.
  window.addEventListener("popstate", () => window.location.reload());
}

/** Sends a form and shows what answers it. */
async function go(form, button, bindAnew) {
  begin(form);
  try {
    const answer = await send(form, button);
    if (answer.redirected && new URL(answer.url).pathname.endsWith("/login/")) {
      window.location.assign(answer.url);
    } else if (answer.status === 401) {
      stop(form, "signed-out");
    } else if (!show(await answer.text(), answer, bindAnew)) {
      stop(form, "not-sent");
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    stop(form, "not-sent");
  } finally {
    isUnderWay = false;
  }
}

function begin(form) {
  isUnderWay = true;
  keysRest();
  refreshToken(form);
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  for (const id of ["not-sent", "signed-out"]) document.getElementById(id)?.setAttribute("hidden", "");
}

/** Nothing came of it: the page stays as it is, says why, and can be used again. */
function stop(form, noticeId) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  const notice = document.getElementById(noticeId);
  if (notice) notice.hidden = false;
  keysWake(document.getElementById("case") ?? document.body);
}

function send(form, button) {
  const address = button?.getAttribute("formaction") || form.getAttribute("action");
  return fetch(address, {
    method: "POST",
    body: new FormData(form, button),
    headers: { "X-Desk": "go" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

/** Puts the answer's page in the place of this one; answers whether it was one. */
function show(html, answer, bindAnew) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.getElementById("content-start")) return false;
  const address = answer.headers.get("X-Desk-Address") ?? (answer.redirected ? answer.url : null);
  if (address) remember(new URL(address, window.location.href));
  adopt(page);
  bindAnew();
  tell(page);
  return true;
}

function remember(address) {
  const isNew = address.href !== window.location.href;
  window.history[isNew ? "pushState" : "replaceState"](null, "", address);
}

/** Takes over the page below the console's header: the header has listeners of its own, and is the same. */
function adopt(page) {
  document.title = page.title;
  document.body.className = page.body.className;
  const container = document.getElementById("container");
  const fresh = [...page.getElementById("container").children].filter((part) => part.id !== "header");
  for (const part of [...container.children]) if (part.id !== "header") part.remove();
  container.append(...fresh.map((part) => document.adoptNode(part)));
  for (const sheet of page.querySelectorAll("link[rel=stylesheet]")) {
    const isThere = document.querySelector(`link[href="${CSS.escape(sheet.getAttribute("href"))}"]`);
    if (!isThere) document.head.append(document.adoptNode(sheet));
  }
  for (const script of page.querySelectorAll("script[type=module][src]")) {
    if (!document.querySelector(`script[src="${CSS.escape(script.getAttribute("src"))}"]`)) import(script.src);
  }
}

/** A screen reader hears what became of the act, and what stands here now. */
function tell(page) {
  const said = [...document.querySelectorAll(".desk-messages .desk-message")].map((message) => message.textContent);
  announcer.textContent = [...said, page.querySelector("h1")?.textContent ?? ""].join(" ");
}

/** Signing in anew, in another tab, changes the token that Django expects; the cookie has the new one. */
export function refreshToken(form) {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie.slice("csrftoken=".length);
}
