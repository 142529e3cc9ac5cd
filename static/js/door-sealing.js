// Opens what only a ticket's own text opens, with the means that the browser brings.

const SALT = "tuanhoc.roster/2";
const NONCE = 12;
const text = new TextEncoder();

// The key of a box for one use, and `more` bytes that come before it.
export async function derived(from, { salt, info, use, more = 0 }) {
  const material = await crypto.subtle.importKey("raw", from, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: text.encode(salt), info };
  const bits = await crypto.subtle.deriveBits(how, material, (more + 32) * 8);
  const key = await crypto.subtle.importKey("raw", bits.slice(more), "AES-GCM", false, [use]);
  return { key, bytes: new Uint8Array(bits, 0, more) };
}

// What a text is known by: the id of its entry and the key that opens it.
export async function known(secret) {
  const asked = { salt: SALT, info: new Uint8Array(), use: "decrypt", more: 16 };
  const { key, bytes } = await derived(text.encode(secret), asked);
  return { head: bytes, id: written(bytes), key };
}

// The entry of a ticket, or null when it is another ticket's or a byte was changed.
export async function unseal({ head, key }, sealed) {
  const raw = read(sealed);
  const how = { name: "AES-GCM", iv: raw.slice(0, NONCE), additionalData: head };
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, raw.slice(NONCE))));
  } catch {
    return null;
  }
}

// A box: nonce, text, tag; the head is bound to it without being in it.
export async function close({ head, key }, plain) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, key, plain);
  return joined(iv, new Uint8Array(closed));
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
