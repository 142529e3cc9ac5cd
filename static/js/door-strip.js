// The strip on top: whether there is a connection, what is here, what waits, how the clock stands.
import { number, say, span } from "./door-words.js";

const chip = document.getElementById("door-chip");
const FAR_OFF = 60_000;
const OLD = 15 * 60_000;

export function connection({ online, paired }) {
  if (paired && online === null) return;
  const state = !paired ? "unpaired" : online ? "online" : "offline";
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  chip.textContent = say(state);
}

export function facts({ size, whole, waiting, rosterAt, syncedAt, ahead }) {
  const age = rosterAt === null ? say("never") : ago(rosterAt);
  put("size", `${say("size", { size: number(size), whole: number(whole) })}, ${age}`, rosterAt === null || Date.now() - rosterAt > OLD || size < whole);
  put("waiting", waiting ? number(waiting) : say("none"), waiting > 0);
  put("synced", syncedAt === null ? say("never") : ago(syncedAt), syncedAt === null || Date.now() - syncedAt > OLD);
  put("clock", difference(ahead), Math.abs(ahead ?? 0) > FAR_OFF);
}

function ago(moment) {
  const past = Date.now() - moment;
  return past < 20_000 ? say("now") : say("ago", { span: span(past) });
}

function difference(ahead) {
  if (ahead === null) return say("never");
  if (Math.abs(ahead) < 2000) return say("right");
  return say(ahead > 0 ? "ahead" : "behind", { span: span(ahead) });
}

function put(name, text, attention) {
  const place = document.getElementById(`door-${name}`);
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle("door-attention", attention);
}
