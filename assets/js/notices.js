/** What a reader should know about an address or a query that is not taken as written. */
import { JOINED, unknownValues } from "./query.js";
import { choiceOf, choose, isSampled, serialise, sortOf } from "./state.js";
import { denominator, thousands, valueName } from "./words.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Notice} Notice
 * @typedef {import("./views/answer.js").Message} Message
 */

/**
 * @param {Index} index @param {State} state @param {Notice[]} notices of the address
 * @param {Pick<import("./search.js").Search, "query" | "correction">} search
 * @param {{whole: number, total: number, page?: number}} [found] how many of those shown have all words; the page that is shown
 * @returns {Message[]}
 */
export function messagesFor(index, state, notices, { query, correction }, { whole, total, page = state.page } = { whole: 0, total: 0 }) {
  return [
    ...notices.map(({ kind, key, value }) => ({ text: aboutAddress(kind, key, value) })),
    ...unknownValues(index, state).map(({ facet, key }) => aboutValue(index, facet, key)),
    ...aboutJoin(index, state),
    ...aboutRejected(state),
    ...(state.stratify && state.sample === null ? [{ text: "“stratify” divides a sample, and the address asks for none, so it changes nothing." }] : []),
    ...(state.sample !== null && !isSampled(state) ? [{ text: "Cross-tab, timeline, pairs and comparison are of all these cases; cards and table list the sample." }] : []),
    ...(page < state.page ? [{ text: `There is no page ${thousands(state.page)}; this is the last one.` }] : []),
    ...(state.sort === "relevance" && sortOf(state) !== "relevance" ? [{ text: "Without words there is no best match; the newest sessions come first." }] : []),
    ...aboutText(state, query),
    ...(correction ? [aboutCorrection(state, correction)] : []),
    ...(whole < total ? [aboutMissingWords(index, state, query, whole, total)] : []),
  ];
}

/** @param {Notice["kind"]} kind @param {string} key @param {string} value */
function aboutAddress(kind, key, value) {
  if (kind === "too-long") return "The address is too long; only its start was read.";
  if (kind === "unknown-key") return `“${key}” in the address is not known and changes nothing.`;
  return `“${value}” is no possible value of “${key}” and changes nothing.`;
}

/** @param {Index} index @param {string} facet @param {string} key @returns {Message} */
function aboutValue(index, facet, key) {
  return { text: `No case has “${key.slice(1)}” under ${index.facets.get(facet)?.title ?? facet}; the value is not known in this release.` };
}

/** A cause and a tier chosen apart may stand on different causes of one case. @param {Index} index @param {State} state @returns {Message[]} */
function aboutJoin(index, state) {
  const causes = choiceOf(state, "cause").include.filter((key) => key.startsWith("=") && !key.includes(":"));
  const tiers = choiceOf(state, "tier").include.filter((key) => key.startsWith("="));
  if (causes.length !== 1 || tiers.length !== 1 || !index.facets.has(JOINED)) return [];
  const joined = choose(choose(state, "tier", { include: [], exclude: [], all: false }), "cause", { include: [`${causes[0]}:${tiers[0].slice(1)}`], exclude: [], all: false });
  const text = `A case may have two causes, and the ${valueName(index, "tier", tiers[0]).toLowerCase()} evidence may belong to the other one.`;
  return [{ text, link: { text: `Only ${valueName(index, "cause", joined.facets.get("cause")?.include[0] ?? "")}`, href: `?${serialise(joined)}` } }];
}

/** @param {State} state @returns {Message[]} */
function aboutRejected(state) {
  const asksForReason = choiceOf(state, "invalid").include.some((key) => key.startsWith("="));
  const isShown = choiceOf(state, "validation").include.includes("=INVALID");
  if (isShown) return [{ text: "Rejected candidates are shown. They are not cases and are counted nowhere else." }];
  return asksForReason ? [{ text: "Only rejected candidates have a reason for rejection; choose Validation: Invalid to see them." }] : [];
}

/** @param {State} state @param {import("./terms.js").TextQuery} query @returns {Message[]} */
function aboutText(state, query) {
  const typed = state.q.trim();
  return typed && query.isEmpty ? [{ text: `There is no word to look for in “${typed}”, so it changes nothing.` }] : [];
}

/** @param {State} state @param {import("./search.js").Correction} correction @returns {Message} */
function aboutCorrection(state, { shown, literal, wrong }) {
  const words = wrong.map((word) => `“${word}”`).join(" and ");
  const href = `?${serialise({ ...state, q: literal, page: 1 })}`;
  return { text: `No case has ${words}. Showing results for “${shown.trim()}”.`, link: { text: `Search for ${words} as written`, href } };
}

/** Few have all words, so those that have most of them are shown too. @param {Index} index @param {State} state @param {import("./terms.js").TextQuery} query @param {number} whole @param {number} total @returns {Message} */
function aboutMissingWords(index, state, { pieces }, whole, total) {
  const { one, word } = denominator(index, state);
  const quoted = pieces.map((piece) => (/^["\u2010-\u2212-]|^\w+:/.test(piece) ? piece : `"${piece}"`)).join(" ");
  const all = { text: "Only with all the words", href: `?${serialise({ ...state, q: quoted, page: 1 })}` };
  if (whole === 0) return { text: `No ${one} has all the words; ${total === 1 ? "this one has" : "these have"} most of them.` };
  return { text: `${thousands(whole)} of these ${thousands(total)} ${word} ${whole === 1 ? "has" : "have"} all the words, the others most of them.`, link: all };
}
