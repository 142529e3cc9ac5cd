// What the scanner keeps on this device: one small database, opened once.

const NAME = "tuanhoc-door";
const STORES = {
  queue: { keyPath: "seq", autoIncrement: true, indexes: { nonce: "body.nonce" } },
  log: { keyPath: "nonce", indexes: { at: "at" } },
  roster: { keyPath: "id", indexes: { page: "page" } },
  seen: { keyPath: "id", indexes: { at: "at" } },
  facts: { keyPath: "name", indexes: {} },
};

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [name, { indexes, ...options }] of Object.entries(STORES)) {
        const store = request.result.createObjectStore(name, options);
        for (const [index, path] of Object.entries(indexes)) store.createIndex(index, path);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function look(name, question) {
  const database = await open();
  return asked(question(database.transaction(name).objectStore(name)));
}

// Does the work in one transaction; resolves only when it is on the disk, not in a buffer.
export async function keep(names, work) {
  const database = await open();
  const transaction = database.transaction(names, "readwrite", { durability: "strict" });
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  const result = work((name) => transaction.objectStore(name));
  await ended;
  return result;
}

// One fact under a name: who we are, when we last heard, where to go on.
export async function recall(name) {
  return (await look("facts", (store) => store.get(name)))?.value ?? null;
}

export function remember(name, value) {
  return keep(["facts"], (store) => store("facts").put({ name, value }));
}

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
