/** Which episodes a text query finds, and how well: from shards of the inverted index to a bit set with scores. */
import { BitSet } from "./bitset.js";
import { lowerBound } from "./decode.js";
import { stem } from "./terms.js";

/** What a hit counts: only in the rest, once in description and quotes, several times there, in the name. */
const WEIGHTS = [0.35, 1, 1.5, 3];
const OF_A_PREFIX = 0.7;
const OF_A_WHOLE = 1.3;

/**
 * @typedef {import("./terms.js").TextQuery} TextQuery
 * @typedef {import("./terms.js").Clause} Clause
 * @typedef {import("./terms.js").QueryWord} QueryWord
 * @typedef {import("./decode.js").Shard} Shard
 * @typedef {{found: BitSet, scores: Float32Array}} Match
 * @typedef {{term: string, isPrefix: boolean}} Lookup
 */

/** What a query has to look up. @param {TextQuery} query @returns {Lookup[]} */
export function lookupsOf(query) {
  return query.clauses.flatMap((clause) => [
    ...(clause.whole ? [{ term: clause.whole, isPrefix: clause.isPrefix }] : []),
    ...clause.words.flatMap((word) => lookupsOfWord(word, clause.isPrefix)),
  ]);
}

/** @param {QueryWord} word @param {boolean} isPrefix @returns {Lookup[]} */
function lookupsOfWord(word, isPrefix) {
  const lookups = word.parts.map((term) => ({ term, isPrefix: false }));
  if (word.whole) lookups.push({ term: word.whole, isPrefix });
  if (word.prefix) lookups.push({ term: word.prefix, isPrefix: true }, { term: stem(`${word.prefix}s`), isPrefix: false });
  return lookups;
}

/**
 * The shards that hold what is looked up: one for a term, one or a few neighbours for the start of a term.
 * @param {Lookup[]} lookups @param {string[]} firsts the first term of each shard
 */
export function shardsFor(lookups, firsts) {
  /** @type {Set<number>} */
  const numbers = new Set();
  for (const { term, isPrefix } of lookups) {
    const first = shardOf(term, firsts);
    if (first >= 0) numbers.add(first);
    for (let i = first + 1; isPrefix && i < firsts.length && firsts[i].startsWith(term); i++) numbers.add(i);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** @param {string} term @param {string[]} firsts */
function shardOf(term, firsts) {
  const at = lowerBound(firsts, term);
  return firsts[at] === term ? at : at - 1;
}

/** Looks terms up in the shards that are there; a term whose shard is missing is not found. */
export class Reader {
  /** @param {Map<number, Shard>} shards @param {string[]} firsts @param {number} size how many episodes */
  constructor(shards, firsts, size) {
    this.shards = shards;
    this.firsts = firsts;
    this.size = size;
  }

  /** @returns {Match} */
  empty() {
    return { found: new BitSet(this.size), scores: new Float32Array(this.size) };
  }

  /** Episodes with a term. @param {string} term @returns {Match} */
  term(term) {
    const match = this.empty();
    const shard = this.shards.get(shardOf(term, this.firsts));
    const place = shard ? shard.find(term) : -1;
    if (shard && place >= 0) add(match, shard.postings(place), this.#rarity(shard.lengths[place] + 1));
    return match;
  }

  /** Episodes with any term that begins like this. @param {string} prefix @returns {Match} */
  prefix(prefix) {
    const match = this.empty();
    for (const number of shardsFor([{ term: prefix, isPrefix: true }], this.firsts)) {
      const shard = this.shards.get(number);
      if (!shard) continue;
      const [from, to] = shard.range(prefix);
      for (let place = from; place < to; place++) {
        const isWhole = shard.terms[place] === prefix;
        add(match, shard.postings(place), this.#rarity(shard.lengths[place] + 1) * (isWhole ? 1 : OF_A_PREFIX));
      }
    }
    return match;
  }

  /** Inverse document frequency as in BM25. @param {number} length episodes with the term */
  #rarity(length) {
    return Math.log(1 + (this.size - length + 0.5) / (length + 0.5));
  }
}

/** @param {Match} match @param {import("./decode.js").PostingList} postings @param {number} rarity */
function add(match, postings, rarity) {
  const { ordinals, classes } = postings;
  const { scores } = match;
  const words = match.found.words;
  const gains = WEIGHTS.map((weight) => weight * rarity);
  for (let i = 0; i < ordinals.length; i++) {
    const ordinal = ordinals[i];
    words[ordinal >>> 5] |= 1 << (ordinal & 31);
    const gain = gains[classes[i]];
    if (gain > scores[ordinal]) scores[ordinal] = gain;
  }
}

/** What a query finds; null if it says nothing to look for. @param {TextQuery} query @param {Reader} reader @returns {Match | null} */
export function evaluate(query, reader) {
  if (query.isEmpty) return null;
  /** @type {Match | null} */
  let result = null;
  for (const clause of query.clauses.filter((one) => !one.isNegative)) {
    const match = findClause(clause, reader);
    result = result ? both(result, match) : match;
  }
  result ??= { found: BitSet.full(reader.size), scores: new Float32Array(reader.size) };
  for (const clause of query.clauses.filter((one) => one.isNegative)) {
    result.found.andNot(findClause(clause, reader).found);
  }
  return result;
}

/** @param {Clause} clause @param {Reader} reader */
function findClause(clause, reader) {
  /** @type {Match | null} */
  let result = null;
  for (const word of clause.words) {
    const match = findWord(word, clause.isPrefix, reader);
    result = result ? both(result, match) : match;
  }
  result ??= reader.empty();
  return clause.whole ? either(result, findWhole(clause.whole, clause.isPrefix, reader)) : result;
}

/** @param {QueryWord} word @param {boolean} isPrefix @param {Reader} reader */
function findWord(word, isPrefix, reader) {
  const last = word.parts.length - 1;
  /** @type {Match | null} */
  let result = null;
  word.parts.forEach((part, i) => {
    const match = i === last && word.prefix ? findStart(word.prefix, part, reader) : reader.term(part);
    result = result ? both(result, match) : match;
  });
  const parts = result ?? reader.empty();
  return word.whole ? either(parts, findWhole(word.whole, isPrefix, reader)) : parts;
}

/** A word that may go on: itself in the singular, its plural's stem, and everything that begins like it. @param {string} prefix @param {string} part @param {Reader} reader */
function findStart(prefix, part, reader) {
  const started = either(reader.prefix(prefix), reader.term(part));
  return either(started, reader.term(stem(`${prefix}s`)));
}

/** @param {string} whole @param {boolean} isPrefix @param {Reader} reader */
function findWhole(whole, isPrefix, reader) {
  const match = isPrefix ? reader.prefix(whole) : reader.term(whole);
  for (let i = 0; i < match.scores.length; i++) match.scores[i] *= OF_A_WHOLE;
  return match;
}

/** Found by both; scores add up. @param {Match} one @param {Match} other */
function both(one, other) {
  one.found.and(other.found);
  for (let i = 0; i < one.scores.length; i++) one.scores[i] += other.scores[i];
  return one;
}

/** Found by either; the better score counts. @param {Match} one @param {Match} other */
function either(one, other) {
  one.found.or(other.found);
  for (let i = 0; i < one.scores.length; i++) if (other.scores[i] > one.scores[i]) one.scores[i] = other.scores[i];
  return one;
}
