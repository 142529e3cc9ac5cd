// What has not reached the server yet: written down before the steward sees an answer, sent in
// order, repeated letter for letter, and gone only when the server has answered for it.
import { closed } from "./door-closing.js";
import { asked, keep, look } from "./door-store.js";
import { handIn } from "./kept.js";

const LONGEST = 200;
const LOGGED = 300;
const CENTURY = 100 * 366 * 86_400_000;
const RUN = crypto.getRandomValues(new Uint32Array(4)).join("-");

export const flying = new Set();
// Nonces that are being asked one by one just now; the batch leaves them alone.

// Keeps a record closed; beside it when it was made by a clock that nobody sets, and how far the
// device's own was ahead when it last met the server's.
export async function add(body, shown = null, ahead = null) {
  const ticks = performance.now();
  const known = ahead !== null && Math.abs(ahead) < CENTURY ? { ahead: Math.round(ahead) } : {};
  const record = { body: await closed({ ...body, ...known }), shown, run: RUN, ticks };
  return keep(["queue"], (store) => store("queue").add(record));
}

// As it is handed in. The clock that nobody sets begins anew with every page.
function item({ body, run, ticks }) {
  return run === RUN ? { ...body, elapsed: Math.round(performance.now() - ticks) } : body;
}

// Notes what the door decided by itself, before it says so.
export function decide(nonce, decision, shown) {
  return keep(["queue"], (store) => change(store("queue"), nonce, (record) => ({
    ...record, shown, body: { ...record.body, decision },
  })));
}

function change(store, nonce, as) {
  store.index("nonce").get(nonce).onsuccess = ({ target: { result: record } }) => {
    if (record) store.put(as(record));
  };
}

// The steward has the server's answer, so nothing is left to be said later.
export function drop(nonce) {
  return keep(["queue"], (store) => {
    store("queue").index("nonce").getKey(nonce).onsuccess = ({ target: { result: key } }) => {
      if (key !== undefined) store("queue").delete(key);
    };
  });
}

export const holds = async (nonce) => (await look("queue", (store) => store.index("nonce").getKey(nonce))) !== undefined;
export const length = () => look("queue", (store) => store.count());
export const waiting = (most = LONGEST) => look("queue", (store) => store.getAll(null, most + flying.size));
export const answered = () => look("log", (store) => store.getAll());

// The server has answered: the record goes, what was answered stays for the steward.
export function settle(answers) {
  return keep(["queue", "log"], (store) => {
    for (const { nonce, ...answer } of answers) {
      store("queue").index("nonce").get(nonce).onsuccess = ({ target: { result: record } }) => {
        if (!record) return;
        store("queue").delete(record.seq);
        if (record.shown) store("log").put(line(record, answer));
      };
    }
    trim(store("log"));
  });
}

// One line about a scan made without a connection: no name, no ticket.
export function line({ body, shown }, answer) {
  const { http, reason = null, message = null } = answer;
  return { nonce: body.nonce, at: body.datetime, kind: body.type, shown, http, reason, message, agrees: agrees(shown, answer) };
}

// Whether the server says what the door said.
export function agrees(shown, { http, reason }) {
  if (shown === "taken_back") return http === 200 || reason === "not_admitted";
  const went = shown === "ok" || shown === "provisional";
  if (http === 201) return went;
  return !went && (reason === shown || reason === "rules");
}

async function trim(log) {
  const over = (await asked(log.count())) - LOGGED;
  if (over <= 0) return;
  for (const key of await asked(log.index("at").getAllKeys(null, over))) log.delete(key);
}

// Hands everything in. `post(records)` gives {http, body}; gives how many were answered.
export async function upload(post) {
  let sent = 0;
  for (;;) {
    const records = (await waiting()).filter(({ body }) => !flying.has(body.nonce)).slice(0, LONGEST);
    if (!records.length) return { sent, stopped: false };
    const done = await handIn(records, (batch) => post(batch.map(item)), settle);
    sent += done;
    if (done < records.length) return { sent, stopped: true };
  }
}
