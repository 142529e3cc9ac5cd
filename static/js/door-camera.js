// Looks through the camera for QR codes, about ten times a second.
import { readQr } from "./zxing.js";

const PAUSE = 90;
const WIDTH = 800;

// Calls found(text) for every frame that holds a code, and null for one that holds none.
export async function watch(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } }, audio: false,
  });
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const look = async () => {
    if (video.videoWidth && !document.hidden) {
      const scale = Math.min(1, WIDTH / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      found(await readQr(context.getImageData(0, 0, canvas.width, canvas.height)).catch(() => null));
    }
    setTimeout(look, PAUSE);
  };
  look();
}
