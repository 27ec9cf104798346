// One press, one decision; and a form that still fits after its person has signed in again.

const AGAIN_AFTER_MS = 8000;

/** Lets the form be sent once; after a while without a new page it can be sent again. */
export function guardSubmit(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    refreshToken(form);
    setTimeout(() => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }, AGAIN_AFTER_MS);
  });
}

/** Signing in anew, in another tab, changes the token that Django expects; the cookie has the new one. */
export function refreshToken(form) {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie.slice("csrftoken=".length);
}
