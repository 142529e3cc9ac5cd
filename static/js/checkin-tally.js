// Counts quickly: presses show at once and are sent together after a short pause; without this script each press is a form.
const form = document.querySelector("[data-tally]");
const shown = form.querySelector("[data-tally-count]");
const state = form.querySelector("[data-tally-state]");
let saved = Number(shown.textContent);
let pending = 0;
let timer = 0;
let sending = Promise.resolve();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  pending += Number(event.submitter.value);
  pending = Math.max(pending, -saved);
  show(state.dataset.waiting);
  clearTimeout(timer);
  timer = setTimeout(() => { sending = sending.then(send); }, 600);
});

addEventListener("beforeunload", (event) => { if (pending) event.preventDefault(); });

function show(words) {
  shown.textContent = saved + pending;
  state.textContent = words;
}

async function send() {
  const by = pending;
  if (!by) return;
  const body = new FormData(form);
  body.set("by", by);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    saved = (await answer.json()).count;
    pending -= by;
    show(pending ? state.dataset.waiting : state.dataset.saved);
  } catch {
    state.textContent = state.dataset.failed;
  }
}
