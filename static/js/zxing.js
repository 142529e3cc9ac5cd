// Reads QR codes from frames; the machine it needs comes from this site, never from elsewhere.
import { prepareZXingModule, readBarcodes } from "../vendor/zxing-wasm-3.1.4/es/reader/index.js";

const machine = new URL("../vendor/zxing-wasm-3.1.4/reader/zxing_reader.wasm", import.meta.url).href;
prepareZXingModule({ overrides: { locateFile: (path, prefix) => path.endsWith(".wasm") ? machine : prefix + path } });

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
