// Who this device is: paired by a one-time code, or by the steward who is signed in here.
import { within } from "./within.js";
import { recall, remember, wipe } from "./door-store.js";

const CODE = /#pair=([0-9A-Za-z-]+)$/;

export class Pairing {
  constructor(net, setup) {
    this.net = net;
    this.setup = setup;
    this.session = null;
    this.device = null;
  }

  // The device as it was paired; null when somebody has to pair it first.
  async begin() {
    this.adopt(await recall("device"));
    const code = location.hash.match(CODE)?.[1];
    if (code) history.replaceState(null, "", location.pathname);
    if (code && (await this.byCode(code))) return this.device;
    await this.look();
    const another = this.device?.account && this.session?.account && this.session.account !== this.device.account;
    if (!this.device || another) await this.bySession();
    return this.device;
  }

  adopt(device) {
    this.device = device;
    this.net.token = device?.token ?? null;
  }

  // A code as the organiser's page shows it: its QR holds the address of this page with it.
  static codeIn(text) {
    return text.match(CODE)?.[1] ?? null;
  }

  async byCode(code) {
    const { http, body } = await this.net.ask("initialize", { json: { token: code } });
    if (http !== 200) return false;
    await this.keep({ token: body.api_token, name: body.name, unit: null, account: null });
    return true;
  }

  // Who is signed in here and where they serve; null when nobody is, or nobody can be asked.
  async look() {
    const response = await fetch(this.setup.session, { cache: "no-store", signal: within(4000) }).catch(() => null);
    this.session = response?.ok ? await response.json().catch(() => null) : null;
  }

  async bySession(unit = this.session?.units[0]?.code) {
    if (!unit) return false;
    const response = await fetch(this.setup.pair, {
      method: "POST", headers: { "X-CSRFToken": this.session.csrf }, body: new URLSearchParams({ unit }), redirect: "error",
    }).catch(() => null);
    if (!response?.ok) return false;
    const { token, name } = await response.json();
    await this.keep({ token, name, unit, account: this.session.account });
    return true;
  }

  async keep(device) {
    await remember("device", device);
    await remember("since", 0);
    this.adopt(device);
    navigator.storage?.persist?.();
  }

  // The token does not hold any more: another one by the steward who is signed in, or none.
  async renew() {
    this.adopt(null);
    await remember("device", null);
    await this.look();
    return this.bySession();
  }

  async leave() {
    this.adopt(null);
    await wipe();
  }
}
