/** Cases by month, split by workflow. */

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./bitset.js").BitSet} BitSet
 *
 * @typedef {object} Timeline
 * @property {string[]} months every month from the first to the last with a case, also those without one
 * @property {number[]} totals cases of each month
 * @property {{key: string, counts: number[], total: number}[]} rows one a workflow that occurs
 * @property {number} dated
 * @property {number} undated
 * @property {number} largest the highest column of all rows
 */

/** @param {Index} index @param {BitSet} matches @returns {Timeline} */
export function countMonths(index, matches) {
  const month = index.facets.get("month");
  const workflow = index.facets.get("workflow");
  const known = new Map([...(month?.sets ?? [])].filter(([key]) => key.startsWith("=")).map(([key, set]) => [key.slice(1), set]));
  const totalOf = (/** @type {string} */ name) => known.get(name)?.countAnd(matches) ?? 0;
  const found = [...known.keys()].filter((name) => totalOf(name) > 0).sort();
  const months = found.length > 0 ? between(found[0], found[found.length - 1]) : [];
  const rows = (workflow?.keys ?? []).map((key) => {
    const set = matches.clone().and(/** @type {BitSet} */ (workflow?.sets.get(key)));
    const counts = months.map((name) => known.get(name)?.countAnd(set) ?? 0);
    return { key, counts, total: set.count() };
  });
  const totals = months.map(totalOf);
  const shown = rows.filter(({ total }) => total > 0);
  const dated = totals.reduce((sum, count) => sum + count, 0);
  return { months, totals, rows: shown, dated, undated: matches.count() - dated, largest: Math.max(0, ...shown.flatMap(({ counts }) => counts)) };
}

/** All months from one to another, both included. @param {string} first such as 2025-06 @param {string} last not before it */
export function between(first, last) {
  const numberOf = (/** @type {string} */ month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const start = numberOf(first);
  return Array.from({ length: numberOf(last) - start + 1 }, (_, i) => {
    const number = start + i;
    return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
  });
}
