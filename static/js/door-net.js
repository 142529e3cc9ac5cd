// Asks the server with the token of this device; knows whether it answers and what time it is there.

import { time } from "./door-words.js";
import { within } from "./within.js";

const PATIENCE = 2500;
const LONG = 15_000;

export class Net extends EventTarget {
  constructor(addresses) {
    super();
    this.addresses = addresses;
    this.token = null;
    this.online = null;
    this.ahead = null;
    this.renew = async () => false;
    this.renewing = null;
    addEventListener("offline", () => this.is(false));
  }

  // Answers {http, body, etag}; http 0 means that no answer came in time.
  async ask(name, { json, query = {}, etag, patience = PATIENCE } = {}) {
    if (!navigator.onLine) return this.none();
    const address = new URL(this.addresses[name], location.href);
    for (const [key, values] of Object.entries(query)) for (const value of [values].flat()) address.searchParams.append(key, value);
    const headers = { Authorization: `Device ${this.token ?? ""}` };
    if (etag) headers["If-None-Match"] = etag;
    if (json) headers["Content-Type"] = "application/json";
    try {
      const response = await fetch(address, {
        method: json ? "POST" : "GET", headers, body: json && JSON.stringify(json),
        signal: within(patience), credentials: "omit", cache: "no-store", redirect: "error",
      });
      const body = response.status === 304 ? null : await response.json().catch(() => null);
      if (response.status >= 500) return this.none(response.status);
      this.is(true);
      if (response.status === 401 && this.token && (await this.renewed())) {
        return this.ask(name, { json, query, etag, patience });
      }
      return { http: response.status, body, etag: response.headers.get("ETag") };
    } catch {
      return this.none();
    }
  }

  // The token holds no more: perhaps whoever is signed in here gets another one.
  async renewed() {
    this.renewing ??= this.renew().finally(() => { this.renewing = null; });
    const is = await this.renewing;
    if (!is) this.dispatchEvent(new Event("unpaired"));
    return is;
  }

  patient(name, options) {
    return this.ask(name, { ...options, patience: LONG });
  }

  // Sets our clock by the server's: half of the way there and back was the way back.
  async setClock() {
    const before = Date.now();
    const answer = await this.ask("status", { patience: LONG });
    const after = Date.now();
    if (answer.http === 200) this.stands((before + after) / 2 - Date.parse(answer.body.time));
    return answer;
  }

  stands(ahead) {
    this.ahead = ahead;
    time.ahead = ahead ?? 0;
  }

  now() {
    return Date.now() - (this.ahead ?? 0);
  }

  none(http = 0) {
    this.is(false);
    return { http, body: null, etag: null };
  }

  is(online) {
    if (this.online === online) return;
    this.online = online;
    this.dispatchEvent(new Event("change"));
  }
}
