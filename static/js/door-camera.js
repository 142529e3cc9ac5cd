// Looks through the camera for QR codes, about ten times a second; stays with the rear camera.

const PAUSE = 90;
const WIDTH = 800;
const KEPT = "door-camera";

export class Camera {
  // Calls found(text) for every frame that holds a code, and null for one that holds none.
  constructor(video, found) {
    this.video = video;
    this.found = found;
    this.track = null;
    this.lit = false;
    const canvas = document.createElement("canvas");
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.track?.readyState === "ended") this.open().catch(() => {});
    });
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
    [this.track] = stream.getVideoTracks();
    this.lit = false;
    const { deviceId } = this.track.getSettings();
    if (deviceId) localStorage.setItem(KEPT, deviceId);
    this.video.srcObject = stream;
    await this.video.play();
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

  async torch() {
    await this.track.applyConstraints({ advanced: [{ torch: !this.lit }] });
    this.lit = !this.lit;
    return this.lit;
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
