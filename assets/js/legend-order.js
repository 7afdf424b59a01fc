/** How the legend keeps long lists of values handy: in which order, how many at first, which ones fit what was typed. */
import { fold } from "./terms.js";

/** A facet with more values than this is long. */
export const LONG = 10;
const AT_FIRST = 8;
/** Values differ much when the most frequent one has this many times the cases of the least frequent one. */
const UNEVEN = 8;

/**
 * @typedef {import("./state.js").Choice} Choice
 */

/** Whether rare values drown among frequent ones; values that never occur do not count. @param {readonly number[]} counts */
export function isUneven(counts) {
  const found = counts.filter((count) => count > 0);
  return found.length > 2 && Math.max(...found) >= UNEVEN * Math.min(...found);
}

/**
 * Keys with few cases first, those with none last, ways of being missing after all; equal ones as they were.
 * @param {readonly string[]} keys @param {(key: string) => number} countOf
 */
export function rareFirst(keys, countOf) {
  const place = (/** @type {string} */ key) => (key.startsWith("?") ? 2 : countOf(key) === 0 ? 1 : 0);
  return [...keys].sort((one, other) => place(one) - place(other) || (place(one) === 0 ? countOf(one) - countOf(other) : 0));
}

/** What a long facet shows before all of it is asked for: the first ones, and those in use. @param {readonly string[]} keys @param {ReadonlySet<string>} used */
export function shownAtFirst(keys, used) {
  return new Set(keys.filter((key, i) => i < AT_FIRST || used.has(key)));
}

/** Whether every typed word occurs in a name, whatever the case and the accents. @param {string} name @param {string} typed */
export function fits(name, typed) {
  const folded = fold(name).toLowerCase();
  return fold(typed).toLowerCase().split(/\s+/).every((word) => folded.includes(word));
}

/** All months from one to another, without gaps. @param {string} first such as 2025-01 @param {string} last @returns {string[]} */
export function monthsBetween(first, last) {
  const number = (/** @type {string} */ month) => 12 * Number(month.slice(0, 4)) + Number(month.slice(5)) - 1;
  const name = (/** @type {number} */ at) => `${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}`;
  const length = Math.max(0, number(last) - number(first) + 1);
  return Array.from({ length }, (_, i) => name(number(first) + i));
}

/**
 * A cause is chosen as a whole (`C6`) or by its tiers (`C6:direct`), never both: the first tier takes the place of the
 * whole, and when the last tier goes the whole comes back.
 * @param {Choice} choice @param {string} cause key @param {string} joined key @returns {Choice}
 */
export function chooseTier(choice, cause, joined) {
  const isThere = choice.include.includes(joined);
  const others = choice.include.filter((key) => key !== joined && key !== cause);
  const isLast = isThere && !others.some((key) => key.startsWith(`${cause}:`));
  const added = isLast ? [cause] : isThere ? [] : [joined];
  return { ...choice, include: [...others, ...added], exclude: choice.exclude.filter((key) => key !== joined) };
}
