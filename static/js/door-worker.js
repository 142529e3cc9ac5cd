// Keeps the scanner's page and its files for the time without a connection; nothing else.
// VERSION and KEPT stand above, written by the server.

const CACHE = `door-${VERSION}`;
const PATIENCE = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(KEPT.map((address) => new Request(address, { cache: "no-cache" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("door-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !KEPT.includes(pathname)) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});

// The page comes fresh when it comes soon, so that it speaks the language that was chosen.
async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(KEPT[0]);
  try {
    const fresh = await fetch(request.url, { signal: AbortSignal.timeout(kept ? PATIENCE : 60_000), cache: "no-store" });
    if (fresh.ok && !fresh.redirected) await cache.put(KEPT[0], fresh.clone());
    return fresh.ok || !kept ? fresh : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}
