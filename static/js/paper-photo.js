// Reads photographed sheets in the browser: which rows are in the picture, and where somebody signed.
import { readAll } from "./zxing.js";

const input = document.getElementById("paper-file");
const state = document.querySelector("[data-paper-state]");
const list = document.querySelector("[data-paper-rows]");
const field = document.querySelector("[data-paper] textarea");
const ROW = /^P:([0-9A-Z]{3,})(\d{3})([0-9A-Z]{2})$/;

// In modules of the code, 12 mm over 25 of them: the place of the signature lies to the left of it.
const MODULE = 12 / 25;
const SIGNATURE = { left: -43 / MODULE, right: -5 / MODULE, top: -1 / MODULE, bottom: 11 / MODULE };
const INK = 0.012;
const DARKER = 0.72;
const LARGEST = 4200;

const rows = new Map();

// The picture as numbers, not larger than needed.
async function pixels(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

// How much of the place of the signature is darker than the paper around.
function ink({ width, height, data }, { topLeft, topRight, bottomLeft }) {
  const across = { x: (topRight.x - topLeft.x) / 21, y: (topRight.y - topLeft.y) / 21 };
  const down = { x: (bottomLeft.x - topLeft.x) / 21, y: (bottomLeft.y - topLeft.y) / 21 };
  const light = [];
  for (let u = SIGNATURE.left; u < SIGNATURE.right; u += 0.5) {
    for (let v = SIGNATURE.top; v < SIGNATURE.bottom; v += 0.5) {
      const x = Math.round(topLeft.x + u * across.x + v * down.x);
      const y = Math.round(topLeft.y + u * across.y + v * down.y);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const place = 4 * (y * width + x);
      light.push(0.3 * data[place] + 0.59 * data[place + 1] + 0.11 * data[place + 2]);
    }
  }
  const paper = [...light].sort((a, b) => a - b)[light.length >> 1] ?? 255;
  return light.filter((value) => value < paper * DARKER).length / Math.max(1, light.length);
}

function take(picture, codes) {
  for (const { text, position } of codes) {
    const found = ROW.exec(text);
    if (!found) continue;
    const code = `${found[1]}-${found[2]}-${found[3]}`;
    const signed = ink(picture, position) > INK;
    rows.set(code, (rows.get(code) ?? false) || signed);
  }
}

function show() {
  list.hidden = rows.size === 0;
  const legend = list.querySelector("legend");
  list.replaceChildren(legend, ...[...rows].sort().map(([code, signed]) => {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: signed });
    box.addEventListener("change", () => { rows.set(code, box.checked); fill(); });
    label.append(box, ` ${code}`);
    return label;
  }));
  fill();
}

// What was typed by hand stays; the rows of photographs stand on one line below it.
function fill() {
  const typed = field.value.split("\n").filter((line) => !line.split(" ").every((code) => rows.has(code)));
  const signed = [...rows].sort().filter(([, is]) => is).map(([code]) => code);
  field.value = [...typed, signed.join(" ")].filter(Boolean).join("\n");
  const words = rows.size ? input.dataset.found : input.dataset.none;
  state.textContent = words.replace("{all}", rows.size).replace("{signed}", signed.length);
}

input.addEventListener("change", async () => {
  state.textContent = input.dataset.reading;
  for (const file of input.files) {
    try {
      const picture = await pixels(file);
      take(picture, await readAll(picture));
    } catch {
      // No picture at all: it has no rows, which is what is said below.
    }
  }
  input.value = "";
  show();
});

document.querySelector("[data-paper-photo]").hidden = false;
