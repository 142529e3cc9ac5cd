// Those who come without a code to scan: by name, written down at the door, or as a group.
import { arrive } from "./door-asking.js";
import { byServer, show } from "./door-answer.js";
import { closeAll, onOpen, sheet } from "./door-sheets.js";
import { remember, recall } from "./door-store.js";
import { clock, config, say } from "./door-words.js";

const PAUSE = 250;

export class People {
  // `take(code, who)` redeems a code as if it had been typed; `recorded(made, what)` hears who came.
  constructor(net, activities, take, recorded) {
    Object.assign(this, { net, activities, take, recorded, timer: 0 });
    sheet("search-form").addEventListener("submit", (event) => { event.preventDefault(); this.find(); });
    document.getElementById("door-query").addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), PAUSE);
    });
    sheet("found").addEventListener("click", ({ target }) => {
      const one = target.closest("button");
      if (one) { closeAll(); this.forget(); this.take(one.dataset.code, one.dataset.name); }
    });
    sheet("search").addEventListener("close", () => this.forget());
    this.form("walk-in", (data) => this.walkIn(data));
    this.form("group", (data) => this.group(data));
  }

  forget() {
    sheet("search-form").reset();
    sheet("found").replaceChildren();
    sheet("search-said").textContent = "";
  }

  async find() {
    const query = document.getElementById("door-query").value.trim();
    const said = sheet("search-said");
    sheet("found").replaceChildren();
    if ([...query].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).length < 3) { said.textContent = query && say("three"); return; }
    const { http, body } = await this.net.ask("search", { json: { query, lists: this.activities.chosen() } });
    if (query !== document.getElementById("door-query").value.trim()) return;
    said.textContent = http !== 200 ? say("needs_net") : body.people.length ? "" : say("nobody");
    if (http === 200) sheet("found").replaceChildren(...body.people.map(row));
  }

  form(name, work) {
    onOpen(name, () => this.offer(name));
    sheet(`${name}-form`).addEventListener("submit", async (event) => {
      event.preventDefault();
      const fault = event.target.querySelector(".door-fault");
      fault.textContent = "";
      const data = Object.fromEntries([...new FormData(event.target, event.submitter)].map(([key, value]) => [key, value.trim()]));
      const complaint = data.activity ? await work(data) : say("pick");
      if (complaint) { fault.textContent = complaint; return; }
      event.target.reset();
      closeAll();
    });
  }

  async offer(name) {
    const served = this.activities.served();
    const select = sheet(name).querySelector("[data-activities]");
    select.replaceChildren(...served.map(({ slug, title }) => new Option(title, slug)));
    const now = this.activities.current();
    if (now) select.value = now;
    const groups = (await recall("groups")) ?? [];
    sheet("groups").replaceChildren(...groups.map((group) => new Option(group)));
  }

  async walkIn({ activity, name, unit, email, anonymous }) {
    if (!anonymous && !name) return say("missing");
    const person = anonymous ? {} : { name, unit: unit || null, email: email || null, locale: config.locale };
    const shown = anonymous ? null : [name, unit].filter(Boolean).join(" · ");
    await this.arrived({ type: "walk_in", activity, ...person }, shown, 1);
    return null;
  }

  async group({ activity, name, enrolled, present }) {
    if (!name || present === "") return say("missing_group");
    if (enrolled && Number(present) > Number(enrolled)) return say("too_many");
    const groups = new Set([name, ...((await recall("groups")) ?? [])]);
    await remember("groups", [...groups].slice(0, 60));
    const counts = { enrolled: enrolled ? Number(enrolled) : null, present: Number(present) };
    const said = say(enrolled ? "group" : "group_bare", { name, ...counts });
    await this.arrived({ type: "group", activity, name, ...counts }, said, counts.present);
    return null;
  }

  async arrived(body, shown, count) {
    const answer = await arrive(this.net, body);
    if (answer.http === 0) {
      const text = `${say("walk_in", { time: clock(answer.at) })} ${say("kept")}`;
      show({ reason: "provisional", tone: "wait", title: say("welcome"), text, person: shown });
    } else {
      const told = byServer(answer, "entry");
      show(answer.http === 201 ? { ...told, title: say("welcome"), person: shown } : told);
    }
    const again = () => this.arrived(body, shown, count);
    if (answer.http === 0 || answer.http === 201) this.recorded(answer, { kind: body.type, count, text: shown, again });
  }
}

function row({ name, unit, title, state, code, attended_at: came }) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const facts = [unit, title, came && say("came", { time: clock(came) }), state === "unapproved" && say("waits")];
  button.type = "button";
  button.dataset.code = code;
  button.dataset.name = name ?? "";
  button.append(strong(name ?? code), soft(facts.filter(Boolean).join(" · ")));
  item.append(button);
  return item;
}

function strong(text) {
  return Object.assign(document.createElement("strong"), { textContent: text });
}

function soft(text) {
  return Object.assign(document.createElement("span"), { textContent: text, className: "soft" });
}
