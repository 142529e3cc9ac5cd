// Moves what stands on the timetable: dragged, or by arrow keys. Nothing changes here: what a
// move would do is asked of the server and shown before it is confirmed. Every page works without.
const board = document.querySelector("[data-timetable]");
const form = document.getElementById("tt-move");
const voice = document.getElementById("tt-voice");
const STEP = 15;
const HOLD = 400;
const FAR = 6;
let held = null;

// On a phone what fills whole days is folded away before the days; a wide screen has room for it.
const folded = document.querySelector("[data-open-when-wide]");
if (folded && matchMedia("(min-width: 60rem)").matches) folded.open = true;

if (board && form) {
  document.getElementById("tt-help").hidden = false;
  for (const block of board.querySelectorAll("[data-move]")) {
    block.tabIndex = 0;
    block.setAttribute("aria-label", `${title(block)}, ${block.querySelector(".tt-time").textContent}`);
    block.setAttribute("aria-describedby", "tt-help");
    block.querySelector(".tt-title a").tabIndex = -1;
    block.addEventListener("keydown", onKey);
    block.addEventListener("blur", () => { if (held?.block === block && !held.pointer && !held.moving) giveUp(); });
    block.addEventListener("pointerdown", onDown);
    block.addEventListener("dragstart", (event) => event.preventDefault());
  }
  addEventListener("touchmove", (event) => { if (held?.pointer) event.preventDefault(); }, { passive: false });
}

function title(block) { return block.querySelector(".tt-title").textContent.trim(); }

function take(block) {
  giveUp();
  const target = document.createElement("span");
  target.className = "tt-target";
  target.setAttribute("aria-hidden", "true");
  block.append(target);
  block.dataset.held = "";
  held = { block, target, minutes: 0, days: 0, stripe: null };
  return held;
}

function giveUp(words) {
  if (!held) return;
  held.block.style.translate = "";
  delete held.block.dataset.held;
  held.target.remove();
  mark(null);
  document.documentElement.classList.remove("tt-dragging");
  held = null;
  if (words) voice.textContent = words;
}

// Moments as minutes of a clock without zones: a wall clock in Vietnam never jumps.
function wall(day, time) { return Date.parse(`${day}T${time}Z`) / 60000; }
function day(minutes) { return new Date(minutes * 60000).toISOString().slice(0, 10); }
function time(minutes) { return new Date(minutes * 60000).toISOString().slice(11, 16); }

function moved() {
  const { first, starts, last, ends, day: on, sits } = held.block.dataset;
  const by = held.days * 1440 + held.minutes;
  return { start: wall(first, starts) + by, end: wall(last, ends) + by, sits: wall(on, sits) + by, changed: by !== 0 || held.stripe !== null };
}

function show() {
  const now = moved();
  const length = (now.end - now.start) % 1440 || 1440;
  const name = board.querySelector(`[data-day="${day(now.sits)}"][data-label]`)?.dataset.label ?? day(now.sits).split("-").reverse().join("/");
  const place = held.stripe ? `, ${held.stripe.dataset.label}` : "";
  const words = form.dataset.at.replace("{day}", name + place).replace("{start}", time(now.sits)).replace("{end}", time(now.sits + length));
  held.target.textContent = words;
  voice.textContent = words;
}

function mark(place) {
  board.querySelector("[data-over]")?.removeAttribute("data-over");
  if (place) place.dataset.over = "";
}

function keep() {
  const { block, stripe } = held;
  const now = moved();
  if (!now.changed) { giveUp(form.dataset.dropped); return; }
  const values = {
    first_on: day(now.start), starts: time(now.start), last_on: day(now.end), ends: time(now.end),
    venue: stripe ? stripe.dataset.venue : block.dataset.venue,
    place: stripe ? stripe.dataset.place : block.dataset.place,
  };
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  form.elements.next.value = cameFrom(block);
  form.action = block.dataset.move;
  voice.textContent = form.dataset.kept;
  held.moving = true;
  form.submit();
}

// The page that a move comes back to remembers how it was, so that it can be undone there.
function cameFrom(block) {
  const { first, starts, last, ends, venue, place } = block.dataset;
  const back = new URL(form.elements.next.value, location.href);
  back.searchParams.set("moved", block.dataset.move.split("/").at(-2));
  back.searchParams.set("was", [first, starts, last, ends, venue || "-", place].join(" "));
  return back.pathname + back.search;
}

// By keyboard
function onKey(event) {
  const block = event.currentTarget;
  if (event.target !== block || event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { ArrowUp: [-STEP, 0], ArrowDown: [STEP, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  if (event.key in steps) {
    event.preventDefault();
    if (held?.block !== block) {
      take(block);
      voice.textContent = form.dataset.picked.replace("{title}", title(block));
    }
    const [minutes, across] = steps[event.key];
    step(minutes, across);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (held?.block === block) keep();
    else block.querySelector(".tt-title a").click();
  } else if (event.key === "Escape" && held?.block === block) {
    event.preventDefault();
    giveUp(form.dataset.dropped);
  }
}

function step(minutes, across) {
  held.minutes += minutes;
  if (across && board.dataset.timetable === "day") besides(across);
  else held.days += across;
  const by = follow();
  show();
  held.block.style.translate = by ?? "";
  held.target.scrollIntoView({ block: "nearest" });
}

// Across a day's grid there are places; among units one cannot move.
function besides(across) {
  const stripes = [...board.querySelectorAll(".tt-stripe[data-venue]")];
  if (!stripes.length) { held.days += board.dataset.across === "units" ? across : 0; return; }
  const home = own(stripes);
  const present = stripes.indexOf(held.stripe ?? home);
  const next = stripes[Math.max(0, Math.min(stripes.length - 1, present + across))];
  held.stripe = next === home ? null : next;
}

function own(stripes) {
  const { venue, place } = held.block.dataset;
  return stripes.find((s) => s.dataset.venue === venue && (venue || s.dataset.place === place)) ?? null;
}

// Where on the grid it would stand, as far from where it stands.
function follow() {
  const grid = board.querySelector(".tt-stripe, .tt-axis");
  if (!grid || getComputedStyle(grid).display === "none") return null;
  if (held.block.closest(".tt-band, .tt-shelf")) return null;
  if (board.dataset.timetable === "day") {
    mark(held.stripe);
    const across = held.stripe ? held.stripe.getBoundingClientRect().left - own([...board.querySelectorAll(".tt-stripe[data-venue]")])?.getBoundingClientRect().left || 0 : 0;
    return `${across}px ${(held.minutes / STEP) * quarter()}px`;
  }
  const now = moved().sits;
  const cell = board.querySelector(`.tt-cell[data-day="${day(now)}"][data-hour="${Number(time(now).slice(0, 2))}"]`);
  mark(cell);
  if (!cell) return null;
  const there = cell.getBoundingClientRect();
  const here = held.block.getBoundingClientRect();
  const [x, y] = (held.block.style.translate || "0px 0px").split(" ").map(parseFloat);
  return `${there.left - (here.left - x)}px ${there.top - (here.top - (y || 0))}px`;
}

function quarter() {
  const stripe = board.querySelector(".tt-stripe");
  return stripe.getBoundingClientRect().height / Number([...stripe.classList].find((c) => /^s\d+$/.test(c)).slice(1));
}

// By pointer: a mouse drags at once, a finger after it was held still, so that it can scroll.
function onDown(event) {
  if (event.button !== 0) return;
  const block = event.currentTarget;
  const start = { x: event.clientX, y: event.clientY, id: event.pointerId };
  const grid = board.querySelector(".tt-stripe, .tt-axis");
  if (!grid || getComputedStyle(grid).display === "none") return;
  let waiting = event.pointerType === "touch" ? setTimeout(begin, HOLD) : 0;
  const listen = { move, up, cancel: stop, key };
  block.addEventListener("pointermove", listen.move);
  addEventListener("pointerup", listen.up);
  addEventListener("pointercancel", listen.cancel);
  addEventListener("keydown", listen.key, true);

  function begin() {
    waiting = 0;
    take(block);
    held.pointer = true;
    document.documentElement.classList.add("tt-dragging");
    block.setPointerCapture(start.id);
    show();
  }
  function move(now) {
    const far = Math.hypot(now.clientX - start.x, now.clientY - start.y) > FAR;
    if (held?.pointer) drag(now, start);
    else if (waiting && far) stop();
    else if (far && event.pointerType !== "touch") { begin(); drag(now, start); }
  }
  function up() {
    const dragged = held?.pointer;
    clean();
    if (dragged) {
      addEventListener("click", swallow, true);
      setTimeout(() => removeEventListener("click", swallow, true));
      keep();
    }
  }
  function swallow(click) { click.preventDefault(); click.stopPropagation(); }
  function stop() { clean(); giveUp(form.dataset.dropped); }
  function key(pressed) { if (pressed.key === "Escape") stop(); }
  function clean() {
    clearTimeout(waiting);
    block.removeEventListener("pointermove", listen.move);
    removeEventListener("pointerup", listen.up);
    removeEventListener("pointercancel", listen.cancel);
    removeEventListener("keydown", listen.key, true);
  }
}

function drag(now, start) {
  held.block.style.translate = `${now.clientX - start.x}px ${now.clientY - start.y}px`;
  if (board.dataset.timetable === "day") {
    held.minutes = Math.round((now.clientY - start.y) / quarter()) * STEP;
    const stripes = [...board.querySelectorAll(".tt-stripe[data-venue]")];
    const over = stripes.find((s) => within(s.getBoundingClientRect(), now.clientX));
    held.stripe = over && over !== own(stripes) ? over : null;
    mark(over);
  } else {
    const whole = held.block.closest(".tt-band");
    const cell = [...board.querySelectorAll(".tt-cell[data-hour]")].find((c) => {
      const box = c.getBoundingClientRect();
      return within(box, now.clientX) && (whole || (now.clientY >= box.top && now.clientY < box.bottom));
    });
    if (cell) aim(cell, now.clientY, whole);
  }
  show();
}

// A cell holds an hour; its own hour keeps the minutes, so that a day can be changed alone.
// What fills whole days keeps its hours.
function aim(cell, y, whole) {
  const { day: on, sits } = held.block.dataset;
  const box = cell.getBoundingClientRect();
  const hour = whole ? Number(sits.slice(0, 2)) : Number(cell.dataset.hour);
  const same = hour === Number(sits.slice(0, 2));
  const minute = same ? Number(sits.slice(3)) : Math.min(3, Math.floor(((y - box.top) / box.height) * 4)) * STEP;
  held.days = (wall(cell.dataset.day, "00:00") - wall(on, "00:00")) / 1440;
  held.minutes = hour * 60 + minute - Number(sits.slice(0, 2)) * 60 - Number(sits.slice(3));
  mark(cell);
}

function within(box, x) { return x >= box.left && x < box.right; }
