/**
 * A random sample that anyone can draw again. Every episode has a random key made of the seed and its ordinal (the order
 * of `sort=random`); the sample is the cases with the smallest keys. So a sample of 50 is the start of the sample of 100
 * with the same seed, and both are the start of the random order. It holds as long as the corpus is the same.
 */
import { BitSet } from "./bitset.js";
import { pageOf, randomOrder } from "./rank.js";
import { thousands } from "./words.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {{keys: string[], size: number, drawn: number}} Stratum cases with the same values of a facet
 * @typedef {{set: BitSet, strata: Stratum[]}} Sample
 */

/**
 * @param {Index} index @param {BitSet} matches what to draw from
 * @param {number} size how many to draw; all, if there are fewer
 * @param {number} seed
 * @param {string} stratify facet whose values (or sets of values) are drawn in proportion, or ""
 * @returns {Sample}
 */
export function drawSample(index, matches, size, seed, stratify) {
  const keys = randomOrder(index, seed);
  const draw = (/** @type {BitSet} */ from, /** @type {number} */ count) => pageOf(from, keys, 0, count);
  if (!stratify) return { set: BitSet.of(index.size, draw(matches, size)), strata: [] };
  const groups = divide(index, matches, stratify);
  const sizes = groups.map(({ set }) => set.count());
  const counts = allocate(sizes, size);
  const drawn = groups.flatMap(({ set }, i) => draw(set, counts[i]));
  return { set: BitSet.of(index.size, drawn), strata: groups.map((group, i) => ({ keys: group.keys, size: sizes[i], drawn: counts[i] })) };
}

/**
 * Proportional allocation by largest remainder: each stratum gets the whole part of its quota, and what is left goes one
 * by one to the largest remainders; of equal ones to the larger stratum, then to the first.
 * @param {number[]} sizes @param {number} size @returns {number[]}
 */
export function allocate(sizes, size) {
  const whole = sizes.reduce((sum, count) => sum + count, 0);
  if (size >= whole) return [...sizes];
  const counts = sizes.map((count) => Math.floor((count * size) / whole));
  const left = size - counts.reduce((sum, count) => sum + count, 0);
  const remainder = (/** @type {number} */ place) => (sizes[place] * size) % whole;
  const order = sizes.map((_, place) => place).sort((a, b) => remainder(b) - remainder(a) || sizes[b] - sizes[a] || a - b);
  for (const place of order.slice(0, left)) counts[place] += 1;
  return counts;
}

/** Cases with several labels form strata by the set of their labels, so that each case is in one. @param {Index} index @param {BitSet} matches @param {string} name */
function divide(index, matches, name) {
  const column = index.columns.get(name);
  const facet = index.facets.get(name);
  if (!column || !facet) return [{ keys: /** @type {string[]} */ ([]), set: matches }];
  const place = column.facets.indexOf(name);
  /** @type {Map<string, {numbers: number[], set: BitSet}>} */
  const groups = new Map();
  const groupOf = column.entries.map((entry) => {
    const numbers = [...entry[place]].sort((a, b) => a - b);
    const group = groups.get(numbers.join()) ?? { numbers, set: new BitSet(index.size) };
    groups.set(numbers.join(), group);
    return group;
  });
  matches.forEach((ordinal) => groupOf[column.codes[ordinal]].set.add(ordinal));
  const ordered = [...groups.values()].filter(({ set }) => set.count() > 0).sort((one, other) => compareNumbers(one.numbers, other.numbers));
  return ordered.map(({ numbers, set }) => ({ keys: numbers.map((number) => facet.keys[number]), set }));
}

/** @param {number[]} one @param {number[]} other */
function compareNumbers(one, other) {
  const place = one.findIndex((number, i) => number !== other[i]);
  return place < 0 ? one.length - other.length : one[place] - (other[place] ?? -1);
}

/** "a sample of 50 of 213, seed 7". @param {number} drawn @param {number} total @param {number} seed @param {string} by the facet's title, or "" */
export function sampleWords(drawn, total, seed, by) {
  if (drawn >= total) return `a sample would hold all ${thousands(total)}`;
  const division = by ? `divided by ${by.toLowerCase()}, ` : "";
  return `a sample of ${thousands(drawn)} of ${thousands(total)}, ${division}seed ${seed}`;
}
