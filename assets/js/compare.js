/** Two selections side by side. The language of `compare=` is described in docs/explorer.md. */
import { choiceOf, choose, EMPTY, parse, serialise } from "./state.js";
import { newcombe } from "./statistics.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./bitset.js").BitSet} BitSet
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Line one value; without interval where a selection is empty or the two overlap
 * @property {string} key
 * @property {number} a how many of A
 * @property {number} b how many of B
 * @property {{difference: number, low: number, high: number} | null} interval A minus B
 *
 * @typedef {{facet: string, title: string, lines: Line[]}} Group
 */

/** What is compared, in this order. Agents are not: their numbers say more about who logged than about how they work. */
export const COMPARED = Object.freeze(["form", "cause", "tier", "severity", "locus", "status", "resolver", "workflow", "goal", "confidence", "source"]);

/** Only what chooses cases. @param {State} state @returns {State} */
export function selectionOf({ q, facets, from, to, turns }) {
  return { ...EMPTY, q, facets, from, to, turns };
}

/**
 * A and B of a state that compares. With `facet:A,B` both are the state's selection with that facet set to one value;
 * otherwise A is the selection in `compare=` and B the state's own.
 * @param {State} state @returns {{a: State, b: State}}
 */
export function selectionsOf(state) {
  const own = selectionOf(state);
  const { compare } = state;
  if (!compare) return { a: own, b: own };
  if ("query" in compare) return { a: selectionOf(parse(compare.query, true).state), b: own };
  const only = (/** @type {string} */ key) => choose(own, compare.facet, { include: [key], exclude: [], all: false });
  return { a: only(compare.a), b: only(compare.b) };
}

/** Keep what is selected as A; B is chosen from there. @param {State} state @returns {State} */
export function keepAsA(state) {
  return { ...state, page: 1, compare: { query: serialise(selectionOf(state)) } };
}

/** @param {State} state @returns {State} */
export function swap(state) {
  const { compare } = state;
  if (!compare) return state;
  if (!("query" in compare)) return { ...state, compare: { facet: compare.facet, a: compare.b, b: compare.a } };
  const { a, b } = selectionsOf(state);
  return { ...state, q: a.q, facets: a.facets, from: a.from, to: a.to, turns: a.turns, compare: { query: serialise(b) } };
}

/** The facet that tells A from B, or "": every line of it would be all or nothing. @param {State} state */
export function dividing(state) {
  return state.compare && "facet" in state.compare ? state.compare.facet : "";
}

/** @param {Index} index @param {BitSet} a @param {BitSet} b @param {string} [left] a facet to leave out @returns {{groups: Group[], sizes: [number, number], shared: number}} */
export function compareSets(index, a, b, left = "") {
  /** @type {[number, number]} */
  const sizes = [a.count(), b.count()];
  const shared = a.countAnd(b);
  const hasIntervals = shared === 0 && sizes[0] > 0 && sizes[1] > 0;
  const groups = COMPARED.filter((name) => name !== left && index.facets.has(name)).map((name) => {
    const facet = /** @type {import("./decode.js").Facet} */ (index.facets.get(name));
    const lines = facet.keys.map((key) => {
      const set = /** @type {BitSet} */ (facet.sets.get(key));
      const [inA, inB] = [a.countAnd(set), b.countAnd(set)];
      return { key, a: inA, b: inB, interval: hasIntervals ? newcombe(inA, sizes[0], inB, sizes[1]) : null };
    });
    return { facet: name, title: facet.title, lines: lines.filter((line) => line.a + line.b > 0) };
  });
  return { groups: groups.filter(({ lines }) => lines.length > 0), sizes, shared };
}

/** Values that can be set against each other: the two most frequent of a facet come first. @param {Index} index @param {State} state @param {string} name */
export function pairOf(index, state, name) {
  const keys = index.facets.get(name)?.keys.filter((key) => key.startsWith("=")) ?? [];
  const size = (/** @type {string} */ key) => index.facets.get(name)?.sets.get(key)?.count() ?? 0;
  const chosen = choiceOf(state, name).include.filter((key) => keys.includes(key));
  const others = keys.filter((key) => !chosen.includes(key)).sort((one, other) => size(other) - size(one));
  return [...chosen, ...others].slice(0, 2);
}
