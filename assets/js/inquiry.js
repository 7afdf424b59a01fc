/** Asks the index: loads what a state needs, and answers from what is loaded. Knows nothing of the page. */
import { sortOf } from "./state.js";
import { answer } from "./query.js";
import { bestFirst, mostTurnsFirst, oldestFirst, randomOrder, rarestFirst } from "./rank.js";
import { loaded } from "./index-client.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./search.js").Search} Search
 * @typedef {import("./search.js").Searcher} Searcher
 * @typedef {{state: State, index: Index, search: Search, turns: Uint32Array | null}} Question a state with all it needs to be answered
 */

/** @type {Search} */
const NO_SEARCH = Object.freeze({
  q: "", query: { clauses: [], groups: [], pieces: [], isEmpty: true }, reader: null, match: null, correction: null,
  highlight: (/** @type {string} */ text) => [{ text, isHit: false }],
});

export class Inquiry {
  /** @param {import("./index-client.js").IndexClient} client */
  constructor(client) {
    this.client = client;
    /** @type {Promise<Searcher> | null} */
    this.searching = null;
    /** @type {Searcher | null} */
    this.searcher = null;
    /** @type {Map<string, Float64Array>} */
    this.orders = new Map();
  }

  /** Words are searched by scripts of their own, which a reader who comes near will need. @returns {Promise<Searcher>} */
  search() {
    this.searching ??= loaded(importSearch()).then(({ Searcher }) => (this.searcher = new Searcher(this.client)));
    this.searching.catch(() => (this.searching = null));
    return this.searching;
  }

  /** Load what the state needs. @param {State} state @param {import("./search.js").Ears} [ears] @returns {Promise<Question>} */
  async ask(state, ears = {}) {
    const turns = state.turns || state.sort === "turns" ? this.client.turns() : null;
    const searcher = state.q.trim() ? this.search() : null;
    const index = await this.client.index();
    const search = searcher ? await (await searcher).find(index, state, ears) : NO_SEARCH;
    return { state, index, search, turns: await turns };
  }

  /** In which order the list stands; null for that of the index. @param {Question} question @returns {Float64Array | null} */
  order({ state, index, search: { match }, turns }) {
    const sort = sortOf(state);
    if (sort === "relevance") return match ? bestFirst(match.scores) : null;
    if (sort === "newest") return null;
    const name = sort === "random" ? `random ${state.seed ?? 1}` : sort;
    const known = this.orders.get(name);
    if (known) return known;
    const order = makeOrder(sort, index, turns, state.seed ?? 1);
    if (order) this.orders.set(name, order);
    return order;
  }

  /** How many cases a similar state would show, from what is already loaded; 0 if that does not suffice. @param {Question} question @param {State} other */
  countLike({ index, search, turns }, other) {
    const match = search.reader && other.q.trim() ? this.searcher?.again(other.q, search.reader) : null;
    return match === undefined ? 0 : answer(index, other, match?.found ?? null, turns).total;
  }
}

/** All of its modules in one round trip. */
async function importSearch() {
  const [search] = await Promise.all([import("./search.js"), import("./text.js"), import("./terms.js"), import("./highlight.js")]);
  return search;
}

/** @param {Question} question */
export function answerTo({ state, index, search, turns }) {
  return answer(index, state, search.match?.found ?? null, turns);
}

/** How many have all the words, where others are listed too. @param {Question} question @param {number} total how many are listed */
export function countWhole({ state, index, search, turns }, total) {
  return search.match?.full ? answer(index, state, search.match.full, turns).total : total;
}

/** The state as it was answered: with the words that were looked for, and whether all of those found have them. @param {Question} question @param {number} total how many were found @returns {State} */
export function saidOf(question, total) {
  return { ...question.state, q: question.search.query.isEmpty ? "" : question.search.q, mostly: countWhole(question, total) < total };
}

/** @param {string} sort @param {Index} index @param {Uint32Array | null} turns @param {number} seed */
function makeOrder(sort, index, turns, seed) {
  if (sort === "oldest") return oldestFirst(index);
  if (sort === "rare") return rarestFirst(index);
  if (sort === "random") return randomOrder(index, seed);
  return sort === "turns" && turns ? mostTurnsFirst(turns) : null;
}
