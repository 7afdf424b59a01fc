/** From a state to the matching episodes and the exact count of every value of every facet. */
import { BitSet } from "./bitset.js";
import { choiceOf, choose, EMPTY, FACETS } from "./state.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./decode.js").Facet} Facet
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Choice} Choice
 *
 * @typedef {object} Answer
 * @property {BitSet} matches
 * @property {number} total how many match
 * @property {Map<string, Map<string, number>>} counts facet -> key -> how many the list would show with this value
 *   chosen alone in its facet (with `match=all`: added to what is chosen); a month stands for the range of itself, and
 *   "cause:tier" holds the causes joined with their tiers
 */

export const JOINED = "cause:tier";
const CASES = "=VALID";

/**
 * @param {Index} index @param {State} state
 * @param {BitSet | null} text what the words find, null without words
 * @param {Uint32Array | null} turns needed only for a range of turns
 * @returns {Answer}
 */
export function answer(index, state, text, turns) {
  const common = restrict(index, state, text, turns);
  const names = FACETS.filter((name) => index.facets.has(name));
  const passes = names.map((name) => passOf(index, name, effectiveChoice(state, name)));
  const before = prefixes(common, passes);
  const counts = new Map();
  let after = BitSet.full(index.size);
  for (let i = names.length - 1; i >= 0; i--) {
    const others = before[i].clone().and(after);
    const choice = effectiveChoice(state, names[i]);
    counts.set(names[i], countFacet(index, names[i], choice, others));
    if (names[i] === "cause" && index.facets.has(JOINED)) counts.set(JOINED, countFacet(index, "cause", choice, others, JOINED));
    const pass = passes[i];
    if (pass) after.and(pass);
  }
  const matches = before[names.length];
  const month = index.facets.get("month");
  if (month) counts.set("month", countValues(month, withoutMonths(index, state, text, turns, matches, after)));
  return { matches, total: matches.count(), counts };
}

/** What a state can list whatever its words and filters: all cases, or what it asks for by validation. @param {Index} index @param {State} state */
export function answerScope(index, state) {
  return answer(index, choose(EMPTY, "validation", choiceOf(state, "validation")), null, null);
}

/** What matches in any month. @param {Index} index @param {State} state @param {BitSet | null} text @param {Uint32Array | null} turns @param {BitSet} matches @param {BitSet} facets what all facets let through */
function withoutMonths(index, state, text, turns, matches, facets) {
  return state.from || state.to ? restrict(index, { ...state, from: "", to: "" }, text, turns).and(facets) : matches;
}

/** Rejected candidates are shown only when asked for. @param {State} state @param {string} name @returns {Choice} */
export function effectiveChoice(state, name) {
  const choice = choiceOf(state, name);
  return name === "validation" && choice.include.length + choice.exclude.length === 0 ? { ...choice, include: [CASES] } : choice;
}

/** Everything but the facets. @param {Index} index @param {State} state @param {BitSet | null} text @param {Uint32Array | null} turns */
function restrict(index, state, text, turns) {
  const set = text ? text.clone() : BitSet.full(index.size);
  const month = index.facets.get("month");
  if (month && (state.from || state.to)) set.and(inMonths(index, month, state.from, state.to));
  if (state.turns && turns) set.and(withTurns(turns, state.turns.min ?? 0, state.turns.max ?? Infinity));
  return set;
}

/** @param {Index} index @param {Facet} month @param {string} from @param {string} to */
function inMonths(index, month, from, to) {
  const set = new BitSet(index.size);
  for (const [key, members] of month.sets) {
    const name = key.slice(1);
    if (key.startsWith("=") && (!from || name >= from) && (!to || name <= to)) set.or(members);
  }
  return set;
}

/** @param {Uint32Array} turns @param {number} min @param {number} max */
function withTurns(turns, min, max) {
  const set = new BitSet(turns.length);
  turns.forEach((count, ordinal) => {
    if (count > 0 && count - 1 >= min && count - 1 <= max) set.add(ordinal);
  });
  return set;
}

/** The first set, then each step narrowed by one more facet. @param {BitSet} common @param {(BitSet | null)[]} passes */
function prefixes(common, passes) {
  const sets = [common];
  for (const pass of passes) {
    const last = sets[sets.length - 1];
    sets.push(pass ? last.clone().and(pass) : last);
  }
  return sets;
}

/** The members of a value; of none if the value does not occur. @param {Index} index @param {string} name @param {string} key */
export function membersOf(index, name, key) {
  const own = index.facets.get(name)?.sets.get(key);
  const joined = name === "cause" ? index.facets.get(JOINED)?.sets.get(key) : undefined;
  return own ?? joined ?? new BitSet(index.size);
}

/** What one facet lets through; null if it lets everything through. @param {Index} index @param {string} name @param {Choice} choice */
function passOf(index, name, choice) {
  if (choice.include.length + choice.exclude.length === 0) return null;
  const set = included(index, name, choice);
  for (const key of choice.exclude) set.andNot(membersOf(index, name, key));
  return set;
}

/** @param {Index} index @param {string} name @param {Choice} choice */
function included(index, name, { include, all }) {
  if (include.length === 0) return BitSet.full(index.size);
  if (all) return include.reduce((set, key) => set.and(membersOf(index, name, key)), BitSet.full(index.size));
  return include.reduce((set, key) => set.or(membersOf(index, name, key)), new BitSet(index.size));
}

/** @param {Index} index @param {string} name @param {Choice} choice @param {BitSet} others what all other facets let through @param {string} [counted] whose values to count, if not the facet's own */
function countFacet(index, name, choice, others, counted = name) {
  const facet = /** @type {Facet} */ (index.facets.get(counted));
  const base = others.clone();
  if (choice.all && choice.include.length > 0) base.and(included(index, name, choice));
  const kept = base.clone();
  for (const key of choice.exclude) kept.andNot(membersOf(index, name, key));
  const counts = countValues(facet, kept);
  for (const key of choice.exclude) {
    if (counted === name || facet.sets.has(key)) counts.set(key, countExcluded(index, name, choice, base, key));
  }
  return counts;
}

/** An excluded value counts as if it alone were no longer excluded. @param {Index} index @param {string} name @param {Choice} choice @param {BitSet} base @param {string} key */
function countExcluded(index, name, choice, base, key) {
  const set = base.clone();
  for (const other of choice.exclude) if (other !== key) set.andNot(membersOf(index, name, other));
  return set.countAnd(membersOf(index, name, key));
}

/** @param {Facet} facet @param {BitSet} base */
function countValues(facet, base) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [key, members] of facet.sets) counts.set(key, base.countAnd(members));
  return counts;
}

/** Chosen values that no episode can have, because the index does not know them. @param {Index} index @param {State} state */
export function unknownValues(index, state) {
  /** @type {{facet: string, key: string}[]} */
  const unknown = [];
  for (const [name, choice] of state.facets) {
    const known = index.facets.get(name);
    const joined = name === "cause" ? index.facets.get(JOINED) : undefined;
    for (const key of [...choice.include, ...choice.exclude]) {
      const isMissing = key.startsWith("?");
      if (!known?.sets.has(key) && !joined?.sets.has(key) && !isMissing && !isPossibleJoin(index, name, key)) unknown.push({ facet: name, key });
    }
  }
  return unknown;
}

/** A cause and a tier that exist but do not meet in any episode. @param {Index} index @param {string} name @param {string} key */
function isPossibleJoin(index, name, key) {
  const [cause, tier, ...more] = key.split(":");
  const tiers = index.facets.get("tier");
  return name === "cause" && more.length === 0 && tier !== undefined && Boolean(index.facets.get("cause")?.sets.has(cause)) && (Boolean(tiers?.sets.has(`=${tier}`)) || tier === "none" || tier === "na");
}
