/** What the link to a cited result says of it: `r=2026.11.0:214:9f3c2ab1d04e77c5`, release, count and fingerprint. Pure. */
import { checkCharacter } from "./case-id.js";
import { EMPTY, isSampled, serialise, unsampled } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{release: string, count: number | null, print: string, isCut?: boolean}} Cited print is "" where the link has none, or one that is not whole
 */

/** Stands for a release where nobody has released what the site shows. */
export const UNRELEASED = "unreleased";
const DIGITS = 7;
/** A fingerprint, perhaps with the point of a sentence behind it. */
const WHOLE = /^[0-9a-f]{16}(?![0-9a-z])/i;

/** @param {string} value @returns {Cited} */
export function readCited(value) {
  const [release, count, mark] = value.split(":");
  const print = WHOLE.exec(mark ?? "")?.[0].toLowerCase() ?? "";
  return { release, count: count === undefined ? null : Number(count), print, isCut: mark !== undefined && print === "" };
}

/** @param {Cited} cited */
export function writeCited({ release, count, print }) {
  return [release || UNRELEASED, ...(count === null ? [] : [String(count), ...(print ? [print] : [])])].join(":");
}

/**
 * The address of a result: what was chosen and how it is looked at, without page and without what changes nothing. A
 * comparison is of two results, and only the page's own is cited.
 * @param {State} state @param {Cited} cited
 */
export function addressOf(state, cited) {
  const listed = isSampled(state) ? state : unsampled(state);
  return `?${serialise({ ...EMPTY, ...listed, compare: null, page: 1, kept: [], cited: writeCited(cited) })}`;
}

/** The ids of all episodes, by ordinal. @param {{ids: string}} file @returns {string[]} */
export function readIds({ ids }) {
  return Array.from({ length: ids.length / DIGITS }, (_, i) => {
    const digits = ids.slice(i * DIGITS, (i + 1) * DIGITS);
    return `AMA-${digits.slice(0, 4)}-${digits.slice(4)}${checkCharacter(digits)}`;
  });
}
