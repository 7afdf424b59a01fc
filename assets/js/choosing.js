/** What a click on a value of the legend means, beyond the value itself. */
import { choiceOf, choose, toggle, toggleNot } from "./state.js";

/** @typedef {import("./state.js").State} State */

/** Choose a value or take the choice back. @param {State} state @param {string} facet @param {string} key @returns {State} */
export function pick(state, facet, key) {
  return askForRejected(toggle(wholly(state, facet, key), facet, key), facet, key);
}

/** Exclude a value or take the exclusion back. @param {State} state @param {string} facet @param {string} key @returns {State} */
export function exclude(state, facet, key) {
  return toggleNot(wholly(state, facet, key), facet, key);
}

/** Only rejected candidates have a reason, so asking for one asks for them. @param {State} state @param {string} facet @param {string} key */
function askForRejected(state, facet, key) {
  const isAsked = facet === "invalid" && key.startsWith("=") && choiceOf(state, "invalid").include.includes(key);
  return isAsked ? choose(state, "validation", { include: ["=INVALID"], exclude: [], all: false }) : state;
}

/** A cause that is chosen or excluded as a whole takes the place of its tiers. @param {State} state @param {string} facet @param {string} key */
function wholly(state, facet, key) {
  const choice = choiceOf(state, facet);
  const include = choice.include.filter((other) => !other.startsWith(`${key}:`));
  return facet === "cause" && include.length < choice.include.length ? choose(state, facet, { ...choice, include }) : state;
}
