// Opens what only a ticket's own text opens: HKDF and HMAC of SHA-256, as the browser has them.

const SALT = "tuanhoc.roster/1";
const text = new TextEncoder();

export async function hkdf(key, salt, info, length) {
  const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, material, length * 8);
  return new Uint8Array(bits);
}

// What a text is known by: the id of its entry and the two keys that open it.
export async function known(secret) {
  const bytes = await hkdf(text.encode(secret), text.encode(SALT), new Uint8Array(), 80);
  return { head: bytes.slice(0, 16), id: written(bytes.slice(0, 16)), tagKey: bytes.slice(16, 48), textKey: bytes.slice(48) };
}

// The entry of a ticket, or null when it is another ticket's or a byte was changed.
export async function unseal(ticket, sealed) {
  const opened = await open(ticket, read(sealed));
  return opened && JSON.parse(new TextDecoder().decode(opened));
}

// A box: nonce, text, tag; the head is bound to it without being in it.
export async function open({ head, tagKey, textKey }, raw) {
  if (raw.length < 48) return null;
  const [nonce, body, tag] = [raw.slice(0, 16), raw.slice(16, -32), raw.slice(-32)];
  const isRight = await crypto.subtle.verify("HMAC", await hmac(tagKey), tag, joined(head, nonce, body));
  return isRight ? mixed(textKey, nonce, body) : null;
}

export async function close({ head, tagKey, textKey }, plain) {
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const body = await mixed(textKey, nonce, plain);
  const tag = await crypto.subtle.sign("HMAC", await hmac(tagKey), joined(head, nonce, body));
  return joined(nonce, body, new Uint8Array(tag));
}

async function mixed(key, nonce, bytes) {
  const stream = await hkdf(key, nonce, text.encode("text"), bytes.length);
  return bytes.map((byte, place) => byte ^ stream[place]);
}

function hmac(key) {
  return crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

export function joined(...parts) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function written(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function read(base64) {
  const raw = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}
