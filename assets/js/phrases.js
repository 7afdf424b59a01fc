/**
 * Decides by the episodes' own texts what the index cannot: whether words stand side by side, and whether they stand in
 * one field. Loaded for such queries only; the texts come in chunks, each fetched once.
 */
import { BitSet } from "./bitset.js";
import { chunkTerms, phraseTokens, possibleTerms, readChunk, splitChunks } from "./terms.js";

/**
 * @typedef {import("./terms.js").Group} Group
 * @typedef {import("./terms.js").Clause} Clause
 * @typedef {import("./text.js").Open} Open
 * @typedef {{first: number, names: string[], descriptions: string[], quotes: string[][], contexts: string[][], reasons: string[][]}} TextFile
 * @typedef {{checked: BitSet, passed: BitSet}} Verdict
 */

/** How many chunks are asked for ahead. */
const AHEAD = 6;

/** A newer question has come up. */
export class Overtaken extends Error {}

export class TextChecker {
  /**
   * @param {(number: number) => Promise<TextFile>} read a chunk of texts
   * @param {number} chunk episodes a chunk
   * @param {Iterable<string>} placeholders kinds of placeholders, whose words say nothing
   */
  constructor(read, chunk, placeholders) {
    this.read = read;
    this.chunk = chunk;
    this.placeholder = new RegExp(`\\[(?:${[...placeholders].join("|") || "(?!)"})_[1-9][0-9]{0,5}\\]`);
    /** @type {Map<string, Verdict>} */
    this.verdicts = new Map();
  }

  /**
   * Which candidates of each open group pass. What was decided once is not read again.
   * @param {Open[]} open @param {(done: number, all: number) => void} tell @param {() => boolean} isWanted
   * @returns {Promise<BitSet[]>}
   */
  async check(open, tell, isWanted) {
    /** @type {BitSet[]} */
    const passed = [];
    for (const { group, candidates } of open) passed.push(await this.#checkGroup(group, candidates, tell, isWanted));
    return passed;
  }

  /** Whether everything is decided already, so that nothing has to be loaded. @param {Open[]} open @returns {BitSet[] | null} */
  known(open) {
    const verdicts = open.map(({ group }) => this.verdicts.get(keyOf(group)));
    const isKnown = open.every(({ candidates }, i) => verdicts[i] && candidates.clone().andNot(/** @type {Verdict} */ (verdicts[i]).checked).count() === 0);
    return isKnown ? verdicts.map((verdict) => /** @type {Verdict} */ (verdict).passed) : null;
  }

  /** @param {Group} group @param {BitSet} candidates @param {(done: number, all: number) => void} tell @param {() => boolean} isWanted */
  async #checkGroup(group, candidates, tell, isWanted) {
    const verdict = this.verdicts.get(keyOf(group)) ?? { checked: new BitSet(candidates.size), passed: new BitSet(candidates.size) };
    this.verdicts.set(keyOf(group), verdict);
    const left = candidates.clone().andNot(verdict.checked).slice();
    const numbers = [...new Set(left.map((ordinal) => Math.floor(ordinal / this.chunk)))];
    const test = makeTest(group, this.placeholder);
    let next = 0;
    for (let i = 0; i < numbers.length; i++) {
      if (!isWanted()) throw new Overtaken();
      for (const number of numbers.slice(i + 1, i + 1 + AHEAD)) this.read(number).catch(() => {});
      const file = await this.read(numbers[i]);
      for (; next < left.length && Math.floor(left[next] / this.chunk) === numbers[i]; next++) {
        verdict.checked.add(left[next]);
        if (test(file, left[next] - file.first)) verdict.passed.add(left[next]);
      }
      tell(next, left.length);
    }
    return verdict.passed;
  }
}

/** @param {Group} group */
function keyOf({ field, tokens, clauses }) {
  return JSON.stringify([field, tokens, clauses]);
}

/** @param {Group} group @param {RegExp} placeholder @returns {(file: TextFile, place: number) => boolean} */
function makeTest(group, placeholder) {
  const { field, tokens, clauses } = group;
  return (file, place) => {
    const texts = textsOf(file, place, field).flatMap((text) => text.split(placeholder));
    return tokens.length > 0 ? texts.some((text) => hasPhrase(phraseTokens(text), tokens)) : hasClauses(texts, clauses);
  };
}

/** @param {TextFile} file @param {number} place @param {string} field "" for all @returns {string[]} */
export function textsOf(file, place, field) {
  const texts = new Map([
    ["name", [file.names[place]]], ["description", [file.descriptions[place]]], ["quote", file.quotes[place]],
    ["context", file.contexts[place]], ["reason", file.reasons[place]],
  ]);
  return texts.get(field) ?? [...texts.values()].flat();
}

/** @param {string[]} text @param {string[]} phrase */
export function hasPhrase(text, phrase) {
  for (let at = text.indexOf(phrase[0]); at >= 0; at = text.indexOf(phrase[0], at + 1)) {
    if (phrase.every((token, i) => text[at + i] === token)) return true;
  }
  return false;
}

/** The same as the index would say if it held these texts only. @param {string[]} texts @param {Clause[]} clauses */
export function hasClauses(texts, clauses) {
  const terms = new Set(texts.flatMap((text) => splitChunks(text).flatMap((chunk) => chunkTerms(readChunk(chunk)))));
  const begins = (/** @type {string} */ prefix) => [...terms].some((term) => term.startsWith(prefix));
  const has = (/** @type {string} */ term, /** @type {boolean} */ isPrefix) => term !== "" && (isPrefix ? begins(term) : terms.has(term));
  const hasLast = (/** @type {string} */ part, /** @type {string} */ prefix) =>
    prefix ? begins(prefix) || [part, ...possibleTerms(prefix)].some((term) => terms.has(term)) : terms.has(part);
  return clauses.every(({ words, whole, isPrefix }) => {
    const hasWord = (/** @type {import("./terms.js").QueryWord} */ word) =>
      has(word.whole, isPrefix) || (word.parts.length > 0 && word.parts.every((part, i) => hasLast(part, i === word.parts.length - 1 ? word.prefix : "")));
    return has(whole, isPrefix) || (words.length > 0 && words.every(hasWord));
  });
}
