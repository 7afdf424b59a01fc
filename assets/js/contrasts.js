/** Pairs of cases that are alike but for one thing. Which those are the build has found out; docs/index-format.md. */
import { readNumbers } from "./decode.js";

/** How many numbers `said` has for each episode. */
const MOST_WORDS = 3;

/**
 * @typedef {import("./bitset.js").BitSet} BitSet
 * @typedef {{words: string[], contrasts: {same: string, other: string, nearest: string, alikeness: string, said: string}[]}} ContrastsFile
 *
 * @typedef {object} Contrast
 * @property {string} same facet in which both cases have the same labels
 * @property {string} other facet in which they differ
 * @property {Uint32Array} nearest one more than the ordinal of each case's counterpart, 0 for none
 * @property {Uint32Array} alikeness of each case and its counterpart, in tenths of a bit
 * @property {(ordinal: number) => string[]} words rare words that a case and its counterpart have, the rarest first
 *
 * @typedef {{one: number, other: number, alikeness: number}} Pair ordinals; `one` is of the selection, and of two that are each other's counterparts the newer
 */

/** @param {ContrastsFile} file @returns {Contrast[]} */
export function openContrasts({ words, contrasts }) {
  return contrasts.map(({ same, other, nearest, alikeness, said }) => {
    const places = readNumbers(said);
    const wordsOf = (/** @type {number} */ ordinal) => [...places.subarray(ordinal * MOST_WORDS, (ordinal + 1) * MOST_WORDS)].flatMap((place) => (place > 0 ? [words[place - 1]] : []));
    return { same, other, nearest: readNumbers(nearest), alikeness: readNumbers(alikeness), words: wordsOf };
  });
}

/** Each case of a selection with its counterpart, which may lie outside; each pair once, the most alike first. @param {Contrast} contrast @param {BitSet} matches @returns {Pair[]} */
export function pairsOf({ nearest, alikeness }, matches) {
  /** @type {Pair[]} */
  const pairs = [];
  matches.forEach((one) => {
    const other = nearest[one] - 1;
    const isKnown = other < one && matches.has(other) && nearest[other] === one + 1;
    if (other >= 0 && !isKnown) pairs.push({ one, other, alikeness: alikeness[one] });
  });
  return pairs.sort((a, b) => b.alikeness - a.alikeness || a.one - b.one);
}

/** How many cases of a selection have a counterpart. @param {Contrast} contrast @param {BitSet} matches */
export function countPaired({ nearest }, matches) {
  let count = 0;
  matches.forEach((ordinal) => (count += Number(nearest[ordinal] > 0)));
  return count;
}
