// What was recorded here in the last quarter of an hour, and taking it back. Names stay in the
// memory of this page; what is remembered on the device says when and how many, not who.
import { takeBack } from "./door-asking.js";
import { closeAll, onOpen, sheet } from "./door-sheets.js";
import { recall, remember } from "./door-store.js";
import { clock, config, say } from "./door-words.js";

const WITHIN = 15 * 60_000;
const MOST = 200;

export class Recent {
  // `changed(count)` hears by how many fewer were recorded.
  constructor(net, changed) {
    Object.assign(this, { net, changed, all: [], busy: false });
    onOpen("recent", () => this.offer());
    sheet("recent-list").addEventListener("click", ({ target }) => {
      const one = this.all.find(({ nonce }) => nonce === target.closest("button")?.dataset.nonce);
      if (one) this.act(one);
    });
  }

  async begin() {
    this.all = (await recall("recent")) ?? [];
    this.tell();
  }

  // `again` records the same anew; it is forgotten with the page.
  add({ nonce, at, id = null, before = null }, { kind, count, text, again }) {
    this.all.unshift({ nonce, at, id, before, kind, count, text, again, isGone: false });
    this.tell();
    return this.save();
  }

  // Those that may still be taken back.
  still() {
    const since = this.net.now() - WITHIN;
    this.all = this.all.filter(({ at }) => at > since).slice(0, MOST);
    return this.all;
  }

  save() {
    const kept = this.still().map(({ nonce, at, id, before, kind, count, isGone }) => ({ nonce, at, id, before, kind, count, isGone }));
    return remember("recent", kept);
  }

  // The last one stands under the camera for as long as it can be taken back.
  tell() {
    const last = this.still().find(({ isGone }) => !isGone);
    sheet("last").hidden = !last;
    if (last) sheet("last-text").textContent = say("last", { what: named(last), time: clock(last.at) });
  }

  offer() {
    sheet("recent-said").textContent = "";
    this.draw();
  }

  draw() {
    const all = this.still();
    sheet("recent-none").hidden = all.length > 0;
    sheet("recent-list").replaceChildren(...all.map(row));
  }

  async act(one) {
    if (this.busy) return;
    this.busy = true;
    try {
      if (one.isGone) await this.repeat(one);
      else await this.takeBack(one);
    } catch {
      sheet("recent-said").textContent = config.troubles.kept.join(". ");
    } finally {
      this.busy = false;
      this.draw();
      this.tell();
    }
  }

  async takeBack(one) {
    const { http, body } = await takeBack(this.net, one, sheet("recent-reason").value);
    const isDone = http === 0 || http === 200;
    if (isDone) {
      one.isGone = true;
      await this.save();
      this.changed(one.count);
    }
    const told = isDone ? say("taken_back", { what: named(one) }) : body?.message?.[config.locale] ?? config.troubles.unavailable.join(". ");
    sheet("recent-said").textContent = http === 0 ? `${told} ${say("kept")}` : told;
  }

  async repeat(one) {
    this.all = this.all.filter((other) => other !== one);
    await this.save();
    closeAll();
    await one.again();
  }
}

function named({ text, kind, count }) {
  return text ?? say(`recent_${kind}`, { count });
}

function row(one) {
  const item = document.createElement("li");
  const words = document.createElement("div");
  const when = document.createElement("span");
  when.className = "soft";
  when.textContent = one.isGone ? say("gone") : say("until", { time: clock(one.at), until: clock(one.at + WITHIN) });
  words.append(Object.assign(document.createElement("strong"), { textContent: named(one) }), when);
  item.append(words);
  if (!one.isGone || one.again) item.append(press(one));
  item.classList.toggle("door-gone", one.isGone);
  return item;
}

function press({ nonce, isGone, text, at }) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button button-secondary", textContent: say(isGone ? "again" : "take_back") });
  button.dataset.nonce = nonce;
  button.setAttribute("aria-label", `${button.textContent}: ${text ?? clock(at)}`);
  return button;
}
