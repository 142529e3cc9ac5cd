// How long a question waits for its answer. Older browsers know no AbortSignal.timeout.
export function within(milliseconds) {
  if (AbortSignal.timeout) return AbortSignal.timeout(milliseconds);
  const aborting = new AbortController();
  setTimeout(() => aborting.abort(), milliseconds);
  return aborting.signal;
}
