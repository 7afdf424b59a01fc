/** Cases side by side with the most alike one that differs in one thing. */
import { countPaired, openContrasts, pairsOf } from "../contrasts.js";
import { valuesOf } from "../decode.js";
import { change, CONTRASTS } from "../state.js";
import { codeOf, conditions, denominator, thousands, valueName } from "../words.js";
import { make } from "./dom.js";
import { showPager } from "./pager.js";
import { makeSelect, makeTakeAway, redraw } from "./redraw.js";
import { makeCard } from "./result-list.js";

/**
 * @typedef {import("../contrasts.js").Contrast} Contrast
 * @typedef {import("../contrasts.js").Pair} Pair
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../index-client.js").Card} Card
 * @typedef {import("./redraw.js").Context} Context
 */

const PAIRS_A_PAGE = 10;
/** The address of a contrast, and what it is called. */
const NAMES = new Map([["form,cause", "Same form, different cause"], ["cause,status", "Same cause, different resolution"]]);
/** What is told beside a facet, as part of the same question. */
const FURTHER = new Map([["status", ["status", "resolver"]]]);
const HOW_ALIKE = "The most alike share the rarest words and labels. Cases of one session are not paired, and causes that could not be determined are left out.";
/** What should be known of a contrast. */
const REMARKS = new Map([["cause,status", " RS2 (Unknown) says that no fix is visible, not that there was none."]]);

/** @param {HTMLElement} place @param {Context} context */
export async function show(place, context) {
  const { client, index, state, matches } = context;
  const axes = state.axes.length > 0 ? state.axes.join() : CONTRASTS[0];
  const contrasts = await client.part("contrasts.json", openContrasts);
  const contrast = contrasts.find(({ same, other }) => `${same},${other}` === axes);
  if (!contrast || !context.isWanted()) return;
  const pairs = pairsOf(contrast, matches);
  const pages = Math.max(1, Math.ceil(pairs.length / PAIRS_A_PAGE));
  const page = Math.min(state.page, pages);
  const start = (page - 1) * PAIRS_A_PAGE;
  const shown = pairs.slice(start, start + PAIRS_A_PAGE);
  const cards = await client.cards(index, shown.flatMap(({ one, other }) => [one, other]));
  if (!context.isWanted() || matches.count() === 0) return void redraw(place, []);
  const caption = captionOf(contrast, pairs.length, context);
  const tools = make("div", { class: "view-tools" }, makeChoice(axes, context));
  const told = make("p", { class: "pairs-caption" }, `${caption} ${HOW_ALIKE}${REMARKS.get(axes) ?? ""}${state.page > pages ? ` There is no page ${thousands(state.page)}; this is the last one.` : ""}`);
  const list = make("ol", { class: "pairs", start: String(start + 1) }, ...shown.map((pair, i) => makePair(pair, start + i + 1, cards.slice(2 * i, 2 * i + 2), contrast, context)));
  const pager = make("nav", { class: "pager", "aria-label": "Pages of pairs" });
  showPager(pager, { ...state, page }, pages, pairs.length, PAIRS_A_PAGE, "pairs");
  const rows = pairs.length > 0 ? [list, pager, makeTakeAway(exported(shown, cards, contrast, `${caption} In this table: pairs ${thousands(start + 1)} to ${thousands(start + shown.length)}.`, context))] : [];
  redraw(place, [tools, told, ...rows]);
}

/** @param {string} axes @param {Context} context */
function makeChoice(axes, { state, go }) {
  const options = CONTRASTS.map((value) => ({ value, name: NAMES.get(value) ?? value }));
  return makeSelect("contrast", "Pairs with the", options.map(({ value, name }) => ({ value, name: name.charAt(0).toLowerCase() + name.slice(1) })), axes, (value) => go(change(state, { axes: value === CONTRASTS[0] ? [] : value.split(","), kept: state.kept.filter(([key]) => key !== "axes") })));
}

/** @param {Contrast} contrast @param {number} count @param {Context} context */
function captionOf(contrast, count, { index, said, matches }) {
  const name = NAMES.get(`${contrast.same},${contrast.other}`) ?? "";
  const base = denominator(index, said);
  const words = conditions(index, said);
  const all = matches.count();
  const of = `${thousands(all)} ${all === 1 ? base.one : base.word}` + (words && ` (${words})`);
  const paired = countPaired(contrast, matches);
  const sample = said.sample === null ? "" : " The sample is not applied here.";
  if (count === 0) return `${name}: none of ${of} has such a counterpart that shares a rare word of its name or description.${sample}`;
  const where = all < base.count ? ", here or outside this selection" : "";
  return `${name}: ${thousands(paired)} of ${of} ${paired === 1 ? "has" : "have"} such a counterpart that shares a rare word of its name or description${where}; ${thousands(count)} ${count === 1 ? "pair" : "pairs"}, the most alike first.${sample}`;
}

/** @param {Pair} pair @param {number} number of the pair @param {Card[]} cards of both @param {Contrast} contrast @param {Context} context */
function makePair({ one, other }, number, cards, { same, other: differing, words }, { index, look, template, matches }) {
  const both = make("div", { class: "pair-same" }, make("h3", {}, `Pair ${thousands(number)}: `, ...labelsOf(index, same, one)), make("p", {}, `both say ${words(one).map((word) => `“${word}”`).join(", ")}`));
  const sides = [one, other].map((ordinal, i) => {
    const outside = matches.has(ordinal) ? [] : [" ", make("span", { class: "hint" }, "outside this selection")];
    const label = make("p", { class: "pair-other" }, make("span", { class: "pair-side-name" }, "AB"[i]), ...labelsOf(index, differing, ordinal), ...outside);
    return make("div", { class: "pair-side" }, label, makeCard(template, cards[i], look));
  });
  return make("li", { class: "pair" }, both, make("div", { class: "pair-sides" }, ...sides));
}

/** Codes with their names. @param {Index} index @param {string} facet @param {number} ordinal */
function labelsOf(index, facet, ordinal) {
  const found = keysOf(index, facet, ordinal).map(([name, key]) => make("span", {}, make("span", { class: "code" }, codeOf(index, name, key)), ` ${valueName(index, name, key)}`));
  return found.flatMap((label, i) => (i > 0 ? [" and ", label] : [label]));
}

/** @param {Index} index @param {string} facet @param {number} ordinal @returns {[string, string][]} */
function keysOf(index, facet, ordinal) {
  return (FURTHER.get(facet) ?? [facet]).flatMap((name) => valuesOf(index, name, ordinal).filter((key) => key.startsWith("=")).map((key) => /** @type {[string, string]} */ ([name, key])));
}

/** @param {Pair[]} pairs of the page @param {Card[]} cards of both of each @param {Contrast} contrast @param {string} caption @param {Context} context */
function exported(pairs, cards, { same, other }, caption, { index }) {
  const title = (/** @type {string} */ facet) => index.facets.get(facet)?.title ?? facet;
  const codes = (/** @type {string} */ facet, /** @type {number} */ ordinal) => keysOf(index, facet, ordinal).map(([, key]) => key.slice(1)).join(" ");
  const sides = ["A", "B"].flatMap((side) => [{ title: `Id ${side}` }, { title: `Case ${side}` }, { title: `${title(other)} ${side}` }]);
  return {
    name: "pairs",
    caption,
    columns: [{ title: title(same) }, ...sides],
    rows: pairs.map((pair, i) => [codes(same, pair.one), ...[pair.one, pair.other].flatMap((ordinal, side) => [cards[2 * i + side].id, cards[2 * i + side].name, codes(other, ordinal)])]),
  };
}
