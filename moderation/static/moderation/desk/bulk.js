// The progress of a bulk decision: this page asks for one batch after another, and shows how far it is. Whoever leaves
// it can come back and go on: what was decided is decided.

const form = document.getElementById("bulk-work");
const bar = document.getElementById("bulk-progress");
const status = document.getElementById("bulk-status");

async function workOff() {
  form.querySelector("button").disabled = true;
  for (;;) {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok || answer.redirected) throw new TypeError("no answer");
    const far = await answer.json();
    show(far);
    if (far.status !== "running") {
      window.location.reload();
      return;
    }
  }
}

function show(far) {
  bar.value = far.decided + far.refused;
  status.querySelector("[data-decided]").textContent = far.decided;
  status.querySelector("[data-refused]").textContent = far.refused;
  status.querySelector("[data-open]").textContent = far.left;
}

// Without an answer the button stays: it goes on where the run stands.
workOff().catch((error) => {
  if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
  form.querySelector("button").disabled = false;
});
