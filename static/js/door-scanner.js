// The staff scanner: codes come from the camera, a hand scanner or fingers; the whole screen answers.
import { Door } from "./door-api.js";
import { watch } from "./door-camera.js";
import { play, wake } from "./door-sound.js";

const config = JSON.parse(document.getElementById("door-config").textContent);
const door = new Door(config);
const form = document.getElementById("door-form");
const code = document.getElementById("door-code");
const setup = document.getElementById("door-setup");
const screen = document.getElementById("door-answer");
const chip = document.getElementById("door-chip");
const CHOSEN = "door-lists";
const SHOWN = { ok: 1800, warn: 6000, stop: 6000 };
const FORCEABLE = new Set(["too_early", "too_late", "already_redeemed"]);
const AWAY = 2500;

let busy = false;
let admitted = 0;
let hide = 0;
const seen = { text: null, at: 0 };

// A code in the picture counts once, until it has been out of the picture for a while.
function sighted(text) {
  const now = performance.now();
  if (text === null || busy) return;
  if (text === seen.text && now - seen.at < AWAY) {
    seen.at = now;
    return;
  }
  seen.text = text;
  seen.at = now;
  ask(text, "barcode");
}

// A typed code without the hyphens and blanks that it is printed with; a ticket's text as it is.
function plain(typed) {
  return typed.startsWith("T1.") ? typed : typed.replace(/[^0-9A-Z]/g, "") || typed;
}

async function ask(secret, source, force = false) {
  if (busy) return;
  busy = true;
  try {
    const choice = new FormData(setup);
    const { http, body } = await door.redeem(secret, {
      lists: choice.getAll("lists"), type: choice.get("type"), force, source,
    });
    online(http !== 0);
    show(http, body, choice.get("type"), () => ask(secret, source, true));
  } finally {
    busy = false;
    seen.at = performance.now();
  }
}

function show(http, body, type, again) {
  const trouble = config.troubles[{ 0: "offline", 401: "unauthenticated", 503: "unavailable" }[http] ?? "malformed"];
  const tone = body?.tone ?? "stop";
  const judged = body?.message;
  const reason = body?.reason ?? "ok";
  const sheet = document.getElementById(`door-${tone}`).content.cloneNode(true);
  const title = http === 201 && type === "exit" ? config.troubles.exit[0] : config.titles[reason];
  sheet.querySelector(".answer-title").textContent = judged ? title : trouble[0];
  sheet.querySelector(".answer-text").textContent = judged ? body.message[config.locale] : trouble[1];
  name(sheet.querySelector(".door-person"), body?.position?.participant);
  const force = sheet.querySelector("[data-force]");
  if (judged && FORCEABLE.has(reason)) {
    force.hidden = false;
    force.addEventListener("click", (event) => { event.stopPropagation(); close(); again(); });
  }
  screen.replaceChildren(sheet);
  screen.dataset.reason = judged ? reason : String(http);
  screen.hidden = false;
  if (http === 201 && !body.replayed && type !== "exit") count(admitted + 1);
  play(tone);
  clearTimeout(hide);
  hide = setTimeout(close, SHOWN[tone]);
}

function name(place, person) {
  if (!person) return;
  place.textContent = [person.name, person.unit].filter(Boolean).join(" · ");
  place.hidden = !place.textContent;
}

function close() {
  clearTimeout(hide);
  screen.hidden = true;
  screen.replaceChildren();
}

function count(number) {
  admitted = number;
  document.getElementById("door-count").textContent = config.words.admitted.replace("{count}", number);
}

function online(is) {
  chip.dataset.state = is ? "online" : "offline";
  chip.textContent = is ? config.words.online : config.words.offline;
}

function serves() {
  const chosen = [...setup.querySelectorAll("[name=lists]:checked")].map((box) => box.value);
  localStorage.setItem(CHOSEN, JSON.stringify(chosen));
  const [only] = chosen;
  const label = only && setup.querySelector(`[value="${CSS.escape(only)}"]`).parentElement.querySelector("span").firstChild.textContent;
  document.getElementById("door-serves").textContent =
    chosen.length === 0 ? config.words.all : chosen.length === 1 ? label : config.words.some.replace("{count}", chosen.length);
}

function restore() {
  const chosen = new Set(JSON.parse(localStorage.getItem(CHOSEN) ?? "[]"));
  for (const box of setup.querySelectorAll("[name=lists]")) box.checked = chosen.has(box.value);
  serves();
}

async function camera() {
  const note = document.getElementById("door-note");
  const complain = (text) => { note.textContent = text; note.hidden = false; };
  if (!navigator.mediaDevices) return complain(config.words.insecure);
  try {
    await watch(document.getElementById("door-video"), sighted);
  } catch {
    complain(config.words.no_camera);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = plain(code.value.trim().toUpperCase());
  code.value = "";
  if (typed) ask(typed, "keyboard");
});
// A hand scanner types wherever the focus is; its letters belong into the field.
document.addEventListener("keydown", (event) => {
  wake();
  if (event.key === "Escape") close();
  const elsewhere = !event.target.matches("input, select, textarea, button, summary, a");
  if (elsewhere && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) code.focus();
});
document.addEventListener("pointerdown", wake);
screen.addEventListener("click", close);
setup.addEventListener("change", serves);
setup.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("door-unit")?.addEventListener("change", (event) => {
  door.move(event.target.value).then(() => online(true), () => online(false));
});
addEventListener("offline", () => online(false));
addEventListener("online", async () => online(await door.alive()));
setInterval(async () => online(await door.alive()), 20_000);

restore();
count(0);
const unit = document.getElementById("door-unit");
if (unit) unit.value = door.unit;
door.pair().then(() => online(true), () => online(false));
camera();
