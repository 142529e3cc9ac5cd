// Looks through the camera for QR codes, about ten times a second; stays with the rear camera.

const PAUSE = 90;
const WIDTH = 800;
const KEPT = "door-camera";

export class Camera {
  // Calls found(text) for every frame that holds a code, and null for one that holds none;
  // changed() when another camera is open or its light went on or off.
  constructor(video, found, changed) {
    Object.assign(this, { video, found, changed, track: null, lit: false });
    const canvas = document.createElement("canvas");
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    document.addEventListener("visibilitychange", () => this.resume());
  }

  // A phone takes the camera away from a page that is not looked at, and gives it to others.
  resume() {
    if (document.hidden || !this.track) return;
    if (this.track.readyState === "ended") this.open().catch(() => {});
    else if (this.video.paused) this.video.play().catch(() => {});
  }

  async start() {
    await this.open();
    const { readQr } = await import("./zxing.js");
    const look = async () => {
      if (this.video.videoWidth && !document.hidden) this.found(await readQr(this.frame()).catch(() => null));
      setTimeout(look, PAUSE);
    };
    look();
  }

  // The camera of the last time, else one that looks away from the steward.
  async open(device = localStorage.getItem(KEPT)) {
    const size = { width: { ideal: 1280 } };
    const rear = { facingMode: { ideal: "environment" }, ...size };
    const ask = (video) => navigator.mediaDevices.getUserMedia({ video, audio: false });
    this.track?.stop();
    const stream = device ? await ask({ deviceId: { exact: device }, ...size }).catch(() => ask(rear)) : await ask(rear);
    const wasLit = this.lit;
    this.lit = false;
    [this.track] = stream.getVideoTracks();
    this.track.addEventListener("ended", () => this.resume());
    const { deviceId } = this.track.getSettings();
    if (deviceId) localStorage.setItem(KEPT, deviceId);
    this.video.srcObject = stream;
    await this.video.play();
    if (wasLit && this.hasTorch) await this.torch(true).catch(() => {});
    this.changed();
  }

  frame() {
    const { videoWidth, videoHeight } = this.video;
    const { context } = this;
    const scale = Math.min(1, WIDTH / videoWidth);
    context.canvas.width = Math.round(videoWidth * scale);
    context.canvas.height = Math.round(videoHeight * scale);
    context.drawImage(this.video, 0, 0, context.canvas.width, context.canvas.height);
    return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async torch(lit) {
    await this.track.applyConstraints({ advanced: [{ torch: lit }] });
    this.lit = lit;
    this.changed();
  }

  async others() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter(({ kind }) => kind === "videoinput");
  }

  async turn() {
    const all = await this.others();
    const now = all.findIndex(({ deviceId }) => deviceId === this.track.getSettings().deviceId);
    await this.open(all[(now + 1) % all.length].deviceId);
  }
}

// A phone in the hand of a steward stays awake.
export async function stayAwake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
}
