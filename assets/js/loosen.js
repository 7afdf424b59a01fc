/**
 * What follows when few episodes have all words of a query: those that have most of them. Which these are depends on the
 * words alone, not on filters, so that an address always gives the same list.
 */
import { BitSet } from "./bitset.js";
import { findClause, openOf, rarityOf } from "./text.js";

/** The share of the words' weight that an episode must have; a word weighs what it is worth in the ranking. */
const MOST = 0.4;
/** More than any score: those with all words stay in front. */
const ALL_WORDS = 1000;

/**
 * @typedef {import("./terms.js").TextQuery} TextQuery
 * @typedef {import("./terms.js").Clause} Clause
 * @typedef {import("./text.js").Finding} Finding
 * @typedef {import("./text.js").Reader} Reader
 * @typedef {{set: BitSet, scores: Float32Array, weight: number}} Part
 */

/** Whether a word may be missing: not one that is quoted, excluded or asked for in a field. @param {Clause} clause */
const isLoose = (clause) => clause.written !== "" && clause.field === "" && !clause.isNegative;

/** @param {TextQuery} query @param {Reader} reader @param {Finding} strict what has all words @returns {Finding} */
export function loosen(query, reader, strict) {
  const wanted = query.clauses.filter((clause) => !clause.isNegative);
  const parts = wanted.map((clause) => weigh(clause, reader));
  const found = BitSet.full(reader.size);
  wanted.forEach((clause, i) => isLoose(clause) || found.and(parts[i].set));
  const { shares, scores } = add(parts, reader.size);
  for (let ordinal = 0; ordinal < reader.size; ordinal++) if (shares[ordinal] < MOST) found.words[ordinal >>> 5] &= ~(1 << (ordinal & 31));
  for (const clause of query.clauses) if (clause.isNegative) found.andNot(findClause(clause, reader).found);
  found.or(strict.found);
  strict.found.forEach((ordinal) => (scores[ordinal] = ALL_WORDS + strict.scores[ordinal]));
  return { found, scores, open: openOf(query, found, reader), full: strict.found };
}

/** A word that no episode has weighs nothing. @param {Clause} clause @param {Reader} reader @returns {Part} */
function weigh(clause, reader) {
  const { found: set, scores } = findClause(clause, reader);
  const count = set.count();
  return { set, scores, weight: count === 0 ? 0 : rarityOf(count, reader.size) };
}

/** The scores of the words that an episode has, and their share of the whole weight; a larger share lifts the score. @param {Part[]} parts @param {number} size */
function add(parts, size) {
  const shares = new Float32Array(size);
  const scores = new Float32Array(size);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0) || 1;
  for (const { set, scores: own, weight } of parts) {
    set.forEach((ordinal) => {
      shares[ordinal] += weight / total;
      scores[ordinal] += own[ordinal];
    });
  }
  for (let ordinal = 0; ordinal < size; ordinal++) scores[ordinal] *= shares[ordinal];
  return { shares, scores };
}
