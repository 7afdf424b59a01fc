/** Which episodes a text query finds, and how well: from shards of the inverted index to a bit set with scores. */
import { BitSet } from "./bitset.js";
import { lowerBound } from "./decode.js";
import { possibleTerms } from "./terms.js";

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
  if (word.prefix) {
    lookups.push({ term: word.prefix, isPrefix: true });
    lookups.push(...possibleTerms(word.prefix).map((term) => ({ term, isPrefix: false })));
  }
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

  /** Episodes with a term. @param {string} term @param {Match} [match] what to add to @param {number} [weight] */
  term(term, match = this.empty(), weight = 1) {
    const shard = this.shards.get(shardOf(term, this.firsts));
    const place = shard ? shard.find(term) : -1;
    if (shard && place >= 0) this.#add(match, shard, place, weight);
    return match;
  }

  /** Episodes with any term that begins like this. @param {string} prefix @param {Match} [match] @param {number} [weight] */
  prefix(prefix, match = this.empty(), weight = 1) {
    for (const number of shardsFor([{ term: prefix, isPrefix: true }], this.firsts)) {
      const shard = this.shards.get(number);
      if (!shard) continue;
      const [from, to] = shard.range(prefix);
      for (let place = from; place < to; place++) {
        this.#add(match, shard, place, shard.terms[place] === prefix ? weight : weight * OF_A_PREFIX);
      }
    }
    return match;
  }

  /** The better score counts. @param {Match} match @param {Shard} shard @param {number} place @param {number} weight */
  #add(match, shard, place, weight) {
    const { ordinals, classes } = shard.postings(place);
    const { scores } = match;
    const { words } = match.found;
    const gains = Float32Array.from(WEIGHTS);
    const rarity = weight * this.#rarity(ordinals.length);
    for (let i = 0; i < gains.length; i++) gains[i] *= rarity;
    for (let i = 0; i < ordinals.length; i++) {
      const ordinal = ordinals[i];
      const gain = gains[classes[i]];
      words[ordinal >>> 5] |= 1 << (ordinal & 31);
      if (gain > scores[ordinal]) scores[ordinal] = gain;
    }
  }

  /** Inverse document frequency as in BM25. @param {number} length episodes with the term */
  #rarity(length) {
    return Math.log(1 + (this.size - length + 0.5) / (length + 0.5));
  }
}

/** What a query finds; null if it says nothing to look for. @param {TextQuery} query @param {Reader} reader @returns {Match | null} */
export function evaluate(query, reader) {
  if (query.isEmpty) return null;
  const wanted = query.clauses.filter((clause) => !clause.isNegative);
  const result = all(wanted.map((clause) => () => findClause(clause, reader))) ?? everything(reader.size);
  for (const clause of query.clauses) if (clause.isNegative) result.found.andNot(findClause(clause, reader).found);
  return result;
}

/** @param {number} size @returns {Match} */
function everything(size) {
  return { found: BitSet.full(size), scores: new Float32Array(size) };
}

/** @param {Clause} clause @param {Reader} reader @returns {Match} */
function findClause({ words, whole, isPrefix }, reader) {
  const match = all(words.map((word) => () => findWord(word, isPrefix, reader))) ?? reader.empty();
  return whole ? addWhole(match, whole, isPrefix, reader) : match;
}

/** @param {QueryWord} word @param {boolean} isPrefix @param {Reader} reader @returns {Match} */
function findWord({ parts, whole, prefix }, isPrefix, reader) {
  const last = parts.length - 1;
  const match = all(parts.map((part, i) => () => (i === last && prefix ? findStart(prefix, part, reader) : reader.term(part))));
  return whole ? addWhole(match ?? reader.empty(), whole, isPrefix, reader) : (match ?? reader.empty());
}

/** A word that may go on: everything that begins like it, and what it may be a form of. @param {string} prefix @param {string} part @param {Reader} reader */
function findStart(prefix, part, reader) {
  const match = reader.prefix(prefix);
  for (const term of new Set([part, ...possibleTerms(prefix)])) if (!term.startsWith(prefix)) reader.term(term, match);
  return match;
}

/** Parts side by side say more than parts apart. @param {Match} match @param {string} whole @param {boolean} isPrefix @param {Reader} reader */
function addWhole(match, whole, isPrefix, reader) {
  return isPrefix ? reader.prefix(whole, match, OF_A_WHOLE) : reader.term(whole, match, OF_A_WHOLE);
}

/** What all find; scores add up; null for none. @param {(() => Match)[]} finders @returns {Match | null} */
function all(finders) {
  /** @type {Match | null} */
  let result = null;
  for (const find of finders) {
    const match = find();
    if (!result) {
      result = match;
      continue;
    }
    result.found.and(match.found);
    const sums = result.scores;
    const { scores } = match;
    for (let i = 0; i < sums.length; i++) sums[i] += scores[i];
  }
  return result;
}
