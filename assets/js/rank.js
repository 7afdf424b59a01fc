/** The order of a list. Every order is a key an episode, lower first; equal keys keep the reading order. */

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./bitset.js").BitSet} BitSet
 */

const FEW = 256;
const LAST = Number.MAX_VALUE;
const LABELS = ["form", "cause", "severity", "status", "workflow"];

/** Undated episodes stay at the end. @param {Index} index */
export function oldestFirst(index) {
  const undated = index.facets.get("month")?.sets.get("?none");
  return Float64Array.from({ length: index.size }, (_, ordinal) => (undated?.has(ordinal) ? LAST : -ordinal));
}

/** @param {Uint32Array} turns one more than the turns, 0 where none are recorded */
export function mostTurnsFirst(turns) {
  return Float64Array.from(turns, (count) => (count === 0 ? LAST : -count));
}

/** By how surprising the labels are together: the sum of -log2 of the share of each column's combination. @param {Index} index */
export function rarestFirst(index) {
  const keys = new Float64Array(index.size);
  for (const column of new Set(LABELS.map((name) => index.columns.get(name)))) {
    if (!column) continue;
    const counts = new Float64Array(column.entries.length);
    for (const code of column.codes) counts[code]++;
    for (let ordinal = 0; ordinal < index.size; ordinal++) keys[ordinal] += Math.log2(counts[column.codes[ordinal]] / index.size);
  }
  return keys.map((key) => Math.round(key * 1e9)); // 2 x 6 is as rare as 3 x 4
}

/** The same for the same seed and the same data: a mix of seed and ordinal (murmur3's finaliser). @param {Index} index @param {number} seed */
export function randomOrder(index, seed) {
  return Float64Array.from({ length: index.size }, (_, ordinal) => mix(Math.imul(seed + 1, 0x9e3779b1) ^ mix(ordinal + 1)));
}

/** For a random order that nobody has seen; drawn once and then part of the address. */
export function newSeed() {
  return 1 + Math.floor(Math.random() * 999_999);
}

/** @param {number} value */
function mix(value) {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** @param {Float32Array} scores */
export function bestFirst(scores) {
  const keys = new Float64Array(scores.length);
  for (let i = 0; i < scores.length; i++) keys[i] = -scores[i];
  return keys;
}

/**
 * A page of a list.
 * @param {BitSet} matches @param {Float64Array | null} keys null for the reading order @param {number} start @param {number} end
 */
export function pageOf(matches, keys, start, end) {
  if (!keys) return matches.slice(start, end);
  const ordered = end <= FEW ? firstOf(matches, keys, end) : sortAll(matches, keys);
  return ordered.slice(start, end);
}

/** The first few by key, kept in order while going over all. @param {BitSet} matches @param {Float64Array} keys @param {number} count */
function firstOf(matches, keys, count) {
  /** @type {number[]} */
  const best = [];
  let limit = Infinity;
  matches.forEach((ordinal) => {
    const key = keys[ordinal];
    if (best.length === count && key >= limit) return;
    let place = best.length === count ? count - 1 : best.length;
    for (; place > 0 && keys[best[place - 1]] > key; place--) best[place] = best[place - 1];
    best[place] = ordinal;
    limit = keys[best[best.length - 1]];
  });
  return best;
}

/** @param {BitSet} matches @param {Float64Array} keys */
function sortAll(matches, keys) {
  return matches.slice().sort((a, b) => keys[a] - keys[b] || a - b);
}
