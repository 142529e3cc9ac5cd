// The tickets that this device takes along: fetched page by page, opened one by one, followed, wiped.
import { heard, judge, moment } from "./door-judge.js";
import { known, unseal } from "./door-sealing.js";
import { asked, drop, keep, look, recall, remember } from "./door-store.js";

const KEPT = 48 * 3600 * 1000;

export const size = () => look("roster", (store) => store.count());

// What the door says by itself to a secret; `id` is what the ticket is known by here.
export async function answer(secret, { lists, type, force, now }) {
  const ticket = await known(secret);
  const [row, seen, activities] = await Promise.all([
    look("roster", (store) => store.get(ticket.id)), look("seen", (store) => store.get(ticket.id)), recall("activities"),
  ]);
  const entry = row ? await unseal(ticket, row.sealed) : null;
  const bySlug = new Map((activities ?? []).map((activity) => [activity.slug, activity]));
  return { id: ticket.id, ...judge({ entry, seen: seen ?? null, activities: bySlug, lists, type, force, now }) };
}

// What a ticket is known by here; nothing where the browser cannot work that out.
export const idOf = async (secret) => (crypto.subtle ? (await known(secret)).id : null);

// Remembers that somebody went in or out here; gives what was known before.
export async function note(id, { inside, time, device }) {
  let before = null;
  await keep(["seen"], (store) => write(store("seen"), id, (seen) => {
    before = seen;
    return { seq: seen?.seq, inside, device, time: seen?.inside && inside ? seen.time : time };
  }));
  return before;
}

// A scan was taken back: what was known before it is known again.
export function restore(id, before) {
  return keep(["seen"], (store) => write(store("seen"), id, () => before));
}

function write(store, id, as) {
  store.get(id).onsuccess = ({ target: { result: seen } }) => {
    const after = as(seen ?? null);
    if (after) store.put({ ...after, id, at: after.time });
    else store.delete(id);
  };
}

// Hears what other doors did since; false when the server did not answer.
export async function follow(net) {
  for (;;) {
    const since = (await recall("since")) ?? 0;
    const { http, body } = await net.patient("changes", { query: { since } });
    if (http !== 200) return false;
    await keep(["seen", "facts"], (store) => {
      for (const change of body.changes) write(store("seen"), change.id, (seen) => heard(seen, change));
      store("facts").put({ name: "since", value: body.seq });
    });
    if (!body.more) return true;
  }
}

// Fetches the pages that have changed; `told` is called after each of them.
export async function refresh(net, activities, told) {
  const had = (await recall("pages")) ?? {};
  const pages = {};
  for (let after = 0; after !== null; after = pages[after].next) {
    const { http, body, etag } = await net.patient("roster", { query: { after }, etag: had[after]?.etag });
    if (http === 304) pages[after] = had[after];
    else if (http === 200) {
      await replace(after, body.entries);
      pages[after] = { etag, next: body.next };
    } else return false;
    await remember("pages", { ...had, ...pages });
    await told();
  }
  for (const gone of Object.keys(had)) if (!(gone in pages)) await replace(Number(gone), []);
  await remember("pages", pages);
  await remember("activities", activities);
  await remember("rosterAt", Date.now());
  return true;
}

function replace(page, entries) {
  return keep(["roster"], async (store) => {
    const roster = store("roster");
    for (const key of await asked(roster.index("page").getAllKeys(within(page)))) roster.delete(key);
    for (const { id, sealed, forget_at } of entries) roster.put({ id, sealed, page: [page, moment(forget_at)] });
  });
}

// The entries of a page, those first that are to be forgotten first.
const within = (page, until = Infinity) => IDBKeyRange.bound([page, -Infinity], [page, until]);

// Wipes each ticket a day after its activity, and everything with the last of them.
export async function expire(now) {
  const [activities, pages] = [(await recall("activities")) ?? [], (await recall("pages")) ?? {}];
  const kept = activities.filter(({ forget_at }) => now < moment(forget_at));
  await keep(["roster", "seen", "facts"], (store) => {
    drop(store("seen"), "at", IDBKeyRange.upperBound(new Date(now - KEPT).toISOString()));
    for (const page of Object.keys(pages)) drop(store("roster"), "page", within(Number(page), now));
    if (kept.length < activities.length) store("facts").put({ name: "activities", value: kept });
    if (activities.length && !kept.length) clear(store);
  });
}

// Forgets whom this door may meet: it serves nobody any more.
export function forget() {
  return keep(["roster", "seen", "facts"], clear);
}

function clear(store) {
  for (const name of ["roster", "seen"]) store(name).clear();
  for (const name of ["pages", "activities", "rosterAt", "since"]) store("facts").delete(name);
}
