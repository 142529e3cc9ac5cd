// What a page keeps on this device: a small database each, opened once.

export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// The database of a name. `stores` gives of each its options and the paths of its indexes.
export function database(name, stores) {
  let opening = null;

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        for (const [store, { indexes, ...options }] of Object.entries(stores)) {
          const made = request.result.createObjectStore(store, options);
          for (const [index, path] of Object.entries(indexes)) made.createIndex(index, path);
        }
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opening;
  }

  async function look(store, question) {
    const opened = await open();
    return asked(question(opened.transaction(store).objectStore(store)));
  }

  // Does the work in one transaction; resolves only when it is on the disk, not in a buffer.
  async function keep(names, work) {
    const opened = await open();
    const transaction = opened.transaction(names, "readwrite", { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = work((store) => transaction.objectStore(store));
    await ended;
    return result;
  }

  // One fact under a name: who we are, when we last heard, where to go on.
  const recall = async (fact) => (await look("facts", (store) => store.get(fact)))?.value ?? null;
  const remember = (fact, value) => keep(["facts"], (store) => store("facts").put({ name: fact, value }));

  return { look, keep, recall, remember };
}

// What waits to be sent: in order, and found again by the nonce it is repeated under.
export const QUEUE = { keyPath: "seq", autoIncrement: true, indexes: { nonce: "body.nonce" } };
export const FACTS = { keyPath: "name", indexes: {} };

// Hands a batch in: `post(records)` gives {http, body}, `settle(answers)` takes what was answered.
// One that is too large, or that the server cannot read, is halved down to the one to blame.
// Gives how many were answered.
export async function handIn(records, post, settle) {
  const { http, body } = await post(records);
  if (http === 200) {
    await settle(body.answers.map((answer, place) => ({ ...answer, nonce: records[place].body.nonce })));
    return records.length;
  }
  if (http !== 400 && http !== 413) return 0;
  if (records.length === 1) {
    await settle([{ nonce: records[0].body.nonce, http, reason: "malformed" }]);
    return 1;
  }
  const half = Math.ceil(records.length / 2);
  const first = await handIn(records.slice(0, half), post, settle);
  return first < half ? first : first + (await handIn(records.slice(half), post, settle));
}
