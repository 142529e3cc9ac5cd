// Keeps the screen of the doors up to date, and says when it cannot; whoever reads stays where they are.
import { within } from "./within.js";

const EVERY = 15_000;
const fresh = document.querySelector("[data-control-fresh]");
const board = document.getElementById("control-board");
const PLACES = "a, button, [tabindex]";

async function renew() {
  let words = fresh.dataset.stale;
  try {
    const answer = await fetch(location.href, { redirect: "error", signal: within(12_000) });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    told(page.getElementById("control-answer"));
    listed(page.getElementById("control-columns"));
    board.dataset.time = page.getElementById("control-board").dataset.time;
    words = fresh.dataset.fresh;
    is(false);
  } catch {
    is(true);
  }
  const said = words.replace("{time}", board.dataset.time);
  if (fresh.textContent !== said) fresh.textContent = said;
}

// The sentence is read out when it becomes another one, and only then.
function told(next) {
  const answer = document.getElementById("control-answer");
  answer.className = next.className;
  if (answer.innerHTML !== next.innerHTML) answer.replaceChildren(...next.childNodes);
}

// The lists are drawn anew when something in them changed; the focus stays in the same one.
function listed(next) {
  const lists = document.getElementById("control-columns");
  if (lists.outerHTML === next.outerHTML) return;
  const focused = lists.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.getAttribute("aria-label");
  const at = [...lists.querySelectorAll(PLACES)].indexOf(focused);
  lists.replaceWith(document.adoptNode(next));
  if (!focused) return;
  const places = [...next.querySelectorAll(PLACES)];
  (places.find((place) => name && place.getAttribute("aria-label") === name) ?? places[at])?.focus({ preventScroll: true });
}

function is(stale) {
  document.body.classList.toggle("control-stale", stale);
  if (stale) fresh.setAttribute("role", "alert");
  else fresh.removeAttribute("role");
}

document.querySelector(".control-choice select")?.addEventListener("change", (event) => event.target.form.submit());
setInterval(() => document.visibilityState === "visible" && renew(), EVERY);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && renew());
addEventListener("online", renew);
