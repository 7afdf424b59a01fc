/** Which episodes a text query finds, and how well: from shards of the inverted index to a bit set with scores. */
import { BitSet } from "./bitset.js";
import { lowerBound } from "./decode.js";
import { possibleTerms, SOURCE_ID } from "./terms.js";

/** The class from which on a field can hold a term: of a name always, of description and quotes at least once there. */
const LEAST = new Map([["name", 3], ["id", 3], ["description", 1], ["quote", 1]]);
const ID = /^ama[0-9bcdfghjkmnpqrstvwxz]{4}\.?[0-9bcdfghjkmnpqrstvwxz]{4}$/;
/** What a hit counts: only in the rest, once in description and quotes, several times there, in the name. */
const WEIGHTS = [0.35, 1, 1.5, 3];
const OF_A_PREFIX = 0.7;
const OF_A_WHOLE = 1.3;
const OF_A_SOURCE_ID = 1;

/**
 * @typedef {import("./terms.js").TextQuery} TextQuery
 * @typedef {import("./terms.js").Clause} Clause
 * @typedef {import("./terms.js").QueryWord} QueryWord
 * @typedef {import("./decode.js").Shard} Shard
 * @typedef {import("./terms.js").Group} Group
 * @typedef {{found: BitSet, scores: Float32Array}} Match
 * @typedef {{group: Group, candidates: BitSet}} Open what only the candidates' texts can decide
 * @typedef {Match & {open: Open[], full?: BitSet}} Finding `found` is too large while something is open; full: those with
 *   all words, where others are among the found
 * @typedef {{term: string, isPrefix: boolean}} Lookup
 */

/** What a query has to look up. @param {TextQuery} query @returns {Lookup[]} */
export function lookupsOf(query) {
  return [...query.clauses, ...query.groups.flatMap((group) => group.clauses)].flatMap((clause) => [
    ...(clause.whole ? [{ term: clause.whole, isPrefix: clause.isPrefix }] : []),
    ...(clause.source ? [{ term: clause.source, isPrefix: isStartOfId(clause) }] : []),
    ...clause.words.flatMap((word) => lookupsOfWord(word, clause.isPrefix)),
  ]);
}

/** Only `id:` asks for the start of an id of the source. @param {Clause} clause */
const isStartOfId = ({ field, isPrefix }) => field === "id" && isPrefix;

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

/** The shard that holds a term if any does; -1 for none. @param {string} term @param {string[]} firsts */
export function shardOf(term, firsts) {
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

  /** Episodes with a term. @param {string} term @param {Match} [match] what to add to @param {number} [weight] @param {string} [field] "" for any */
  term(term, match = this.empty(), weight = 1, field = "") {
    const shard = this.shards.get(shardOf(term, this.firsts));
    const place = shard ? shard.find(term) : -1;
    if (shard && place >= 0) this.#add(match, shard, place, weight, field);
    return match;
  }

  /** Episodes with any term that begins like this. @param {string} prefix @param {Match} [match] @param {number} [weight] @param {string} [field] */
  prefix(prefix, match = this.empty(), weight = 1, field = "") {
    for (const number of shardsFor([{ term: prefix, isPrefix: true }], this.firsts)) {
      const shard = this.shards.get(number);
      if (!shard) continue;
      const [from, to] = shard.range(prefix);
      for (let place = from; place < to; place++) {
        this.#add(match, shard, place, shard.terms[place] === prefix ? weight : weight * OF_A_PREFIX, field);
      }
    }
    return match;
  }

  /** How many episodes have a term. @param {string} term */
  count(term) {
    const shard = this.shards.get(shardOf(term, this.firsts));
    const place = shard ? shard.find(term) : -1;
    return shard && place >= 0 ? shard.lengths[place] + 1 : 0;
  }

  /** Terms that begin like this, in order, with how many episodes have them. @param {string} prefix */
  terms(prefix) {
    const shards = shardsFor([{ term: prefix, isPrefix: true }], this.firsts).flatMap((number) => this.shards.get(number) ?? []);
    return shards.flatMap((shard) => {
      const [from, to] = shard.range(prefix);
      return shard.terms.slice(from, to).map((term, i) => ({ term, count: shard.lengths[from + i] + 1 }));
    });
  }

  /** The better score counts. @param {Match} match @param {Shard} shard @param {number} place @param {number} weight @param {string} field */
  #add(match, shard, place, weight, field) {
    const term = shard.terms[place];
    const isOfSource = term.startsWith(SOURCE_ID);
    if ((field === "id" || field === "name") && (isOfSource || ID.test(term)) !== (field === "id")) return;
    const least = isOfSource ? 0 : (LEAST.get(field) ?? 0);
    const { ordinals, classes } = shard.postings(place);
    const { scores } = match;
    const { words } = match.found;
    const gains = Float32Array.from(WEIGHTS);
    const rarity = weight * rarityOf(ordinals.length, this.size);
    for (let i = 0; i < gains.length; i++) gains[i] *= rarity;
    for (let i = 0; i < ordinals.length; i++) {
      if (classes[i] < least) continue;
      const ordinal = ordinals[i];
      const gain = gains[classes[i]];
      words[ordinal >>> 5] |= 1 << (ordinal & 31);
      if (gain > scores[ordinal]) scores[ordinal] = gain;
    }
  }
}

/** Inverse document frequency as in BM25. @param {number} count episodes that have it @param {number} size of how many */
export function rarityOf(count, size) {
  return Math.log(1 + (size - count + 0.5) / (count + 0.5));
}

/** What a query finds; null if it says nothing to look for. @param {TextQuery} query @param {Reader} reader @returns {Finding | null} */
export function evaluate(query, reader) {
  if (query.isEmpty) return null;
  const wanted = query.clauses.filter((clause) => !clause.isNegative && !clause.isBegun);
  const { found, scores } = all(wanted.map((clause) => () => findClause(clause, reader))) ?? everything(reader.size);
  for (const clause of query.clauses) {
    if (clause.isNegative) found.andNot(findClause(clause, reader).found);
    if (clause.isBegun) addScores(scores, findClause(clause, reader).scores);
  }
  return { found, scores, open: openOf(query, found, reader) };
}

/** What only the texts of those found can decide. @param {TextQuery} query @param {BitSet} found @param {Reader} reader @returns {Open[]} */
export function openOf(query, found, reader) {
  return query.groups.map((group) => ({ group, candidates: group.isNegative ? candidatesOf(group, reader).and(found) : found }));
}

/** @param {Group} group @param {Reader} reader */
function candidatesOf(group, reader) {
  return (all(group.clauses.map((clause) => () => findClause(clause, reader))) ?? reader.empty()).found;
}

/** What is found once the texts have been read. @param {Finding} finding @param {BitSet[]} passed the candidates of each open group that pass @returns {Finding} */
export function settle({ found, scores, open, full }, passed) {
  const settled = found.clone();
  open.forEach(({ group }, i) => (group.isNegative ? settled.andNot(passed[i]) : settled.and(passed[i])));
  return { found: settled, scores, open: [], ...(full && { full: full.clone().and(settled) }) };
}

/** @param {number} size @returns {Match} */
function everything(size) {
  return { found: BitSet.full(size), scores: new Float32Array(size) };
}

/** @param {Clause} clause @param {Reader} reader @returns {Match} */
export function findClause(clause, reader) {
  const { words, whole, source, isPrefix, field } = clause;
  const match = all(words.map((word) => () => findWord(word, isPrefix, field, reader))) ?? reader.empty();
  if (source) addWhole(match, source, isStartOfId(clause), field, reader, OF_A_SOURCE_ID);
  return whole ? addWhole(match, whole, isPrefix, field, reader) : match;
}

/** @param {QueryWord} word @param {boolean} isPrefix @param {string} field @param {Reader} reader @returns {Match} */
function findWord({ parts, whole, prefix }, isPrefix, field, reader) {
  const last = parts.length - 1;
  const find = (/** @type {string} */ part) => reader.term(part, reader.empty(), 1, field);
  const match = all(parts.map((part, i) => () => (i === last && prefix ? findStart(prefix, part, field, reader) : find(part))));
  return whole ? addWhole(match ?? reader.empty(), whole, isPrefix, field, reader) : (match ?? reader.empty());
}

/** A word that may go on: everything that begins like it, and what it may be a form of. @param {string} prefix @param {string} part @param {string} field @param {Reader} reader */
function findStart(prefix, part, field, reader) {
  const match = reader.prefix(prefix, reader.empty(), 1, field);
  for (const term of new Set([part, ...possibleTerms(prefix)])) if (!term.startsWith(prefix)) reader.term(term, match, 1, field);
  return match;
}

/** Parts side by side say more than parts apart. @param {Match} match @param {string} whole @param {boolean} isPrefix @param {string} field @param {Reader} reader @param {number} [weight] */
function addWhole(match, whole, isPrefix, field, reader, weight = OF_A_WHOLE) {
  const { found, scores } = isPrefix ? reader.prefix(whole, reader.empty(), weight, field) : reader.term(whole, reader.empty(), weight, field);
  match.found.or(found);
  addScores(match.scores, scores);
  return match;
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
    addScores(result.scores, match.scores);
  }
  return result;
}

/** @param {Float32Array} sums @param {Float32Array} scores */
function addScores(sums, scores) {
  for (let i = 0; i < sums.length; i++) sums[i] += scores[i];
}
