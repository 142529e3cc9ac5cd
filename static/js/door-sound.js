// Says the answer to the ear and to the hand: up for come in, level for wait, low and long for stop.

const TUNES = {
  ok: [[880, 0.08], [1320, 0.12]],
  wait: [[880, 0.08], [880, 0.12]],
  warn: [[520, 0.14], [520, 0.14]],
  stop: [[200, 0.45]],
};
const SHAKES = { ok: [60], wait: [60, 60, 60], warn: [120, 80, 120], stop: [400] };

let context = null;

// Browsers allow sound and shaking after the first touch or key.
export function wake() {
  context ??= typeof AudioContext === "undefined" ? null : new AudioContext();
  context?.resume();
}

export function play(tone) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[tone]);
  if (context?.state !== "running") return;
  let at = context.currentTime;
  for (const [pitch, length] of TUNES[tone]) {
    const voice = context.createOscillator();
    const loudness = context.createGain();
    voice.type = tone === "stop" ? "square" : "sine";
    voice.frequency.value = pitch;
    loudness.gain.value = 0.2;
    voice.connect(loudness).connect(context.destination);
    voice.start(at);
    at += length;
    voice.stop(at);
    at += 0.03;
  }
}
