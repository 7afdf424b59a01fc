/** What the link to a cited result says of it: `r=2026.11.0:214:9f3c2ab1d04e77c5`, release, count and fingerprint. Pure. */
import { checkCharacter } from "./case-id.js";
import { EMPTY, serialise } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{release: string, count: number | null, print: string}} Cited print is "" where the link has none
 */

/** Stands for a release where nobody has released what the site shows. */
export const UNRELEASED = "unreleased";
const DIGITS = 7;

/** @param {string} value @returns {Cited} */
export function readCited(value) {
  const [release, count, print = ""] = value.split(":");
  return { release, count: count === undefined ? null : Number(count), print };
}

/** @param {Cited} cited */
export function writeCited({ release, count, print }) {
  return [release || UNRELEASED, ...(count === null ? [] : [String(count), ...(print ? [print] : [])])].join(":");
}

/**
 * The address of a result: what was chosen and how it is looked at, without page and without what changes nothing.
 * @param {State} state @param {Cited} cited
 */
export function addressOf(state, cited) {
  const isOrdered = state.sort === "random" || state.sample !== null;
  return `?${serialise({ ...EMPTY, ...state, seed: isOrdered ? state.seed : null, page: 1, kept: [], cited: writeCited(cited) })}`;
}

/** The ids of all episodes, by ordinal. @param {{ids: string}} file @returns {string[]} */
export function readIds({ ids }) {
  return Array.from({ length: ids.length / DIGITS }, (_, i) => {
    const digits = ids.slice(i * DIGITS, (i + 1) * DIGITS);
    return `AMA-${digits.slice(0, 4)}-${digits.slice(4)}${checkCharacter(digits)}`;
  });
}
