/** States in words: names of values, the sentence above the list, what the chips say. */
import { choiceOf, FACETS, sortOf } from "./state.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./state.js").State} State
 */

const MONTHS = Object.freeze(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]);
/** @type {Map<string, string>} */
const MISSING = new Map([["?none", "not recorded"], ["?na", "does not apply"]]);
/** @type {Map<string, string>} */
export const SORT_NAMES = new Map([
  ["newest", "newest session first"], ["oldest", "oldest session first"], ["relevance", "best match first"],
  ["turns", "most turns first"], ["rare", "rarest labels first"], ["random", "in random order"],
]);
/** Facets whose values are codes that stand before their names. */
export const CODED = Object.freeze(["form", "cause", "severity", "locus", "status", "resolver"]);

/** @param {number} count */
export const thousands = (count) => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** `2026-04` as `Apr 2026`. @param {string} month */
export function monthName(month) {
  return `${MONTHS[Number(month.slice(5, 7)) - 1] ?? month.slice(5)} ${month.slice(0, 4)}`;
}

/** What a value is called. @param {Index} index @param {string} facet @param {string} key @returns {string} */
export function valueName(index, facet, key) {
  const missing = MISSING.get(key);
  if (missing) return missing;
  const text = key.slice(1);
  if (facet === "month") return monthName(text);
  if (facet === "cause" && text.includes(":")) return joinedName(index, text);
  const name = index.facets.get(facet)?.names.get(key);
  if (name) return name;
  const words = text.replace(/^custom:/, "").replaceAll("_", " ");
  return facet === "invalid" ? words.charAt(0).toUpperCase() + words.slice(1).toLowerCase() : text;
}

/** @param {Index} index @param {string} text @returns {string} */
function joinedName(index, text) {
  const [cause, tier] = text.split(":");
  const name = valueName(index, "cause", `=${cause}`);
  if (tier === "none") return `${name}, evidence not recorded`;
  return tier === "na" ? name : `${name}, ${valueName(index, "tier", "=" + tier).toLowerCase()} evidence`;
}

/** The code before the name, or "". @param {Index} index @param {string} facet @param {string} key */
export function codeOf(index, facet, key) {
  return CODED.includes(facet) && index.facets.get(facet)?.names.has(key) ? key.slice(1) : "";
}

/** The page of a label below the root, or "". @param {Index} index @param {string} facet @param {string} key */
export function labelPage(index, facet, key) {
  const known = index.facets.get(facet);
  return known?.pages && known.names.has(key) ? `codebook/${key.slice(1).toLowerCase().replaceAll("_", "-")}/` : "";
}

/**
 * One removable part of a state.
 * @typedef {{facet: string, key: string, label: string, text: string, isNot: boolean}} Filter
 */

/** Everything that narrows the list, in canonical order. @param {Index} index @param {State} state @returns {Filter[]} */
export function filtersOf(index, state) {
  /** @type {Filter[]} */
  const filters = [];
  if (state.q.trim()) filters.push({ facet: "q", key: "", label: "Words", text: `“${state.q.trim()}”`, isNot: false });
  for (const name of FACETS) {
    const label = index.facets.get(name)?.title ?? name;
    const choice = choiceOf(state, name);
    const one = (/** @type {string} */ key, /** @type {boolean} */ isNot) => ({ facet: name, key, label, text: phrase(index, name, key), isNot });
    filters.push(...choice.include.map((key) => one(key, false)), ...choice.exclude.map((key) => one(key, true)));
  }
  if (state.from) filters.push({ facet: "from", key: "", label: "Month", text: `from ${monthName(state.from)}`, isNot: false });
  if (state.to) filters.push({ facet: "to", key: "", label: "Month", text: `until ${monthName(state.to)}`, isNot: false });
  if (state.turns) filters.push({ facet: "turns", key: "", label: "Turns", text: `${rangeWords(state.turns)} turns`, isNot: false });
  return filters;
}

/** @param {import("./state.js").Range} range */
function rangeWords({ min, max }) {
  if (min === null) return `at most ${thousands(max ?? 0)}`;
  if (max === null) return `at least ${thousands(min)}`;
  return min === max ? thousands(min) : `${thousands(min)} to ${thousands(max)}`;
}

/** The state without one of its filters. @param {State} state @param {Filter} filter @returns {State} */
export function without(state, filter) {
  if (filter.facet === "q") return { ...state, q: "", page: 1 };
  if (filter.facet === "from" || filter.facet === "to") return { ...state, [filter.facet]: "", page: 1 };
  if (filter.facet === "turns") return { ...state, turns: null, page: 1 };
  const choice = choiceOf(state, filter.facet);
  const keep = (/** @type {readonly string[]} */ keys) => keys.filter((key) => key !== filter.key);
  const include = filter.isNot ? choice.include : keep(choice.include);
  const exclude = filter.isNot ? keep(choice.exclude) : choice.exclude;
  const facets = new Map(state.facets);
  if (include.length + exclude.length > 0) facets.set(filter.facet, { ...choice, include, exclude });
  else facets.delete(filter.facet);
  return { ...state, facets, page: 1 };
}

/** Ways of asking for less: the state without one filter or one word. @param {Index} index @param {State} state @param {string[]} words as typed, phrases whole @returns {{text: string, state: State}[]} */
export function wider(index, state, words) {
  const fewer = words.length < 2 ? [] : words.map((word, i) => ({ text: `Without the word “${word}”`, state: { ...state, q: dropWord(words, i), page: 1 } }));
  const filters = filtersOf(index, state).map((filter) => ({ text: `Without ${quoted(filter)}`, state: without(state, filter) }));
  return [...fewer, ...filters];
}

/** Words have quotation marks already. @param {Filter} filter */
function quoted({ facet, isNot, text }) {
  return facet === "q" ? text : `“${isNot ? "not " : ""}${text}”`;
}

/** A blank after a new last word keeps it a whole word, as it was. @param {string[]} words @param {number} place */
function dropWord(words, place) {
  const kept = words.filter((_, i) => i !== place).join(" ");
  return place === words.length - 1 ? `${kept} ` : kept;
}

/** Which of cases and rejected candidates a state asks for. @param {Index} index @param {State} state */
export function denominator(index, state) {
  const { include, exclude } = choiceOf(state, "validation");
  const rejected = index.size - index.cases;
  const asked = include.length + exclude.length === 0 ? ["=VALID"] : include.length > 0 ? include : ["=VALID", "=INVALID"];
  const hasCases = asked.includes("=VALID") && !exclude.includes("=VALID");
  const hasRejected = asked.includes("=INVALID") && !exclude.includes("=INVALID");
  if (hasCases && hasRejected) return { count: index.size, word: "candidates", one: "candidate" };
  return hasRejected ? { count: rejected, word: "rejected candidates", one: "rejected candidate" } : { count: index.cases, word: "cases", one: "case" };
}

/** "213 of 9,481 cases: Developer Constraint Violation, in CLI". @param {Index} index @param {State} state @param {number} total */
export function sentence(index, state, total) {
  const base = denominator(index, state);
  const isList = !state.compare && (state.view === "" || state.view === "table");
  const order = isList ? `, ${SORT_NAMES.get(sortOf(state)) ?? ""}` : "";
  const words = conditions(index, state);
  if (words === "" && total === base.count) return `All ${thousands(total)} ${base.word}${order}.`;
  const count = total === 0 ? `None of ${thousands(base.count)} ${base.word}` : `${thousands(total)} of ${thousands(base.count)} ${base.word}`;
  return words === "" ? `${count}${order}.` : `${count}: ${words}.`;
}

/** What a state asks for, in words; "" for nothing. @param {Index} index @param {State} state */
export function conditions(index, state) {
  const parts = FACETS.flatMap((name) => facetWords(index, state, name));
  if (state.from && state.from === state.to) parts.push(`in ${monthName(state.from)}`);
  else {
    if (state.from) parts.push(`from ${monthName(state.from)}`);
    if (state.to) parts.push(`until ${monthName(state.to)}`);
  }
  if (state.turns) parts.push(`${rangeWords(state.turns)} turns`);
  if (state.q.trim()) parts.push(`with ${state.mostly ? "most of " : ""}“${state.q.trim()}”`);
  return parts.join(", ");
}

/** @param {Index} index @param {State} state @param {string} name */
function facetWords(index, state, name) {
  const choice = choiceOf(state, name);
  if (name === "validation") return [];
  const say = (/** @type {string} */ key) => phrase(index, name, key);
  const parts = [];
  if (choice.include.length > 0) parts.push(choice.include.map(say).join(choice.all ? " and " : " or "));
  parts.push(...choice.exclude.map((key) => `not ${say(key)}`));
  return parts;
}

/** @param {Index} index @param {string} name @param {string} key */
function phrase(index, name, key) {
  const title = (index.facets.get(name)?.title ?? name).toLowerCase();
  const value = valueName(index, name, key);
  if (MISSING.has(key)) return key === "?none" ? `${title} not recorded` : `no ${title} applies`;
  if (name === "validation") return key === "=VALID" ? "cases" : "rejected candidates";
  if (name === "scrubbed") return `${value.replace(/^[A-Z](?![A-Z])/, (first) => first.toLowerCase())} scrubbed`;
  if (name === "workflow") return `in ${value}`;
  if (name === "invalid") return `rejected because of ${value.charAt(0).toLowerCase()}${value.slice(1)}`;
  if (name === "tier") return `${value.toLowerCase()} evidence`;
  if (name === "status" || name === "goal" || name === "confidence" || name === "resolver") return `${title} ${value.charAt(0).toLowerCase()}${value.slice(1)}`;
  const isSaying = index.facets.get(name)?.names.has(key) || (name === "cause" && value !== key.slice(1));
  return isSaying && name !== "source" ? value : `${title} ${value}`;
}

