// Keeps pages and their files for the time without a connection; nothing else.
// NAME, VERSION, KEPT and PAGES stand above, written by the server: what is there from the
// beginning, and the paths of the pages that are kept once they were opened.

const CACHE = `${NAME}-${VERSION}`;
const PATIENCE = 3000;
const isPage = (path) => KEPT.includes(path) || new RegExp(PAGES).test(path);

// A page that is there from the beginning is the same whatever is asked of it.
const keyOf = ({ pathname, search }) => (KEPT.includes(pathname) ? pathname : pathname + search);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(KEPT.map((address) => new Request(address, { cache: "no-cache" })));
    for (const { url } of await self.clients.matchAll({ includeUncontrolled: true, type: "window" })) {
      const address = new URL(url);
      address.hash = "";
      if (!KEPT.includes(address.pathname) && isPage(address.pathname)) await fresh(cache, address).catch(() => {});
    }
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(`${NAME}-`) && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && isPage(pathname)) event.respondWith(page(request));
  else if (KEPT.includes(pathname)) event.respondWith(file(request));
});

// The page comes fresh when it comes soon, so that it speaks the language that was chosen.
async function page(request) {
  const cache = await caches.open(CACHE);
  const address = new URL(request.url);
  const kept = await cache.match(keyOf(address));
  try {
    const answer = await fresh(cache, address, kept ? PATIENCE : 60_000);
    return answer.status < 500 || !kept ? answer : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// Whoever is led elsewhere, or finds nothing, may not see what was kept of such pages either.
async function fresh(cache, address, patience = 60_000) {
  const answer = await fetch(address, { signal: AbortSignal.timeout?.(patience), cache: "no-store", redirect: "manual" });
  if (answer.ok) await cache.put(keyOf(address), answer.clone());
  else if (answer.status < 500 && !KEPT.includes(address.pathname)) await forgetPages(cache);
  return answer;
}

async function forgetPages(cache) {
  for (const { url } of await cache.keys()) {
    if (!KEPT.includes(new URL(url).pathname)) await cache.delete(url);
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}
