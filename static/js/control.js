// Keeps the screen of the doors up to date, and says when it cannot.
const EVERY = 15_000;
const fresh = document.querySelector("[data-control-fresh]");

async function renew() {
  const board = document.getElementById("control-board");
  let words = fresh.dataset.stale;
  let time = board.dataset.time;
  try {
    const answer = await fetch(location.href, { redirect: "error", signal: AbortSignal.timeout(12_000) });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("control-board");
    if (next.innerHTML !== board.innerHTML) board.replaceWith(document.adoptNode(next));
    else board.dataset.time = next.dataset.time;
    words = fresh.dataset.fresh;
    time = next.dataset.time;
    document.body.classList.remove("control-stale");
  } catch {
    document.body.classList.add("control-stale");
  }
  const said = words.replace("{time}", time);
  if (fresh.textContent !== said) fresh.textContent = said;
}

document.querySelector(".control-choice select")?.addEventListener("change", (event) => event.target.form.submit());
setInterval(() => document.visibilityState === "visible" && renew(), EVERY);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && renew());
