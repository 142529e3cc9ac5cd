// Keeps the screen of a hall fresh, awake and full; a code that is too old is covered.
const place = document.getElementById("hall-state");
const lost = document.getElementById("hall-lost");
const full = document.getElementById("hall-full");
const EVERY = 2000;
const STALE = 40000;
let etag = "";
let heard = Date.now();

async function look() {
  try {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(place.dataset.state, { cache: "no-store", headers });
    if (answer.redirected) {
      location.reload();
      return;
    }
    if (answer.ok) {
      place.innerHTML = await answer.text();
      etag = answer.headers.get("ETag") ?? "";
    }
    if (answer.ok || answer.status === 304) heard = Date.now();
  } catch {
    // No connection: what is shown holds a little longer.
  }
  lost.hidden = Date.now() - heard < STALE;
  setTimeout(look, EVERY + Math.random() * 250);
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // The laptop decides by itself when it sleeps.
  }
}

full.hidden = !document.documentElement.requestFullscreen;
full.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") stayAwake();
});
stayAwake();
setTimeout(look, EVERY);
