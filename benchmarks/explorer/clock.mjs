/** Times of many small operations on a machine that does other work too. Runs in Node and in the browser. */

/**
 * p50 and p95 in milliseconds over the operations of a round, from the round with the lowest: what else runs on the
 * machine only ever adds.
 * @template T @param {T[]} operations @param {(operation: T) => unknown} run @param {{rounds?: number, limit?: number}} [options] limit: seconds for all rounds
 */
export async function measure(operations, run, { rounds = 5, limit = 20 } = {}) {
  let best = { p50: Infinity, p95: Infinity, rounds: 0 };
  const end = performance.now() + limit * 1000;
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++) {
    const times = [];
    for (const operation of operations) {
      const started = performance.now();
      await run(operation);
      times.push(performance.now() - started);
      if (round === 0 && performance.now() > end && times.length >= 20) break;
    }
    times.sort((a, b) => a - b);
    best = {
      p50: Math.min(best.p50, times[times.length >> 1]),
      p95: Math.min(best.p95, times[Math.floor(times.length * 0.95)]),
      rounds: round + 1,
    };
  }
  return best;
}
