// The clock of a break: what is left of it, and a quiet word when it is over.

const clock = document.getElementById("rest-clock");
if (clock) {
  const endsAt = Date.parse(clock.dataset.until);
  const over = document.getElementById("rest-over").content;
  const timer = setInterval(show, 1000);
  show();

  function show() {
    const left = Math.ceil((endsAt - Date.now()) / 1000);
    if (left > 0) {
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      return;
    }
    clearInterval(timer);
    clock.hidden = true;
    const title = over.querySelector("h1").textContent;
    document.getElementById("rest-title").textContent = title;
    document.getElementById("rest-words").textContent = over.querySelector("p").textContent;
    document.getElementById("rest-status").textContent = title;
  }
}
