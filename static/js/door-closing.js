// Closes what waits on this device to the server's key: nobody who finds the device reads it.
import { close, derived, joined, read, written } from "./door-sealing.js";
import { config } from "./door-words.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const OPEN = ["nonce", "type", "datetime", "decision", "ahead", "annuls"];
const SALT = "tuanhoc.queue/2";
const SIZE = 256;
const text = new TextEncoder();

let making = null;

// A record as it is kept: whom it is about is sealed. Where the browser has no such means, which is
// where the address is not https and everything goes in the clear anyway, it stays as it is.
export async function closed(body) {
  if (!crypto.subtle || !config.queue_key) return body;
  making ??= box();
  const own = await making;
  const beside = {};
  const inside = {};
  for (const [name, value] of Object.entries(body)) (OPEN.includes(name) ? beside : inside)[name] = value;
  const plain = text.encode(JSON.stringify(inside));
  const padded = new Uint8Array(Math.ceil(plain.length / SIZE) * SIZE).fill(32);
  padded.set(plain);
  return { ...beside, sealed: written(joined(own.head, await close(own, padded))) };
}

// A key for as long as this page runs, which closes and opens nothing. The private half that it comes
// from is never written down, so that this device, too, opens nothing of it again.
async function box() {
  const server = read(config.queue_key);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const other = await crypto.subtle.importKey("raw", server, CURVE, false, []);
  const head = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own.privateKey, 256);
  const { key } = await derived(shared, { salt: SALT, info: joined(head, server), use: "encrypt" });
  return { head, key };
}
