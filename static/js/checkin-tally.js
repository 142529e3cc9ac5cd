// Counts heads with or without a connection; without this script each press is a form.
import * as queue from "./checkin-tally-queue.js";
import { within } from "./within.js";

const config = JSON.parse(document.getElementById("tally-config").textContent);
const form = document.querySelector("[data-tally]");
const at = (name) => form.querySelector(`[data-tally-${name}]`);
const typed = document.querySelector("[data-tally-typed] form");
const AGAIN = 2000;
const number = new Intl.NumberFormat("vi-VN");
const place = [config.who, config.activity, config.session, config.point].join(" ");

let entries = [];
let held = Object.fromEntries([...form.querySelectorAll("[data-held]")].map((e) => [e.dataset.held, Number(e.textContent.replaceAll(/\D/g, ""))]));
let presses = [];
let connection = "saved";
let busy = null;
let told = null;
let isReady = false;

// Who counts with a code may send what the activity's earlier code left behind.
const own = (entry) => entry.who === config.who && (config.who !== "code" || entry.activity === config.activity);
const waiting = () => entries.filter((entry) => own(entry) && !entry.refused);
const here = (entry) => entry.activity === config.activity && entry.body.session === config.session && entry.body.point === config.point;

// A number of 128 random bits; randomUUID wants https, and a hall may have none.
function uuid() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function counted() {
  const numbers = { ...held };
  for (const { body } of waiting().filter(here)) numbers[body.group] = Math.max(0, numbers[body.group] + body.by + (body.taken ?? 0));
  return numbers;
}

function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function said(count) {
  if (connection === "saved" && !count) return config.words.saved;
  if (connection === "offline" && !count) return config.words.nothing;
  if (connection === "closed" && !count) return config.words.shut;
  const [one, more] = config.words[connection === "saved" ? "sending" : connection];
  return (count === 1 ? one : more).replace("{count}", number.format(count));
}

function show() {
  const numbers = counted();
  const whole = Object.values(numbers).reduce((a, b) => a + b, 0);
  for (const element of form.querySelectorAll("[data-held]")) put(element, number.format(numbers[element.dataset.held]));
  put(at("whole"), number.format(whole));
  put(at("people"), whole === 1 ? config.words.person : config.words.people);
  const count = waiting().length;
  put(at("state"), said(count));
  at("state").dataset.state = connection === "saved" && count ? "sending" : connection;
  at("state").dataset.waiting = count;
  form.elements.undo.disabled = presses.length === 0;
  refusals(entries.filter((entry) => own(entry) && entry.refused));
}

function refusals(refused) {
  at("refused").hidden = refused.length === 0;
  const known = at("refused").children.length;
  if (known === refused.length) return;
  at("refused").replaceChildren(...refused.map(({ seq, body, refused: why }) => {
    const line = document.createElement("li");
    const time = new Date(body.made_at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    const read = Object.assign(document.createElement("button"), { type: "button", className: "as-link", textContent: config.words.read });
    read.addEventListener("click", async () => { await queue.forget(seq); await refresh(); });
    line.append(`${time} · ${body.by ? `${body.by > 0 ? "+" : "−"}${number.format(Math.abs(body.by))} · ` : ""}${why === "malformed" ? config.words.malformed : why} `, read);
    return line;
  }));
}

async function refresh() {
  entries = await queue.all();
  show();
}

// On the disk first, then on the screen, then on its way.
async function take(body, left) {
  const entry = { who: config.who, activity: config.activity, url: config.entries, body: { nonce: uuid(), session: config.session, point: config.point, made_at: new Date().toISOString(), ...body } };
  presses = left(entry.body);
  await queue.add(entry, place, presses);
  await refresh();
  look();
}

// Sends what waits, else hears what others counted; one after the other, or a number would count twice.
function look() {
  busy ??= round().catch(() => {}).finally(() => { busy = null; });
  return busy;
}

async function round() {
  if (!waiting().length || connection === "locked_out") await hear();
  if (waiting().length && connection !== "locked_out") await queue.upload(own, post, hold);
  await hold();
}

async function post(url, bodies) {
  const answer = await ask(url, {
    method: "POST", body: JSON.stringify({ entries: bodies }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": config.csrf, Accept: "application/json" },
  });
  if (answer.http === 200 && url === config.entries) told = answer.body;
  return answer;
}

async function hear() {
  const { http, body } = await ask(config.now, { headers: { Accept: "application/json" } });
  if (http === 200) config.csrf = body.csrf;
  if (http === 200 && !waiting().length) told = body;
  if (connection === "locked_out" && config.who === "code" && !waiting().length) location.reload();
}

// Takes what the server said, once what it counted has left the queue.
async function hold() {
  entries = await queue.all();
  if (told?.session === config.session) {
    held = told.held;
    queue.remember(place, told);
  } else if (told && !waiting().length) {
    location.reload();
  }
  told = null;
  show();
}

// The answer {http, body}; http 0 when none came, or when whoever counts has to come in again.
async function ask(url, options) {
  try {
    const answer = await fetch(url, { ...options, redirect: "manual", signal: within(15_000) });
    const body = await answer.json().catch(() => null);
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status) || (answer.status === 400 && !body?.faults)) {
      connection = "locked_out";
      return { http: 0 };
    }
    if (answer.status >= 500) throw new Error(answer.status);
    connection = [404, 409].includes(answer.status) ? "closed" : "saved";
    return { http: answer.status, body };
  } catch {
    connection = "offline";
    return { http: 0 };
  }
}

form.addEventListener("submit", (event) => {
  if (!isReady) return;
  event.preventDefault();
  const press = presses.at(-1);
  if (event.submitter.name !== "undo") {
    const by = Number(new FormData(form).get("by"));
    take({ group: event.submitter.value, by }, (body) => [...presses, { nonce: body.nonce, group: body.group, by }]);
  } else if (press) {
    take({ group: press.group, by: 0, undoes: press.nonce, taken: -press.by }, () => presses.slice(0, -1));
  }
});

typed.addEventListener("submit", async (event) => {
  if (!isReady) return;
  event.preventDefault();
  const given = Object.fromEntries(new FormData(typed));
  const count = Number(given.count.replaceAll(/[ .]/g, "") || NaN);
  const reason = given.note.trim();
  const isWrong = !Number.isInteger(count) || count < 0 || count > 100_000;
  const complaint = isWrong ? config.words.number : given.mode === "set" && !reason ? config.words.reason : "";
  const line = typed.querySelector("[data-tally-complaint]");
  line.hidden = !complaint;
  line.textContent = complaint;
  if (complaint) return typed.elements[isWrong ? "count" : "note"].focus();
  const by = given.mode === "set" ? count - counted()[given.group] : count;
  await take({ group: given.group, by, reason, grade: given.grade }, () => presses);
  typed.reset();
  typed.parentElement.open = false;
});

form.addEventListener("change", () => {
  for (const step of form.querySelectorAll("[data-step]")) step.textContent = new FormData(form).get("by");
});
addEventListener("online", look);
addEventListener("offline", () => { connection = "offline"; show(); });
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());

try {
  entries = await queue.all();
  presses = await queue.undoable(place);
  const last = await queue.remembered(place);
  if (last && last.at > config.at) held = last.held;
  isReady = true;
  navigator.storage?.persist?.();
  show();
  look();
  setInterval(look, AGAIN);
} catch {
  put(at("state"), config.words.unsafe);
}

// Once opened, this page opens without a connection.
if (isReady) navigator.serviceWorker?.register(config.worker, { scope: config.scope }).catch(() => {});
