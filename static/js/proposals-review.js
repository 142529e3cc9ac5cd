// The review without leaving the page: decisions are sent as one goes, the sentence of a part is marked, keys do what buttons do.
import { forget, keysOf, remember } from "./drafts.js";
import { makeSearchable } from "./filter-choices.js";

const parts = () => [...document.querySelectorAll("[data-part]")];
const saved = () => document.querySelector(".review-saved");
let sending = Promise.resolve();

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-decide]");
  if (!form) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("click", (event) => {
  const edit = event.target.closest("[data-edit]");
  if (edit && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(edit);
  }
  const cancel = event.target.closest(".part-edit [data-cancel]");
  if (cancel) {
    event.preventDefault();
    drop(cancel.closest("[data-part]"));
  }
  const next = event.target.closest("[data-next]");
  if (next) {
    event.preventDefault();
    go(document.getElementById(next.hash.slice(1)));
  }
});

document.addEventListener("focusin", (event) => {
  const part = event.target.closest("[data-part]");
  if (part) mark(part);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const part = event.target.closest?.("[data-part]");
  if (event.key === "Escape" && part?.querySelector(".part-edit")) return close(part);
  if (event.target.closest("input, textarea, select, summary, .review-source")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && (part || event.target === document.body)) {
    const all = parts();
    const other = part ? all[all.indexOf(part) + step] : all.find((one) => one.hasAttribute("data-open")) ?? all[0];
    if (other) { event.preventDefault(); go(other); }
    return;
  }
  const button = part && event.key.length === 1 && part.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) { event.preventDefault(); button.click(); }
});

function go(part) {
  if (!part) return;
  part.closest("details")?.setAttribute("open", "");
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: "nearest" });
  mark(part);
}

function mark(part) {
  for (const one of document.querySelectorAll("[data-current]")) one.removeAttribute("data-current");
  for (const one of document.querySelectorAll("[data-marked]")) one.removeAttribute("data-marked");
  part.setAttribute("data-current", "");
  const line = part.dataset.line && document.getElementById(`line-${part.dataset.line}`);
  if (!line) return;
  line.setAttribute("data-marked", "");
  const pane = line.closest(".review-source");
  if (pane.scrollHeight > pane.clientHeight + 4) pane.scrollTop = line.offsetTop - pane.clientHeight / 3;
}

function send(form, pressed) {
  say("saving");
  const body = new FormData(form);
  if (pressed?.name) body.set(pressed.name, pressed.value);
  sending = sending.then(() => post(form, body));
}

async function post(form, body) {
  const part = form.closest("[data-part]");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 400 && part && page.querySelector("[data-edit-form]")) {
      show(part, page);
    } else if (answer.ok && page.querySelector("[data-swap]")) {
      const typed = form.dataset.draft;
      if (typed) forget(typed);
      swap(page, part?.id);
      say("saved");
      after(part, body.get("choice"));
    } else {
      throw new Error(answer.status);
    }
  } catch {
    say("failed");
  }
}

function swap(page, decided) {
  const typing = [...document.querySelectorAll(".part-edit")].map((edit) => [edit.closest("[data-part]").id, edit]);
  for (const fresh of page.querySelectorAll("[data-swap]")) document.getElementById(fresh.id)?.replaceWith(fresh);
  for (const [id, edit] of typing) {
    const part = id !== decided && document.getElementById(id);
    if (part) attach(part, edit);
  }
}

function attach(part, edit) {
  const actions = part.querySelector(".part-actions");
  if (actions) actions.hidden = true;
  part.append(edit);
}

function after(part, choice) {
  const all = parts();
  const at = part ? all.findIndex((one) => one.id === part.id) : 0;
  if (choice === "open") return go(all[at]);
  const later = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))];
  const next = later.find((one) => one.hasAttribute("data-doubtful")) ?? later.find((one) => one.hasAttribute("data-open"));
  if (next) return go(next);
  document.querySelector("#decided button")?.focus();
}

async function open(link) {
  const part = link.closest("[data-part]");
  if (part.querySelector(".part-edit")) return;
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.status);
    show(part, new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    location.assign(link.href);
  }
}

function show(part, page) {
  close(part, false);
  const form = page.querySelector("[data-edit-form]");
  form.querySelector(".part-source")?.remove();
  form.querySelector(".part-doubts")?.remove();
  form.className = "part-edit";
  attach(part, form);
  prepare(form);
  say("");
  (form.querySelector("[data-focus]") ?? form.querySelector("[aria-invalid], input:not([type=hidden]), textarea, select"))?.focus();
}

function prepare(edit) {
  for (const form of edit.querySelectorAll("[data-draft]")) remember(form);
  for (const list of edit.querySelectorAll("[data-search]")) makeSearchable(list.querySelector("select, .choice") ?? list, list.dataset.search);
}

function settle() {
  try {
    const sent = sessionStorage.getItem("sent");
    if (sent) forget(sent);
    sessionStorage.removeItem("sent");
  } catch { /* the browser keeps nothing */ }
}

function drop(part) {
  const form = part.querySelector("[data-draft]");
  if (form) forget(form.dataset.draft);
  close(part);
}

function close(part, focus = true) {
  part.querySelector(".part-edit")?.remove();
  const actions = part.querySelector(".part-actions");
  if (actions) actions.hidden = false;
  if (focus) go(part);
}

function say(what) {
  const line = saved();
  if (!line) return;
  line.textContent = what ? line.dataset[what] : "";
  line.dataset.tone = what === "failed" ? "stop" : "";
}

document.addEventListener("click", (event) => {
  if (event.target.closest('a[href^="#line-"]')) document.querySelector("[data-source]")?.setAttribute("open", "");
});

const review = document.querySelector("[data-proposal]");
settle();
if (review) {
  if (matchMedia("(max-width: 63.99rem)").matches) document.querySelector("[data-source]")?.removeAttribute("open");
  for (const key of keysOf(`${review.dataset.proposal}:`)) {
    const link = document.getElementById(key.split(":")[1])?.querySelector("[data-edit]");
    if (link) open(link);
  }
} else {
  for (const edit of document.querySelectorAll("[data-edit-form]")) prepare(edit);
}

const first = location.hash && document.getElementById(location.hash.slice(1))?.closest("[data-part]");
if (first) go(first);
