// Counts heads with or without a connection; without this script each press is a form.
import { Queue } from "./checkin-tally-queue.js";

const config = JSON.parse(document.getElementById("tally-config").textContent);
const form = document.querySelector("[data-tally]");
const state = form.querySelector("[data-tally-state]");
const list = form.querySelector("[data-tally-refused]");
const typed = document.querySelector("[data-tally-typed] form");
const MOST = 200;
const AGAIN = 4000;

let queue = null;
let entries = [];
let held = Object.fromEntries([...form.querySelectorAll("[data-held]")].map((e) => [e.dataset.held, Number(e.textContent)]));
let last = [];
let sending = false;
let connection = "saved";

const own = (entry) => entry.account === config.account;
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

function show() {
  const numbers = counted();
  for (const place of form.querySelectorAll("[data-held]")) place.textContent = numbers[place.dataset.held];
  form.querySelector("[data-tally-whole]").textContent = Object.values(numbers).reduce((a, b) => a + b, 0);
  const count = waiting().length;
  const now = connection === "saved" && count ? "sending" : connection;
  const words = config.words[now].replace("{count}", count);
  if (state.textContent !== words) state.textContent = words;
  state.dataset.state = now;
  form.elements.undo.disabled = last.length === 0;
  const refused = entries.filter((entry) => own(entry) && entry.refused);
  list.hidden = refused.length === 0;
  list.replaceChildren(...refused.map((entry) => {
    const line = document.createElement("li");
    line.textContent = `${new Date(entry.body.made_at).toLocaleTimeString("vi-VN")} · ${entry.body.by || ""} · ${entry.refused}`;
    return line;
  }));
}

async function take(body) {
  const entry = { account: config.account, activity: config.activity, url: config.entries, body: { nonce: uuid(), session: config.session, point: config.point, made_at: new Date().toISOString(), ...body } };
  await queue.add(entry);
  entries = await queue.all();
  show();
  send();
  return entry.body;
}

function sent(body) {
  const { taken: _taken, ...plain } = body;
  return plain;
}

// Everything of one activity at once, in its order; what is answered leaves this device.
async function send() {
  if (sending || !queue) return;
  sending = true;
  try {
    while (waiting().length) {
      const url = waiting()[0].url;
      const batch = waiting().filter((entry) => entry.url === url).slice(0, MOST);
      if (!(await hand(url, batch))) break;
    }
  } finally {
    sending = false;
    show();
  }
}

async function hand(url, batch) {
  const answer = await ask(url, {
    method: "POST", body: JSON.stringify({ entries: batch.map((entry) => sent(entry.body)) }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": config.csrf, Accept: "application/json" },
  });
  if (!answer) return false;
  const refusals = new Map(answer.answers.filter((one) => one.refused).map((one) => [one.nonce, one.refused]));
  await queue.change(batch.filter((entry) => refusals.has(entry.body.nonce)).map((entry) => ({ ...entry, refused: refusals.get(entry.body.nonce) })));
  await queue.remove(batch.filter((entry) => !refusals.has(entry.body.nonce)));
  entries = await queue.all();
  if (url === config.entries) held = answer.held;
  return true;
}

// The answer of the server, or nothing; says which of the two troubles it is.
async function ask(url, options) {
  try {
    const answer = await fetch(url, { ...options, redirect: "manual", signal: AbortSignal.timeout(15_000) });
    if (answer.type === "opaqueredirect" || [400, 401, 403].includes(answer.status)) {
      connection = "signed_out";
      return null;
    }
    if (!answer.ok) throw new Error(answer.status);
    connection = "saved";
    return await answer.json();
  } catch {
    connection = "offline";
    return null;
  }
}

// What others counted meanwhile; only when nothing of ours is on its way, or it would count twice.
async function look() {
  if (waiting().length) return send();
  const answer = await ask(config.now, { headers: { Accept: "application/json" } });
  if (answer && !waiting().length) held = answer.held;
  show();
}

form.addEventListener("submit", async (event) => {
  if (!queue) return;
  event.preventDefault();
  if (event.submitter.name === "undo") {
    const tap = last.pop();
    if (tap) await take({ group: tap.group, by: 0, undoes: tap.nonce, taken: -tap.by });
  } else {
    const by = Number(new FormData(form).get("by"));
    last.push(await take({ group: event.submitter.value, by }));
    show();
  }
});

typed.addEventListener("submit", async (event) => {
  if (!queue) return;
  event.preventDefault();
  const given = Object.fromEntries(new FormData(typed));
  const number = Number(given.count.trim() || NaN);
  const complain = (words) => {
    const place = typed.querySelector("[data-tally-complaint]");
    place.textContent = words;
    place.hidden = !words;
  };
  if (!Number.isInteger(number) || number < 0 || number > 100_000) return complain(config.words.number);
  const reason = given.note.trim();
  if (given.mode === "set" && !reason) return complain(config.words.reason);
  complain("");
  const by = given.mode === "set" ? number - counted()[given.group] : number;
  await take({ group: given.group, by, reason, grade: given.grade });
  typed.reset();
  typed.parentElement.open = false;
});

form.addEventListener("change", () => {
  for (const step of form.querySelectorAll("[data-step]")) step.textContent = new FormData(form).get("by");
});
addEventListener("online", look);
addEventListener("offline", () => { connection = "offline"; show(); });
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
setInterval(look, AGAIN);

try {
  queue = await Queue.open();
  navigator.storage?.persist?.();
  entries = await queue.all();
  look();
  show();
} catch {
  state.textContent = config.words.unsafe;
}
