/** One case out of many, any of them as likely as another. */

/** @param {import("./bitset.js").BitSet} matches @param {() => number} [random] a number from 0 to 1, without 1 @returns {number} an ordinal, or -1 */
export function pickOne(matches, random = Math.random) {
  const place = Math.floor(random() * matches.count());
  const [ordinal = -1] = matches.slice(place, place + 1);
  return ordinal;
}
