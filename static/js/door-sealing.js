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
  return { number: bytes.slice(0, 16), id: written(bytes.slice(0, 16)), tagKey: bytes.slice(16, 48), textKey: bytes.slice(48) };
}

// The entry of a ticket, or null when it is another ticket's or a byte was changed.
export async function unseal({ number, tagKey, textKey }, sealed) {
  const raw = read(sealed);
  if (raw.length < 48) return null;
  const [nonce, closed, tag] = [raw.slice(0, 16), raw.slice(16, -32), raw.slice(-32)];
  const key = await crypto.subtle.importKey("raw", tagKey, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const signed = new Uint8Array([...number, ...nonce, ...closed]);
  if (!(await crypto.subtle.verify("HMAC", key, tag, signed))) return null;
  const stream = await hkdf(textKey, nonce, text.encode("text"), closed.length);
  return JSON.parse(new TextDecoder().decode(closed.map((byte, place) => byte ^ stream[place])));
}

function written(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function read(base64) {
  const raw = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}
