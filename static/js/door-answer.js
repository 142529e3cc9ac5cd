// The whole screen answers, in shape, word, tone and sound, and then goes on by itself.
import { play } from "./door-sound.js";
import { clock, config, glued, say } from "./door-words.js";

const SHOWN = { ok: 1800, wait: 2500, warn: 6000, stop: 6000 };
const FORCEABLE = new Set(["too_early", "too_late", "already_redeemed"]);
const screen = document.getElementById("door-answer");
let hide = 0;

// `told` is {reason, tone, title, text, person}; `again` records all the same when that is allowed.
export function show(told, again = null) {
  const sheet = document.getElementById(`door-${told.tone}`).content.cloneNode(true);
  sheet.querySelector(".answer-title").textContent = told.title;
  sheet.querySelector(".answer-text").textContent = glued(told.text);
  const person = sheet.querySelector(".door-person");
  person.textContent = glued(told.person ?? "");
  person.hidden = !told.person;
  const force = sheet.querySelector("[data-force]");
  if (again && FORCEABLE.has(told.reason)) {
    force.hidden = false;
    force.addEventListener("click", (event) => { event.stopPropagation(); close(); again(); });
  }
  screen.replaceChildren(sheet);
  screen.dataset.reason = told.reason;
  screen.hidden = false;
  document.getElementById("door-said").textContent = [told.title, told.person, told.text].filter(Boolean).join(". ");
  play(told.tone);
  clearTimeout(hide);
  hide = setTimeout(close, SHOWN[told.tone]);
}

export function close() {
  clearTimeout(hide);
  screen.hidden = true;
  delete screen.dataset.reason;
  screen.replaceChildren();
}

// What the server said, in the words of the page.
export function byServer({ http, body }, type) {
  if (!body?.message) return trouble({ 401: "unauthenticated", 503: "unavailable" }[http] ?? "malformed");
  const reason = body.reason ?? "ok";
  const title = http === 201 && type === "exit" ? config.troubles.exit[0] : config.titles[reason];
  return { reason, tone: body.tone, title, text: body.message[config.locale], person: named(body.position?.participant) };
}

// What the door says by itself: that nobody has confirmed it yet is said as well.
export function byDoor(verdict, type) {
  const { reason, tone } = verdict;
  const title = reason === "ok" && type === "exit" ? config.troubles.exit[0] : config.titles[reason];
  return { reason, tone, title, text: `${reasoned(verdict)} ${say("kept")}`.trim(), person: named(verdict.participant) };
}

function reasoned({ reason, opens_at, closed_at, starts_at, first, title }) {
  if (reason === "already_redeemed") {
    return say(first.device ? "first_there" : "first_here", { time: clock(first.time), device: first.device });
  }
  const when = (moment) => (moment ? clock(moment) : "");
  return say(`offline_${reason}`, {
    opens_at: when(opens_at), closed_at: when(closed_at), starts_at: when(starts_at), title: title ?? "",
  });
}

export function trouble(name) {
  const [title, text] = config.troubles[name];
  return { reason: name, tone: "stop", title, text, person: null };
}

function named(person) {
  return person ? [person.name, person.unit].filter(Boolean).join(" · ") : null;
}

screen.addEventListener("click", close);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
