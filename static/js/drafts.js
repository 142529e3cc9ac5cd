// What is typed into a form with data-draft is kept in this browser until it is kept on the server: after a reload it stands there again, and says so.
const DAYS = 7 * 24 * 3600 * 1000;
const address = (key) => `draft:${key}`;

export function remember(form) {
  const key = form.dataset.draft;
  const before = said(form);
  const kept = read(key);
  if (kept && kept !== before) {
    fill(form, kept);
    form.prepend(notice(form, before));
  }
  form.addEventListener("input", () => {
    const now = said(form);
    if (now === before) forget(key);
    else write(key, now);
  });
}

export function forget(key) {
  try { localStorage.removeItem(address(key)); } catch { /* the browser keeps nothing: nothing to forget */ }
}

export function keysOf(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(address(prefix))).map((name) => name.slice(6)).filter((key) => read(key));
  } catch { return []; }
}

function said(form) {
  const entries = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  return JSON.stringify(entries);
}

function fill(form, text) {
  const entries = JSON.parse(text);
  for (const field of form.elements) {
    if (!field.name || field.name === "csrf_token" || ["hidden", "file", "submit"].includes(field.type)) continue;
    const values = entries.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
}

function notice(form, before) {
  const line = document.createElement("p");
  line.className = "draft-notice";
  line.setAttribute("role", "status");
  line.append(form.dataset.draftSaid, " ");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "as-link", textContent: form.dataset.draftDrop });
  button.addEventListener("click", () => {
    fill(form, before);
    forget(form.dataset.draft);
    line.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  line.append(button);
  return line;
}

function read(key) {
  try {
    const { at, text } = JSON.parse(localStorage.getItem(address(key)) ?? "{}");
    if (text && Date.now() - at < DAYS) return text;
    localStorage.removeItem(address(key));
  } catch { /* unreadable or forbidden: as if there were none */ }
  return null;
}

function write(key, text) {
  try { localStorage.setItem(address(key), JSON.stringify({ at: Date.now(), text })); } catch { /* full or forbidden: the form itself still has it */ }
}
