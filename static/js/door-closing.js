// Closes what waits on this device to the server's key: nobody who finds the device reads it.
import { close, hkdf, joined, read, written } from "./door-sealing.js";
import { config } from "./door-words.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const OPEN = ["nonce", "type", "datetime", "decision", "ahead", "annuls"];
const SIZE = 256;
const text = new TextEncoder();

let making = null;

// A record as it is kept: whom it is about is sealed. Where the browser has no such means, which is
// where the address is not https and everything goes in the clear anyway, it stays as it is.
export async function closed(body) {
  if (!crypto.subtle || !config.queue_key) return body;
  making ??= box();
  const { head, ...keys } = await making;
  const beside = {};
  const inside = {};
  for (const [name, value] of Object.entries(body)) (OPEN.includes(name) ? beside : inside)[name] = value;
  const plain = text.encode(JSON.stringify(inside));
  const padded = new Uint8Array(Math.ceil(plain.length / SIZE) * SIZE).fill(32);
  padded.set(plain);
  return { ...beside, sealed: written(joined(head, await close({ head, ...keys }, padded))) };
}

// A pair of keys for as long as this page runs. The private one is never written down, so that
// this device, too, opens nothing of it again.
async function box() {
  const server = read(config.queue_key);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const other = await crypto.subtle.importKey("raw", server, CURVE, false, []);
  const head = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own.privateKey, 256);
  const known = await hkdf(shared, text.encode("tuanhoc.queue/1"), joined(head, server), 64);
  return { head, tagKey: known.slice(0, 32), textKey: known.slice(32) };
}
