// One scan from the secret to the answer: written down first, then asked, then decided here.
import { byDoor, byServer, trouble } from "./door-answer.js";
import * as queue from "./door-queue.js";
import * as roster from "./door-roster.js";

const READABLE = /^[^\p{Cc}\p{Cs}]{1,500}$/u;

// Gives what to show, and in `made` what is needed to take it back when somebody was let in;
// resolves only when nothing can be lost any more.
export async function ask(net, secret, { lists, type, force, source }) {
  if (!READABLE.test(secret)) return trouble("malformed");
  const body = {
    secret, lists, type, force, source_type: source, nonce: nonce(), datetime: new Date().toISOString(),
  };
  return net.online === false ? byItself(net, body) : byTheServer(net, body);
}

async function byTheServer(net, body) {
  queue.flying.add(body.nonce);
  try {
    await queue.add(body, null, net.ahead);
    const answer = await net.ask("redeem", { json: body });
    if (answer.http !== 401 && !final(answer)) return await byItself(net, body, true);
    await queue.drop(body.nonce);
    const made = answer.http === 201 ? await passed(net, body, await roster.idOf(body.secret)) : null;
    return { ...byServer(answer, body.type), made };
  } finally {
    queue.flying.delete(body.nonce);
  }
}

// The same scan is handed in later under the same nonce, whether the server has met it or not.
async function byItself(net, body, isKept = false) {
  const verdict = await roster.answer(body.secret, { ...body, now: net.now() });
  if (isKept) await queue.decide(body.nonce, verdict.decision, verdict.reason);
  else await queue.add({ ...body, decision: verdict.decision }, verdict.reason, net.ahead);
  const made = verdict.decision === "refused" ? null : await passed(net, body, verdict.id);
  return { ...byDoor(verdict, body.type), isLocal: true, made };
}

// Somebody went in or out: this door remembers it, and how it was before.
async function passed(net, { nonce: name, type }, id) {
  const at = net.now();
  const before = id && (await roster.note(id, { inside: type === "entry", time: new Date(at).toISOString(), device: null }));
  return { nonce: name, at, id, before };
}

// Writes down somebody who came without a ticket, or how many of a group did: `type` says which.
export async function arrive(net, body) {
  const arrival = { ...body, nonce: nonce(), datetime: new Date().toISOString() };
  const answer = await handed(net, arrival.type, arrival, { shown: "ok", json: arrival });
  return { ...answer, at: net.now(), nonce: arrival.nonce };
}

// Takes back what this device recorded, after it in the queue when it waits there itself.
export async function takeBack(net, { nonce: annuls, id, before }, reason) {
  const body = { type: "annul", annuls, reason, nonce: nonce(), datetime: new Date().toISOString() };
  const waits = await queue.holds(annuls);
  const answer = await handed(net, "annul", body, { shown: "taken_back", json: { nonce: annuls, reason }, waits });
  if (id && [0, 200].includes(answer.http)) await roster.restore(id, before);
  return answer;
}

// Kept until the server has judged it; http 0 when that comes later.
async function handed(net, name, body, { shown, json, waits = false }) {
  queue.flying.add(body.nonce);
  try {
    await queue.add(body, shown, net.ahead);
    const answer = net.online === false || waits ? { http: 0 } : await net.ask(name, { json });
    if (!final(answer) && answer.http !== 401) return { http: 0 };
    await queue.drop(body.nonce);
    return answer;
  } finally {
    queue.flying.delete(body.nonce);
  }
}

// Whether the server has judged.
const final = ({ http }) => [200, 201, 400, 404, 409, 413].includes(http);

// crypto.randomUUID exists on https and on this machine only; random bytes exist everywhere.
export function nonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
