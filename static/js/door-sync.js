// Keeps this device and the server together, by itself: hand in, hear, fetch, one after another.
import * as queue from "./door-queue.js";
import * as roster from "./door-roster.js";
import { recall, remember } from "./door-store.js";

const EVERY = 10_000;
const BEAT = 2_500;
const AGAIN = 4_000;
const ROSTER = 60_000;

export class Sync extends EventTarget {
  constructor(net) {
    super();
    this.net = net;
    this.running = null;
    this.timer = 0;
    this.standings = new Map();
    setInterval(() => this.beat(), BEAT);
    net.addEventListener("change", () => this.later());
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.now(); });
  }

  // Does a round now, or takes part in the one that is on.
  now() {
    this.running ??= this.round().catch(() => false).finally(() => {
      this.running = null;
      this.later();
    });
    return this.running;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), this.net.online ? EVERY : AGAIN);
  }

  // Between two rounds: whether the server still answers, and still knows this device.
  async beat() {
    if (this.net.online && this.net.token && !this.running && !document.hidden) await this.net.ask("self");
  }

  async round() {
    await roster.expire(this.net.now());
    const ok = this.net.token !== null && (await this.all());
    if (ok) await remember("syncedAt", Date.now());
    await this.tell();
    return ok;
  }

  async all() {
    const { http, body } = await this.net.setClock();
    if (http !== 200) return false;
    await remember("ahead", this.net.ahead);
    this.standings = new Map(body.activities.map((activity) => [activity.slug, activity]));
    const { sent, stopped } = await queue.upload((scans) => this.post(scans));
    if (sent) this.dispatchEvent(new CustomEvent("handed-in", { detail: sent }));
    if (stopped || !(await roster.follow(this.net))) return false;
    return (await this.isFresh(body.activities)) || roster.refresh(this.net, body.activities.map(plain), () => this.tell());
  }

  post(scans) {
    return this.net.patient("batch", { json: { scans, sent_at: new Date().toISOString() } });
  }

  // Whether the tickets on this device are those of a minute ago, for the same activities.
  async isFresh(activities) {
    const [at, had] = await Promise.all([recall("rosterAt"), recall("activities")]);
    const same = JSON.stringify(had) === JSON.stringify(activities.map(plain));
    return same && at !== null && Date.now() - at < ROSTER;
  }

  // How things stand, for the strip on top.
  async facts() {
    const [size, waiting, rosterAt, syncedAt] = await Promise.all([
      roster.size(), queue.length(), recall("rosterAt"), recall("syncedAt"),
    ]);
    const confirmed = [...this.standings.values()].reduce((sum, { confirmed }) => sum + confirmed, 0);
    return { size, whole: Math.max(size, confirmed), waiting, rosterAt, syncedAt, ahead: this.net.ahead };
  }

  async tell() {
    this.dispatchEvent(new CustomEvent("facts", { detail: await this.facts() }));
  }
}

// An activity without what changes by the minute.
function plain({ slug, title, place, state, sessions, forget_at }) {
  const hours = sessions.map(({ starts_at, ends_at, opens_at, closes_at }) => ({ starts_at, ends_at, opens_at, closes_at }));
  return { slug, title, place, state, sessions: hours, forget_at };
}
