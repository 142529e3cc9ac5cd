// What this door serves and which way people go; remembered on this device.
import { recall, remember } from "./door-store.js";
import { nearest } from "./door-judge.js";
import { clock, say } from "./door-words.js";

const form = document.getElementById("door-setup-form");
const place = document.getElementById("door-lists");

export class Activities {
  constructor(net) {
    this.net = net;
    this.all = [];
    this.slugs = [];
    form.addEventListener("change", () => this.choose());
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  async begin() {
    this.slugs = (await recall("chosen")) ?? [];
    this.offer((await recall("activities")) ?? []);
  }

  // Those that are on these days; what was chosen stays chosen while it is there.
  offer(all) {
    const same = JSON.stringify(all) === JSON.stringify(this.all) && place.children.length === all.length;
    this.all = all;
    if (!same) place.replaceChildren(...all.map((activity) => option(activity, this.slugs.includes(activity.slug))));
    document.getElementById("door-no-lists").hidden = all.length > 0;
    this.label();
  }

  chosen() {
    return this.slugs.filter((slug) => this.all.length === 0 || this.all.some((activity) => activity.slug === slug));
  }

  served() {
    const chosen = this.chosen();
    return chosen.length ? this.all.filter(({ slug }) => chosen.includes(slug)) : this.all;
  }

  // The activity to which somebody without a ticket most likely comes.
  current() {
    const now = this.net.now();
    const open = this.served().find(({ sessions }) => {
      const sitting = nearest(sessions, now);
      return sitting && Date.parse(sitting.opens_at) <= now && now < Date.parse(sitting.closes_at);
    });
    return (open ?? this.served()[0])?.slug ?? null;
  }

  direction() {
    return new FormData(form).get("type");
  }

  choose() {
    this.slugs = new FormData(form).getAll("lists");
    remember("chosen", this.slugs);
    this.label();
  }

  label() {
    const chosen = this.chosen();
    const only = this.all.find(({ slug }) => slug === chosen[0]);
    const text = chosen.length === 0 ? say("all") : chosen.length === 1 && only ? only.title : say("some", { count: chosen.length });
    document.getElementById("door-serves").textContent = text;
  }
}

function option({ slug, title, sessions }, checked) {
  const label = Object.assign(document.createElement("label"), { className: "door-option" });
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "lists", value: slug, checked });
  const words = document.createElement("span");
  const when = Object.assign(document.createElement("span"), { className: "soft", textContent: sessions[0] ? clock(sessions[0].starts_at) : "" });
  words.append(title, " ", when);
  label.append(box, " ", words);
  return label;
}
