// The staff scanner: codes come from the camera, a hand scanner or fingers; the whole screen answers.
import { After } from "./door-after.js";
import { ask } from "./door-asking.js";
import { show, trouble } from "./door-answer.js";
import { Camera, stayAwake } from "./door-camera.js";
import { Net } from "./door-net.js";
import { Pairing } from "./door-pairing.js";
import { People } from "./door-people.js";
import { length } from "./door-queue.js";
import { Recent } from "./door-recent.js";
import { forget } from "./door-roster.js";
import { Activities } from "./door-setup.js";
import { closeAll, isOpen, onOpen } from "./door-sheets.js";
import { wake } from "./door-sound.js";
import { recall, remember } from "./door-store.js";
import * as strip from "./door-strip.js";
import { Sync } from "./door-sync.js";
import { config, say } from "./door-words.js";

const at = (id) => document.getElementById(`door-${id}`);
const AWAY = 2500;
const LETTERS = /[^\x20-\x7e]/;

const net = new Net(config.api);
const pairing = new Pairing(net, config);
const sync = new Sync(net);
const activities = new Activities(net);
const after = new After(activities);
const recent = new Recent(net, (fewer) => { count(-fewer); sync.now(); });
const people = new People(net, activities, (code, who) => take(code, "search", { who }), recorded);
const camera = new Camera(at("video"), sighted, tools);
const seen = { text: null, at: 0 };
let busy = false;
let turn = Promise.resolve();
let admitted = 0;

// A code in the picture counts once, until it has been out of the picture for a while.
function sighted(text) {
  const now = performance.now();
  if (text === null || busy || isOpen()) return;
  if (text === seen.text && now - seen.at < AWAY) { seen.at = now; return; }
  Object.assign(seen, { text, at: now });
  const code = Pairing.codeIn(text);
  if (code) pairBy(code);
  else take(text, "barcode");
}

// One after another: what a hand scanner types while an answer is on its way waits for it.
function take(secret, source, options = {}) {
  turn = turn.then(() => taken(secret, source, options));
  return turn;
}

async function taken(secret, source, { force = false, who = null }) {
  busy = true;
  try {
    if (!(await isReady())) { show(trouble("unauthenticated")); return; }
    const type = activities.direction();
    const told = await ask(net, secret, { lists: activities.chosen(), type, force, source });
    show(told, () => take(secret, source, { force: true, who }));
    const text = told.person || who || (secret.startsWith("T1.") ? null : secret);
    const again = () => take(secret, source, { who });
    if (told.made) recorded(told.made, { kind: type, count: type === "entry" ? 1 : 0, text, again });
  } catch {
    show(trouble("kept"));
  } finally {
    busy = false;
    seen.at = performance.now();
    sync.tell();
  }
}

// A scan that comes while this browser is being paired waits for that, but not for long.
async function isReady() {
  if (!pairing.device) await Promise.race([begun, new Promise((go) => setTimeout(go, 4000))]);
  await net.renewing;
  return pairing.device !== null;
}

function recorded(made, what) {
  count(what.count);
  recent.add(made, what);
  sync.tell();
}

// How many came in here today, also before the page was loaded again.
function count(more) {
  admitted = Math.max(0, admitted + more);
  remember("admitted", { day: new Date().toDateString(), admitted }).catch(() => {});
  at("count").textContent = say("admitted", { count: admitted });
}

// A typed code without the hyphens and blanks that it is printed with; a ticket's text as it is.
function plain(typed) {
  const upper = typed.trim().toUpperCase();
  return upper.startsWith("T1.") ? upper : upper.replace(/[^0-9A-Z]/g, "") || upper;
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = at("code").value;
  at("code").value = "";
  if (LETTERS.test(typed.trim())) show(trouble("accents"));
  else if (typed.trim()) take(plain(typed), "keyboard");
});

// A hand scanner types wherever the focus is; its letters belong into the field.
document.addEventListener("keydown", (event) => {
  wake();
  const elsewhere = !isOpen() && !event.target.matches("input, select, textarea");
  if (elsewhere && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) at("code").focus();
});
document.addEventListener("pointerdown", wake);

function connection() {
  const paired = pairing.device !== null;
  at("pairing").hidden = paired;
  strip.connection({ online: net.online, paired });
}

async function pairBy(code) {
  const is = await pairing.byCode(code);
  at("pairing-fault").textContent = is ? "" : say("wrong_code");
  await paired();
}

async function paired() {
  at("name").textContent = pairing.device?.name ?? "";
  const units = pairing.session?.units ?? [];
  at("unit-field").hidden = units.length < 2;
  at("unit").replaceChildren(...units.map(({ code, name }) => new Option(name, code)));
  if (pairing.device?.unit) at("unit").value = pairing.device.unit;
  connection();
  await sync.now();
}

at("pairing-form").addEventListener("submit", (event) => {
  event.preventDefault();
  pairBy(at("pairing-code").value);
});
at("unit").addEventListener("change", async () => {
  await pairing.bySession(at("unit").value);
  await paired();
});
at("sync").addEventListener("click", () => sync.now());
onOpen("setup", async () => {
  const waiting = await length();
  at("leave-note").textContent = waiting ? say("leave_waiting", { count: waiting }) : "";
});
at("leave").addEventListener("click", async () => {
  await sync.now();
  await pairing.leave();
  count(-admitted);
  closeAll();
  connection();
  await sync.tell();
});

net.renew = () => pairing.renew();
net.addEventListener("change", connection);
net.addEventListener("unpaired", async () => {
  connection();
  await forget();
  await sync.tell();
});
sync.addEventListener("handed-in", () => after.arrived());
sync.addEventListener("facts", async ({ detail }) => {
  strip.facts(detail);
  connection();
  recent.tell();
  activities.offer((await recall("activities")) ?? []);
});

async function light() {
  try {
    await camera.start();
  } catch {
    at("note").textContent = say(navigator.mediaDevices ? "no_camera" : "insecure");
    at("note").hidden = false;
    return;
  }
}

// What the camera that is open now can do.
async function tools() {
  at("light").hidden = !camera.hasTorch;
  at("light").setAttribute("aria-pressed", String(camera.lit));
  at("light").textContent = say(camera.lit ? "light_off" : "light_on");
  at("turn").hidden = (await camera.others()).length < 2;
}

at("light").addEventListener("click", () => camera.torch(!camera.lit).catch(() => {}));
at("turn").addEventListener("click", () => camera.turn().catch(() => {}));

// A newer page takes over between two scans: what is queued stays.
async function keepTheShell() {
  if (!navigator.serviceWorker) return;
  const had = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (had && !busy && at("answer").hidden && !isOpen()) location.reload();
  });
  await navigator.serviceWorker.register(config.worker, { scope: "/door/" });
}

async function begin() {
  net.stands(await recall("ahead"));
  const before = await recall("admitted");
  count(before?.day === new Date().toDateString() ? before.admitted : 0);
  await activities.begin();
  await recent.begin();
  await sync.tell();
  light();
  stayAwake();
  await pairing.begin();
  await paired();
}

document.addEventListener("visibilitychange", stayAwake);
keepTheShell().catch(() => {});
const begun = begin();
