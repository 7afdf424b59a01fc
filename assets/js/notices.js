/** What a reader should know about an address or a query that is not taken as written. */
import { JOINED, unknownValues } from "./query.js";
import { choiceOf, choose, serialise } from "./state.js";
import { valueName } from "./words.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Notice} Notice
 * @typedef {import("./views/answer.js").Message} Message
 */

/** @param {Index} index @param {State} state @param {Notice[]} notices of the address @param {import("./terms.js").TextQuery} query @returns {Message[]} */
export function messagesFor(index, state, notices, query) {
  return [
    ...notices.map(({ kind, key, value }) => ({ text: aboutAddress(kind, key, value) })),
    ...unknownValues(index, state).map(({ facet, key }) => aboutValue(index, facet, key)),
    ...aboutJoin(index, state),
    ...aboutRejected(state),
    ...aboutText(state, query),
  ];
}

/** @param {Notice["kind"]} kind @param {string} key @param {string} value */
function aboutAddress(kind, key, value) {
  if (kind === "too-long") return "The address is too long; only its start was read.";
  if (kind === "not-yet") return `“${key}” is part of the address but not available in this version, so it changes nothing here.`;
  if (kind === "unknown-key") return `“${key}” in the address is not known and changes nothing.`;
  return `“${value}” is no possible value of “${key}” and changes nothing.`;
}

/** @param {Index} index @param {string} facet @param {string} key @returns {Message} */
function aboutValue(index, facet, key) {
  return { text: `No case has “${key.slice(1)}” as its ${(index.facets.get(facet)?.title ?? facet).toLowerCase()}; the value is not known in this release.` };
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
  if (typed && query.isEmpty) return [{ text: `There is no word to look for in “${typed}”, so it changes nothing.` }];
  const phrases = query.phrases.filter((phrase) => /\s/.test(phrase)).map((phrase) => `“${phrase}”`);
  return phrases.length > 0 ? [{ text: `All words of ${phrases.join(", ")} occur in each case, not always side by side.` }] : [];
}
