/** Two selections side by side: shares of both, and their difference with its interval. */
import { compareSets, dividing, keepAsA, pairOf, selectionsOf, swap } from "../compare.js";
import { unknownValues } from "../query.js";
import { FACETS, serialise } from "../state.js";
import { codeOf, conditions, denominator, thousands, valueName } from "../words.js";
import { make } from "./dom.js";
import { makeSelect, makeTakeAway, redraw } from "./redraw.js";

/**
 * @typedef {import("../compare.js").Group} Group
 * @typedef {import("../compare.js").Line} Line
 * @typedef {import("../state.js").State} State
 * @typedef {import("./redraw.js").Context} Context
 * @typedef {{words: string, size: number, state: State}} Side
 */

const SVG = "http://www.w3.org/2000/svg";
/** They often differ by design, and would make every other difference look small. */
const UNPLOTTED = Object.freeze(["source", "workflow"]);
const NO_RANKING = "This describes the two selections and ranks no agent or workflow: who logged, and for which work, differs too.";
const INTERVALS =
  "A − B is the difference of the shares in percentage points, with a 95 % interval (Newcombe's method 10). The intervals take cases as independent, " +
  "which those of one session or repository are not, so they are rather too narrow; and of many intervals one in twenty misses by chance.";

/** @param {HTMLElement} place @param {Context} context */
export async function show(place, context) {
  const { index, state } = context;
  const states = selectionsOf(state);
  const [a, b] = await Promise.all([context.select(states.a), context.select(states.b)]);
  if (!context.isWanted()) return;
  const found = compareSets(index, a.set, b.set, dividing(state));
  const sides = /** @type {[Side, Side]} */ ([states.a, states.b].map((one, i) => ({ words: sideWords(context, [a, b][i].said), size: found.sizes[i], state: one })));
  const caption = captionOf(sides, found.shared);
  const table = makeTable(found.groups, sides, widestOf(found.groups), context);
  const scroll = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Comparison" }, table);
  const texts = [...unknownIn(context, states), ...notesOf(sides, found.shared)];
  const notes = make("div", { class: "compare-notes" }, ...texts.map((text) => make("p", {}, text)));
  const tools = make("div", { class: "view-tools" }, makeControls(context));
  redraw(place, [tools, makeHead(sides), notes, scroll, makeTakeAway(exported(found.groups, found.sizes, caption, context))]);
}

/** The largest share that the plots must have room for; 0 when no line has an interval. @param {Group[]} groups */
function widestOf(groups) {
  if (!groups.some(({ lines }) => lines.some(({ interval }) => interval))) return 0;
  const plotted = groups.filter(({ facet }) => !UNPLOTTED.includes(facet));
  return Math.max(0.02, ...plotted.flatMap(({ lines }) => lines.flatMap(({ interval }) => (interval ? [Math.abs(interval.low), Math.abs(interval.high)] : []))));
}

/** The page names unknown values of its own filters; these are those of the comparison. @param {Context} context @param {{a: State, b: State}} states */
function unknownIn({ index, state }, { a, b }) {
  const own = unknownValues(index, state).map(({ facet, key }) => facet + key);
  const found = [...unknownValues(index, a), ...unknownValues(index, b)].filter(({ facet, key }) => !own.includes(facet + key));
  return [...new Set(found.map(({ facet, key }) => `No case has “${key.slice(1)}” under ${index.facets.get(facet)?.title ?? facet}.`))];
}

/** @param {Context} context @param {State} state */
function sideWords({ index }, state) {
  return conditions(index, state) || `all ${denominator(index, state).word}`;
}

/** @param {[Side, Side]} sides @param {number} shared */
function captionOf([a, b], shared) {
  const overlap = shared > 0 ? `; ${thousands(shared)} are in both, so there are no intervals` : "";
  return `Share of cases with a label in two selections. A: ${a.words}, n = ${thousands(a.size)}. B: ${b.words}, n = ${thousands(b.size)}${overlap}. ${NO_RANKING}`;
}

/** @param {[Side, Side]} sides */
function makeHead(sides) {
  const items = sides.map(({ words, size, state }, i) => {
    const link = make("a", { href: `?${serialise(state)}` }, `${thousands(size)} ${size === 1 ? "case" : "cases"}`);
    return make("p", {}, make("b", {}, i === 0 ? "A" : "B"), ` ${words}: `, link);
  });
  return make("div", { class: "compare-head" }, ...items);
}

/** @param {[Side, Side]} sides @param {number} shared */
function notesOf([a, b], shared) {
  const isSame = shared > 0 && shared === a.size && shared === b.size;
  if (a.size === 0 || b.size === 0) return ["One of the selections is empty, so there is nothing to compare."];
  if (isSame) return ["A and B are the same cases. Change a filter of the legend to choose B."];
  if (shared > 0) return [`${thousands(shared)} cases are in both selections. The interval of a difference holds only for selections without common cases, so it is left out.`, NO_RANKING];
  return [NO_RANKING, INTERVALS];
}

/** @param {Context} context */
function makeControls({ index, state, go }) {
  const { compare } = state;
  const facet = compare && "facet" in compare ? compare.facet : "";
  const named = FACETS.filter((name) => name !== "validation" && name !== "invalid" && pairOf(index, state, name).length === 2);
  const options = [...(facet ? [] : [{ value: "", name: "two values of ..." }]), ...named.map((name) => ({ value: name, name: index.facets.get(name)?.title ?? name }))];
  const controls = [
    makeSelect("facet", "Compare", options, facet, (name) => {
      const [a, b] = pairOf(index, state, name);
      if (b) go({ ...state, page: 1, compare: { facet: name, a, b } });
    }),
    ...(compare && "facet" in compare ? makeValues(compare, { index, state, go }) : []),
  ];
  const turn = make("button", { type: "button", "data-key": "turn" }, "Swap A and B");
  turn.addEventListener("click", () => go(swap(state)));
  const kept = `?${serialise(keepAsA(state))}`;
  const keep = make("a", { href: kept, "data-key": "keep", title: "Then change a filter of the legend to choose B" }, "Keep this selection as A, choose B");
  return make("p", {}, ...controls, turn, keep);
}

/** @param {{facet: string, a: string, b: string}} compare @param {Pick<Context, "index" | "state" | "go">} context */
function makeValues({ facet, a, b }, { index, state, go }) {
  const keys = index.facets.get(facet)?.keys ?? [];
  const options = [...new Set([...keys, a, b])].map((key) => ({ value: key, name: [codeOf(index, facet, key), valueName(index, facet, key)].filter(Boolean).join(" ") }));
  const set = (/** @type {{a?: string, b?: string}} */ change) => go({ ...state, page: 1, compare: { facet, a, b, ...change } });
  return [makeSelect("a", "A", options, a, (key) => set({ a: key })), makeSelect("b", "B", options, b, (key) => set({ b: key }))];
}

/** Columns for intervals only where there is one. @param {Group[]} groups @param {[Side, Side]} sides @param {number} widest @param {Context} context */
function makeTable(groups, sides, widest, context) {
  const number = (/** @type {string} */ text) => make("th", { scope: "col", class: "number" }, text);
  const shares = sides.map(({ size }, i) => number(`${i === 0 ? "A" : "B"}, % of ${thousands(size)}`));
  const scale = make("th", { scope: "col", class: "plot" }, `± ${(100 * widest).toFixed(0)} points`);
  const intervals = widest ? [make("th", { scope: "col" }, "95 % interval"), scale] : [];
  const head = make("tr", {}, make("th", { scope: "col" }, "Label"), ...shares, number("A − B"), ...intervals);
  const bodies = groups.map(({ facet, title, lines }) => {
    const heading = make("tr", {}, make("th", { scope: "rowgroup", colspan: `${4 + intervals.length}`, class: "group" }, title));
    return make("tbody", {}, heading, ...lines.map((line) => makeLine(facet, line, sides, widest, context)));
  });
  return make("table", { class: "plain compare" }, make("caption", { class: "vh" }, "Shares in A and B"), make("thead", {}, head), ...bodies);
}

/** @param {string} facet @param {Line} line @param {[Side, Side]} sides @param {number} widest @param {Context} context */
function makeLine(facet, { key, a, b, interval }, sides, widest, { index }) {
  const code = codeOf(index, facet, key);
  const name = make("th", { scope: "row" }, ...(code ? [make("span", { class: "code" }, code), " "] : []), valueName(index, facet, key));
  const cells = [makeShare(a, sides[0].size), makeShare(b, sides[1].size)];
  if (!interval) {
    const difference = sides.every(({ size }) => size > 0) ? signed(a / sides[0].size - b / sides[1].size) : "–";
    return make("tr", {}, name, ...cells, make("td", { class: "number difference" }, difference), ...(widest ? [make("td", { class: "limits" }, "–"), make("td", {})] : []));
  }
  const isClear = interval.low > 0 || interval.high < 0;
  const limits = `${signed(interval.low)} to ${signed(interval.high)}`;
  const tone = facet === "form" && key.startsWith("=") ? key.slice(1).toLowerCase() : false;
  return make(
    "tr",
    { class: isClear ? "clear" : "", "data-tone": tone },
    name,
    ...cells,
    make("td", { class: "number difference" }, signed(interval.difference)),
    make("td", { class: "limits" }, limits),
    make("td", { class: "plot" }, UNPLOTTED.includes(facet) || !widest ? "" : drawInterval(interval, widest)),
  );
}

/** @param {number} count @param {number} size */
function makeShare(count, size) {
  const percent = share(count, size);
  return make("td", { class: "number", title: `${thousands(count)} of ${thousands(size)}` }, percent === null ? "–" : percent.toFixed(1));
}

/** In percentage points, with a real minus. @param {number} share */
function signed(share) {
  const text = Math.abs(100 * share).toFixed(1);
  return Number(text) === 0 ? "0.0" : `${share < 0 ? "−" : "+"}${text}`;
}

/** A line from limit to limit with the difference marked on it, around zero. @param {{difference: number, low: number, high: number}} interval @param {number} widest */
function drawInterval({ difference, low, high }, widest) {
  const svg = document.createElementNS(SVG, "svg");
  const at = (/** @type {number} */ share) => (100 * share) / widest;
  const rects = [
    { class: "all", x: -0.4, y: 0, width: 0.8, height: 12 },
    { class: "now", x: at(low), y: 5, width: Math.max(0.5, at(high) - at(low)), height: 2 },
    { class: "now", x: at(difference) - 1.5, y: 2, width: 3, height: 8 },
  ];
  for (const [name, value] of Object.entries({ class: "interval", viewBox: "-103 0 206 12", preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const attributes of rects) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries(attributes)) rect.setAttribute(name, String(value));
    svg.append(rect);
  }
  return svg;
}

/** @param {Group[]} groups @param {[number, number]} sizes @param {string} caption @param {Context} context */
function exported(groups, sizes, caption, { index }) {
  const rows = groups.flatMap(({ facet, title, lines }) =>
    lines.map(({ key, a, b, interval }) => {
      const label = [codeOf(index, facet, key), valueName(index, facet, key)].filter(Boolean).join(" ");
      const limits = interval ? [100 * interval.difference, 100 * interval.low, 100 * interval.high] : [null, null, null];
      return [title, label, a, share(a, sizes[0]), b, share(b, sizes[1]), ...limits];
    }),
  );
  const counts = ["A", "B"].flatMap((side, i) => [{ title: `${side} (of ${sizes[i]})`, digits: 0 }, { title: `${side} %`, digits: 1 }]);
  const limits = ["Difference", "Lower 95 %", "Upper 95 %"].map((title) => ({ title, digits: 1 }));
  return { name: "comparison", caption, columns: [{ title: "Facet" }, { title: "Label" }, ...counts, ...limits], rows };
}

/** @param {number} count @param {number} size */
function share(count, size) {
  return size > 0 ? (100 * count) / size : null;
}
