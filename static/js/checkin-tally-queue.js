// What was counted on this device and is not on the server yet: each press is on the disk before it shows.
import { FACTS, QUEUE, database, handIn } from "./kept.js";

const { look, keep, recall } = database("tuanhoc-tally", { queue: QUEUE, facts: FACTS });
const MOST = 200;
const UNDONE = 50;

// All of it, the earliest first; what the server refused stays for whoever counted to read.
export const all = () => look("queue", (store) => store.getAll());

// Writes an entry down, and in the same breath what may be taken back in `place`.
export function add(entry, place, presses) {
  return keep(["queue", "facts"], (store) => {
    store("queue").add(entry);
    store("facts").put({ name: place, value: presses.slice(-UNDONE) });
  });
}

export const undoable = async (place) => (await recall(place)) ?? [];

// Numbers that the server said last, for the time without a connection.
export const remember = (place, told) => keep(["facts"], (store) => store("facts").put({ name: `told ${place}`, value: told }));
export const remembered = (place) => recall(`told ${place}`);

export function forget(seq) {
  return keep(["queue"], (store) => store("queue").delete(seq));
}

// The server has answered: what counts goes, what does not stays with the reason.
function settle(answers) {
  return keep(["queue"], (store) => {
    for (const { nonce, refused, reason } of answers) {
      store("queue").index("nonce").get(nonce).onsuccess = ({ target: { result: entry } }) => {
        if (!entry) return;
        if (refused || reason) store("queue").put({ ...entry, refused: refused || reason });
        else store("queue").delete(entry.seq);
      };
    }
  });
}

// Hands all that is ours in, of one activity at a time, in its order; stops when nobody answers.
export async function upload(isOurs, post, after) {
  for (;;) {
    const ours = (await all()).filter((entry) => isOurs(entry) && !entry.refused);
    if (!ours.length) return;
    const batch = ours.filter(({ url }) => url === ours[0].url).slice(0, MOST);
    const sent = (records) => post(records[0].url, records.map(({ body: { taken: _taken, ...body } }) => body));
    if ((await handIn(batch, sent, settle)) < batch.length) return;
    await after();
  }
}
