// What was counted on this device and is not on the server yet: each press is on the disk before it shows.
const STORE = "entries";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Queue {
  // Opens the queue of this browser; fails where nothing can be kept.
  static async open() {
    const request = indexedDB.open("tally", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
    return new Queue(await done(request));
  }

  constructor(database) {
    this.database = database;
  }

  #write(work) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(STORE, "readwrite", { durability: "strict" });
      work(transaction.objectStore(STORE));
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  add(entry) {
    return this.#write((store) => store.add(entry));
  }

  change(entries) {
    return this.#write((store) => entries.forEach((entry) => store.put(entry)));
  }

  remove(entries) {
    return this.#write((store) => entries.forEach((entry) => store.delete(entry.order)));
  }

  // All of it, the earliest first.
  all() {
    return done(this.database.transaction(STORE).objectStore(STORE).getAll());
  }
}
