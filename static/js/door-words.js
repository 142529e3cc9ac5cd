// The words of the page, in its language, and how moments and numbers are said in it.

export const config = JSON.parse(document.getElementById("door-config").textContent);
const ZONE = "Asia/Ho_Chi_Minh";
const isVietnamese = config.locale === "vi";

// A sentence of the page with its places filled; of one thing it may be another than of many.
export function say(name, values = {}) {
  const found = config.words[name] ?? "";
  const sentence = Array.isArray(found) ? found[values.count === 1 ? 0 : 1] : found;
  const shown = (value) => (typeof value === "number" ? number(value) : value);
  return glued(Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, () => shown(value)), sentence));
}

// A number stays in one line with the word before it, and an hour with its minutes.
export const glued = (text) => text.replace(/ (?=\d|giờ)/g, "\u00a0");

export function number(value) {
  return value.toLocaleString(isVietnamese ? "vi-VN" : "en-GB");
}

// How far the clock of this device is ahead, in milliseconds: today is the server's day.
export const time = { ahead: 0 };

export function clock(moment) {
  const at = new Date(moment);
  const part = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, ...options }).format(at);
  const [hours, minutes] = part({ hour: "2-digit", minute: "2-digit" }).split(":");
  const hour = isVietnamese ? glued(`${hours} giờ ${minutes}`) : `${hours}:${minutes}`;
  const day = { day: "2-digit", month: "2-digit", year: "numeric" };
  const today = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, ...day }).format(Date.now() - time.ahead);
  if (part(day) === today) return hour;
  return isVietnamese ? `${hour} ngày ${part(day)}` : `${hour} on ${part(day)}`;
}

// How long something took or is ago, in its largest measure.
export function span(milliseconds) {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 60) return say("seconds", { count: seconds });
  if (seconds < 3600) return say("minutes", { count: Math.round(seconds / 60) });
  if (seconds < 48 * 3600) return say("hours", { count: Math.round(seconds / 3600) });
  return say("days", { count: Math.round(seconds / 86_400) });
}
