/** Times of many small operations on a machine that does other work too. Runs in Node and in the browser. */

/** Operations that even a slow engine has to do. */
const FEWEST = 8;

/**
 * p50 and p95 in milliseconds over the operations. What else runs on the machine only ever adds, and its slice is longer
 * than most operations: so each counts at its best of several rounds. A throttled processor is one that is stopped again and
 * again; there the best would be the times between two stops, so the percentiles are those of the best whole round.
 * @template T @param {T[]} operations @param {(operation: T) => unknown} run
 * @param {{rounds?: number, limit?: number, isThrottled?: boolean}} [options] limit: seconds for all rounds
 */
export async function measure(operations, run, { rounds = 9, limit = 8, isThrottled = false } = {}) {
  /** @type {number[][]} */
  const times = [];
  const end = performance.now() + limit * 1000;
  while (times.length < rounds && (times.length === 0 || performance.now() < end)) times.push(await timeRound(times[0] ? operations.slice(0, times[0].length) : operations, run, end));
  const whole = times.filter((round) => round.length === times[0].length);
  const best = times[0].map((_, i) => Math.min(...whole.map((round) => round[i])));
  const least = (/** @type {number} */ share) => (isThrottled ? Math.min(...whole.map((round) => percentile(round, share))) : percentile(best, share));
  return { p50: least(0.5), p95: least(0.95), operations: best.length, rounds: whole.length };
}

/** @template T @param {T[]} operations @param {(operation: T) => unknown} run @param {number} end */
async function timeRound(operations, run, end) {
  const times = [];
  for (const operation of operations) {
    const started = performance.now();
    await run(operation);
    times.push(performance.now() - started);
    if (performance.now() > end && times.length >= FEWEST) break;
  }
  return times;
}

/** @param {number[]} times @param {number} share */
function percentile(times, share) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * share)];
}
