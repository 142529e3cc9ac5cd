// Asks the door: one nonce for each scan, kept for every repeat, so that no one is counted twice.

const KEPT = "door-device";
const PATIENCE = 4000;

export class Door {
  constructor(config) {
    this.config = config;
    this.unit = config.unit;
    this.device = this.kept();
  }

  // Pairs this browser when it is not paired yet by the one who is signed in.
  pair() {
    this.pairing ??= this.ask().finally(() => { this.pairing = null; });
    return this.pairing;
  }

  async ask() {
    if (this.device) return;
    const answer = await fetch(this.config.pair, {
      method: "POST",
      headers: { "X-CSRFToken": this.config.csrf },
      body: new URLSearchParams({ unit: this.unit }),
      redirect: "error",
    });
    if (!answer.ok) throw new Error(`pairing: ${answer.status}`);
    const { token, expires_at: expiresAt } = await answer.json();
    this.device = { token, expiresAt, account: this.config.account, unit: this.unit };
    localStorage.setItem(KEPT, JSON.stringify(this.device));
  }

  // Serves another unit: that is another device.
  async move(unit) {
    this.unit = unit;
    this.forget();
    await this.pair();
  }

  // Holds a secret to the door; answers {http, body}, where http 0 means that no answer came.
  async redeem(secret, { lists, type, force = false, source }) {
    await this.pair().catch(() => {});
    const body = JSON.stringify({
      secret, lists, type, force, source_type: source,
      nonce: nonce(), datetime: new Date().toISOString(),
    });
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const answer = await this.post(body);
      if (answer.http === 401 && attempt === 0) {
        this.forget();
        await this.pair().catch(() => {});
        continue;
      }
      if (answer.http !== 0 && answer.http !== 503) return answer;
      if (attempt === 3 || !navigator.onLine) return answer;
      await new Promise((go) => setTimeout(go, 300 * (attempt + 1)));
    }
    return { http: 401, body: null };
  }

  // Whether the server can be reached with our token.
  async alive() {
    try {
      const answer = await fetch(this.config.status, { headers: this.headers(), signal: AbortSignal.timeout(PATIENCE) });
      return answer.status !== 503;
    } catch {
      return false;
    }
  }

  async post(body) {
    try {
      const answer = await fetch(this.config.redeem, {
        method: "POST", body, headers: { ...this.headers(), "Content-Type": "application/json" },
        signal: AbortSignal.timeout(PATIENCE), credentials: "omit",
      });
      return { http: answer.status, body: await answer.json().catch(() => null) };
    } catch {
      return { http: 0, body: null };
    }
  }

  headers() {
    return { Authorization: `Device ${this.device?.token ?? ""}` };
  }

  kept() {
    try {
      const device = JSON.parse(localStorage.getItem(KEPT));
      const holds = device?.account === this.config.account && new Date(device.expiresAt) > new Date();
      if (holds) this.unit = device.unit;
      return holds ? device : null;
    } catch {
      return null;
    }
  }

  forget() {
    this.device = null;
    localStorage.removeItem(KEPT);
  }
}

// crypto.randomUUID exists on https and on this machine only; random bytes exist everywhere.
function nonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
