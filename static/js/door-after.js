// What became of the records that were made without a connection, in the server's words.
import { answered } from "./door-queue.js";
import { onOpen, sheet } from "./door-sheets.js";
import { clock, config, say } from "./door-words.js";

const notice = sheet("notice");

export class After {
  constructor(activities) {
    this.activities = activities;
    onOpen("after", () => this.list());
    sheet("notice-close").addEventListener("click", () => { notice.hidden = true; });
  }

  // The records have reached the server: says so, and how many were settled otherwise.
  async arrived() {
    const lines = await answered();
    if (!lines.length) return;
    sheet("notice-text").textContent = summary(lines);
    notice.hidden = false;
  }

  async list() {
    const lines = await answered();
    sheet("after-said").textContent = summary(lines);
    const first = (a, b) => Number(a.agrees) - Number(b.agrees) || a.at.localeCompare(b.at);
    sheet("after-list").replaceChildren(...lines.sort(first).slice(0, 100).map(item));
    sheet("settlements").replaceChildren(...this.activities.all.map(link));
  }
}

function summary(lines) {
  const differing = lines.filter(({ agrees }) => !agrees).length;
  const rest = differing ? say("differ", { count: differing }) : lines.length ? say("all_agree", { count: lines.length }) : "";
  return `${say("sent", { count: lines.length })} ${rest}`.trim();
}

function item({ at, shown, agrees, message, reason }) {
  const line = document.createElement("li");
  const door = { ok: "said_ok", provisional: "said_provisional", taken_back: "said_taken_back" }[shown] ?? "said_refused";
  const server = agrees ? say("agrees") : message?.[config.locale] ?? config.titles[reason] ?? config.troubles.malformed[0];
  line.textContent = `${clock(at)}: ${say(door)}. ${server}`;
  line.classList.toggle("door-attention", !agrees);
  return line;
}

function link({ slug, title }) {
  const line = document.createElement("li");
  line.append(Object.assign(document.createElement("a"), { href: config.settlement + encodeURIComponent(slug), textContent: title }));
  return line;
}
