/**
 * Looks a text query up: fetches what it needs, decides phrases by the texts, forgives a slip when nothing is found, and
 * goes on to those that have most words when few have all.
 */
import { LoadError } from "./index-client.js";
import { evaluate, lookupsOf, Reader, settle, shardsFor } from "./text.js";
import { makeHighlighter } from "./highlight.js";
import { answerScope } from "./query.js";
import { EMPTY } from "./state.js";
import { readQuery } from "./terms.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./state.js").State} State
 * @typedef {import("./terms.js").TextQuery} TextQuery
 * @typedef {import("./text.js").Match} Match
 * @typedef {{typed: string, shown: string, literal: string, wrong: string[], right: string[]}} Correction
 *
 * @typedef {{q: string, query: TextQuery, reader: Reader, finding: import("./text.js").Finding | null, correction: Correction | null}} Asked
 *
 * @typedef {object} Search
 * @property {string} q what was looked for: as typed, or corrected
 * @property {TextQuery} query
 * @property {Reader | null} reader null if there are no words
 * @property {(Match & {full?: import("./bitset.js").BitSet}) | null} match null if there is nothing to look for; full:
 *   those with all words, where others are among the found
 * @property {Correction | null} correction
 * @property {(text: string) => import("./highlight.js").Segment[]} highlight
 *
 * @typedef {object} Ears
 * @property {(done: number, all: number) => void} [tell] texts read so far
 * @property {() => boolean} [isWanted] false once a newer question has come up
 */

/** With fewer episodes that have all words, those that have most of them follow. */
const ENOUGH = 10;

/** Words may be missing, but not what is quoted, excluded or asked for in a field. @param {TextQuery} query @param {Match} found with all words */
function isLoosened({ clauses }, { found }) {
  const wanted = clauses.filter((clause) => !clause.isNegative);
  return wanted.length > 1 && wanted.some(({ written, field }) => written !== "" && field === "") && found.count() < ENOUGH;
}

export class Searcher {
  /** @param {import("./index-client.js").IndexClient} client */
  constructor(client) {
    this.client = client;
    /** @type {import("./phrases.js").TextChecker | null} */
    this.checker = null;
    /** @type {typeof import("./loosen.js") | null} */
    this.loosening = null;
  }

  /** @param {Index} index @param {State | string} asked a state, or words alone @param {Ears} [ears] @returns {Promise<Search>} */
  async find(index, asked, ears = {}) {
    const state = typeof asked === "string" ? { ...EMPTY, q: asked } : asked;
    const written = await this.#evaluate(index, state.q);
    const forgiven = written.finding?.found.count() === 0 ? await this.#forgive(index, state, written, ears) : null;
    const { finding, ...search } = forgiven ?? (await this.#loosen(written));
    return { ...search, match: finding && (await this.#settle(index, finding, ears)), highlight: makeHighlighter(search.query) };
  }

  /** @param {Index} index @param {string} q @param {Correction | null} [correction] @returns {Promise<Asked>} */
  async #evaluate(index, q, correction = null) {
    const query = readQuery(q);
    const reader = await this.#open(index, lookupsOf(query));
    return { q, query, reader, finding: evaluate(query, reader), correction };
  }

  /** @param {Asked} asked @returns {Promise<Asked>} */
  async #loosen(asked) {
    const { query, reader, finding } = asked;
    return finding && isLoosened(query, finding) ? { ...asked, finding: (await this.#loosener()).loosen(query, reader, finding) } : asked;
  }

  async #loosener() {
    this.loosening ??= await import("./loosen.js").catch(fail);
    return this.loosening;
  }

  /** @param {Index} index @param {import("./text.js").Lookup[]} lookups */
  async #open(index, lookups) {
    return new Reader(await this.client.shards(shardsFor(lookups, index.firsts)), index.firsts, index.size);
  }

  /** @param {Index} index @param {import("./text.js").Finding} finding @param {Ears} ears */
  async #settle(index, finding, { tell = () => {}, isWanted = () => true }) {
    if (finding.open.length === 0) return finding;
    const { TextChecker } = await import("./phrases.js").catch(fail);
    this.checker ??= new TextChecker((number) => this.client.texts(number), index.texts.size, index.placeholders.keys());
    return settle(finding, await this.checker.check(finding.open, tell, isWanted));
  }

  /** A corrected question that lists something. @param {Index} index @param {State} state @param {Asked} asked @param {Ears} ears @returns {Promise<Asked | null>} */
  async #forgive(index, state, { q, query, reader }, { isWanted = () => true }) {
    const { correct, findSlips } = await import("./typos.js").catch(fail);
    const slips = findSlips(query, reader);
    if (slips.length === 0) return null;
    const among = answerScope(index, state).matches;
    const shelf = { open: (/** @type {import("./text.js").Lookup[]} */ lookups) => this.#open(index, lookups), firsts: index.firsts, among, isWanted };
    const correction = await correct(q, query, slips, shelf);
    const corrected = correction && (await this.#loosen(await this.#evaluate(index, correction.shown, correction)));
    return corrected?.finding?.found.countAnd(among) ? corrected : null;
  }

  /** What a similar query finds, from what is already loaded; undefined if that does not suffice. @param {string} q @param {Reader} reader @returns {Match | null | undefined} */
  again(q, reader) {
    const query = readQuery(q);
    const strict = evaluate(query, reader);
    const isFew = strict !== null && isLoosened(query, strict);
    if (isFew && !this.loosening) return undefined;
    const finding = isFew && this.loosening ? this.loosening.loosen(query, reader, strict) : strict;
    if (!finding || finding.open.length === 0) return finding;
    const passed = this.checker?.known(finding.open);
    return passed ? settle(finding, passed) : undefined;
  }
}

/** A module that cannot be loaded is a part of the index like any other. @returns {never} */
function fail() {
  throw new LoadError("module");
}
