// Reads QR codes from frames; the machine it needs lies beside it on this site.
import { readBarcodes } from "../vendor/zxing-wasm-3.1.4/es/reader/index.js";

// The text of the first QR code in an ImageData or a Blob, or null.
export async function readQr(image) {
  const found = await readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true });
  return found.find((code) => code.isValid)?.text ?? null;
}

// Every QR code in a photograph: its text and its four corners.
export async function readAll(image) {
  const found = await readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 255, tryHarder: true, tryDownscale: false });
  return found.filter((code) => code.isValid).map(({ text, position }) => ({ text, position }));
}
