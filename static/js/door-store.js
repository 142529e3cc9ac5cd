// What the scanner keeps on this device: one small database, opened once.
import { FACTS, QUEUE, asked, database } from "./kept.js";

export { asked };
export const { look, keep, recall, remember } = database("tuanhoc-door", {
  queue: QUEUE,
  log: { keyPath: "nonce", indexes: { at: "at" } },
  roster: { keyPath: "id", indexes: { page: "page" } },
  seen: { keyPath: "id", indexes: { at: "at" } },
  facts: FACTS,
});

// Removes the rows of a store that an index puts before a value.
export function drop(store, index, range) {
  store.index(index).openKeyCursor(range).onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    store.delete(cursor.primaryKey);
    cursor.continue();
  };
}

// Forgets everything but what has not reached the server yet.
export function wipe() {
  return keep(["log", "roster", "seen", "facts"], (store) => {
    for (const name of ["log", "roster", "seen", "facts"]) store(name).clear();
  });
}
