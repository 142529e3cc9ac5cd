// What the door says by itself while it has no connection. Knows no screen and no database.

const CLOSED = new Set(["revoked", "canceled", "unapproved"]);

// `entry` is the opened entry, null when the door does not know the ticket; `seen` is what this
// door heard of it; `activities` are those of the roster by slug. Gives reason, decision, tone.
export function judge({ entry, seen, activities, lists, type, force, now }) {
  if (entry && CLOSED.has(entry.state)) return refused(entry.state, { activity: entry.activity });
  const activity = entry ? activities.get(entry.activity) : null;
  if (activity && lists.length && !lists.includes(activity.slug)) {
    const { starts_at } = nearest(activity.sessions, now) ?? {};
    return refused("wrong_activity", { activity: activity.slug, title: activity.title, starts_at });
  }
  const sitting = activity ? nearest(activity.sessions, now) : null;
  if (sitting && !force) {
    if (now < moment(sitting.opens_at)) return refused("too_early", { opens_at: sitting.opens_at });
    if (now >= moment(sitting.closes_at)) return refused("too_late", { closed_at: sitting.closes_at });
  }
  if (type === "entry" && !force && inside(seen, activity, sitting)) {
    return refused("already_redeemed", { first: { time: seen.time, device: seen.device } });
  }
  if (!entry) return { reason: "provisional", decision: "provisional", tone: "wait" };
  return {
    reason: "ok", decision: "admitted", tone: "ok",
    activity: entry.activity, participant: { name: entry.name, unit: entry.unit, group: entry.group },
  };
}

const WARNS = new Set(["too_early", "unapproved", "wrong_activity"]);

function refused(reason, facts) {
  return { reason, decision: "refused", tone: WARNS.has(reason) ? "warn" : "stop", ...facts };
}

// Whoever came to an earlier sitting comes anew to this one.
function inside(seen, activity, sitting) {
  if (!seen?.inside) return false;
  return !sitting || nearest(activity.sessions, moment(seen.time)) === sitting;
}

// The open sitting that starts last, else the next to open, else the last to close.
export function nearest(sittings, now) {
  const by = (name) => (a, b) => moment(a[name]) - moment(b[name]);
  const still = sittings.filter((s) => now < moment(s.closes_at));
  const open = still.filter((s) => moment(s.opens_at) <= now);
  if (open.length) return open.sort(by("starts_at")).pop();
  if (still.length) return still.sort(by("opens_at"))[0];
  return [...sittings].sort(by("closes_at")).pop() ?? null;
}

// What the next scan of a ticket has to know, after a row of the server's order.
export function heard(seen, { seq, type, status, annuls, time, device }) {
  if (status === "annulled") return seen?.seq === annuls ? null : seen;
  if (seen?.seq >= seq) return seen;
  return { inside: type === "entry", time: seen?.inside && type === "entry" ? seen.time : time, device, seq };
}

export const moment = (written) => Date.parse(written);
