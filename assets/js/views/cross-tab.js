/** Two facets against each other as a map: every cell opens its cases. */
import { cellState, crossTab, DEFAULT_AXES, expectedIn, isMultiple, measureOf, narrow } from "../cross-tab.js";
import { AXES, MEASURES, serialise } from "../state.js";
import { codeOf, conditions, denominator, thousands, valueName } from "../words.js";
import { make } from "./dom.js";
import { makeSelect, makeTakeAway, redraw } from "./redraw.js";

/**
 * @typedef {import("../cross-tab.js").CrossTab} CrossTab
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../state.js").State} State
 * @typedef {import("./redraw.js").Context} Context
 * @typedef {{context: Context, tab: CrossTab, measure: string, largest: number}} Sheet
 */

const MEASURE_NAMES = new Map([["", "Cases"], ["rows", "% of row"], ["columns", "% of column"], ["lift", "Lift"]]);
const HEAT_STEPS = 6;
/** With fewer cases expected, lift says little. */
const FEW_EXPECTED = 5;
const TOP_LIFT = 4;
const COMPARED_WITH_CARE = Object.freeze(["agent", "workflow"]);

/** @param {HTMLElement} place @param {Context} context */
export function show(place, context) {
  const { index, state, matches } = context;
  const [row, column, measure = ""] = state.axes.length > 0 ? state.axes : DEFAULT_AXES;
  const tab = crossTab(index, matches, row, column);
  const sheet = { context, tab, measure, largest: Math.max(1, ...tab.cells.flat()) };
  const caption = captionOf(sheet);
  const figure = make(
    "figure",
    { class: "map cross-tab" },
    make("figcaption", {}, caption),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Cross-tab" }, makeTable(sheet)),
    makeKey(sheet),
  );
  const tools = make("div", { class: "view-tools" }, makeAxes(sheet), makeMeasures(sheet));
  redraw(place, tab.total > 0 ? [tools, figure, makeTakeAway(exported(sheet, caption))] : []);
}

/** @param {Index} index @param {string} name */
function titleOf(index, name) {
  return index.facets.get(name)?.title ?? name;
}

/** Says what is counted, of what, and what may surprise. @param {Sheet} sheet */
function captionOf({ context: { index, said: state }, tab, measure }) {
  const [down, across] = tab.axes.map((name) => titleOf(index, name));
  const words = conditions(index, state);
  const base = denominator(index, state);
  const of = `${thousands(tab.total)} ${tab.total === 1 ? base.one : base.word}` + (words && ` (${words})`);
  const what = {
    "": `Number of cases with both values, of ${of}.`,
    rows: `Share of each row's cases, in percent; the last column is the base of its row, of ${of}.`,
    columns: `Share of each column's cases, in percent; the last row is the base of its column, of ${of}.`,
    lift: `Lift: how many times more often two values meet than if they were independent, of ${of}. Below 5 expected cases (soft) it says little.`,
  }[measure];
  const several = isMultiple(index, tab) ? " A case with several labels stands in several cells, so cells add up to more than their base." : "";
  const ranking = tab.axes.some((name) => COMPARED_WITH_CARE.includes(name)) ? " This ranks no agent or workflow: who logged, and for which work, differs too." : "";
  const sample = state.sample === null ? "" : " The sample is not applied here.";
  return `${down} by ${across.toLowerCase()}. ${what}${several}${ranking}${sample}`;
}

/** @param {Sheet} sheet */
function makeTable(sheet) {
  const { tab, context: { index } } = sheet;
  const [down, across] = tab.axes;
  const heads = tab.columns.map((key) => make("th", { scope: "col" }, makeLabel(sheet, across, key, !codeOf(index, across, key))));
  const rows = tab.rows.map((key, row) => {
    const head = make("th", { scope: "row" }, makeLabel(sheet, down, key, true));
    const tone = down === "form" && key.startsWith("=") ? key.slice(1).toLowerCase() : false;
    return make("tr", { "data-tone": tone }, head, ...tab.columns.map((_, column) => makeCell(sheet, row, column)), makeTotal(tab.rowTotals[row]));
  });
  const last = make("tr", { class: "totals" }, make("th", { scope: "row" }, "All"), ...tab.columnTotals.map(makeTotal), makeTotal(tab.total));
  const corner = make("td", {}, `${titleOf(index, down)} ↓ ${titleOf(index, across)} →`);
  const head = make("thead", {}, make("tr", {}, corner, ...heads, make("th", { scope: "col" }, "All")));
  return make("table", {}, head, make("tbody", {}, ...rows, last));
}

/** @param {number} count */
function makeTotal(count) {
  return make("td", { class: "total" }, thousands(count));
}

/** A value as a link to its cases: its code, and its name where it is not in the key below. @param {Sheet} sheet @param {string} axis @param {string} key @param {boolean} isNamed */
function makeLabel({ context: { index, state } }, axis, key, isNamed) {
  const code = codeOf(index, axis, key);
  const name = valueName(index, axis, key);
  const text = [...(code ? [make("span", { class: "code" }, code), " "] : []), make("span", { class: !isNamed ? "vh" : code ? "name" : "" }, name)];
  return linkTo(narrow(state, axis, key), name, text);
}

/** @param {State | null} state @param {string} title @param {(Node | string)[]} text */
function linkTo(state, title, text) {
  return state ? make("a", { href: `?${serialise(state)}`, title }, ...text) : make("span", { title }, ...text);
}

/** @param {Sheet} sheet @param {number} row @param {number} column */
function makeCell({ context: { index, state }, tab, measure, largest }, row, column) {
  const count = tab.cells[row][column];
  if (count === 0) return make("td", {}, make("span", { class: "zero" }, "·", make("span", { class: "vh" }, "0")));
  const value = measureOf(tab, measure, row, column) ?? 0;
  const [down, across] = [valueName(index, tab.axes[0], tab.rows[row]), valueName(index, tab.axes[1], tab.columns[column])];
  const title = `${down} with ${across}: ${thousands(count)} of ${thousands(tab.total)} cases`;
  const isDoubtful = measure === "lift" && expectedIn(tab, row, column) < FEW_EXPECTED;
  const link = linkTo(cellState(state, tab, tab.rows[row], tab.columns[column]), title, [write(value, measure)]);
  return make("td", { class: isDoubtful ? "doubtful" : `heat-${heatOf(value, measure, largest)}` }, link);
}

/** @param {number} value @param {string} measure */
function write(value, measure) {
  if (measure === "lift") return value.toFixed(2);
  return measure ? (100 * value).toFixed(1) : thousands(value);
}

/** 1 to 6; counts and shares by the square root, so that small cells stay apart, and lift by doublings above 1. @param {number} value @param {string} measure @param {number} largest */
function heatOf(value, measure, largest) {
  if (measure === "lift") return value <= 1 ? 0 : Math.min(HEAT_STEPS - 1, 1 + Math.floor((HEAT_STEPS - 2) * (Math.log2(value) / Math.log2(TOP_LIFT))));
  return 1 + Math.round((HEAT_STEPS - 1) * Math.sqrt(measure ? value : value / largest));
}

/** @param {Sheet} sheet */
function makeAxes({ context: { index, state, go }, tab, measure }) {
  const options = AXES.filter((name) => index.facets.has(name)).map((name) => ({ value: name, name: titleOf(index, name) }));
  const set = (/** @type {string} */ row, /** @type {string} */ column) => go({ ...state, axes: [row, column, ...(measure ? [measure] : [])] });
  const [down, across] = tab.axes;
  const turn = make("button", { type: "button", "data-key": "turn" }, "Swap");
  turn.addEventListener("click", () => set(across, down));
  return make(
    "p",
    {},
    makeSelect("row", "Rows", options, down, (value) => set(value, across)),
    makeSelect("column", "Columns", options, across, (value) => set(down, value)),
    turn,
  );
}

/** @param {Sheet} sheet */
function makeMeasures({ context: { state }, tab, measure }) {
  const links = ["", ...MEASURES].map((name) => {
    const href = `?${serialise({ ...state, axes: [...tab.axes, ...(name ? [name] : [])] })}`;
    return make("a", { href, "data-key": `measure ${name}`, "aria-current": name === measure && "true" }, MEASURE_NAMES.get(name) ?? name);
  });
  return make("p", { class: "views", role: "group", "aria-label": "What cells show" }, ...links);
}

/** The names of the columns' codes; on a phone those of the rows too. @param {Sheet} sheet */
function makeKey({ context: { index }, tab }) {
  const item = (/** @type {string} */ axis, /** @type {string} */ className) => (/** @type {string} */ key) =>
    make("li", { class: className }, make("span", { class: "code" }, codeOf(index, axis, key)), ` ${valueName(index, axis, key)}`);
  const [down, across] = tab.axes;
  const rows = tab.rows.filter((key) => codeOf(index, down, key)).map(item(down, "row-name"));
  return make("ul", { class: "map-key" }, ...rows, ...tab.columns.filter((key) => codeOf(index, across, key)).map(item(across, "")));
}

/** What is shown, with all bases. @param {Sheet} sheet @param {string} caption */
function exported({ context: { index }, tab, measure }, caption) {
  const [down, across] = tab.axes;
  const nameOf = (/** @type {string} */ axis, /** @type {string} */ key) => [codeOf(index, axis, key), valueName(index, axis, key)].filter(Boolean).join(" ");
  const digits = measure === "lift" ? 2 : measure ? 1 : 0;
  const scale = measure && measure !== "lift" ? 100 : 1;
  const rows = tab.rows.map((key, row) => {
    const cells = tab.columns.map((_, column) => {
      const value = measureOf(tab, measure, row, column);
      return value === null ? null : value * scale;
    });
    return [nameOf(down, key), ...cells, tab.rowTotals[row]];
  });
  const heads = tab.columns.map((key) => ({ title: nameOf(across, key), digits }));
  return {
    name: [down, "by", across, measure].filter(Boolean).join("-").replaceAll(":", "-"),
    caption,
    columns: [{ title: titleOf(index, down) }, ...heads, { title: "All (n)", digits: 0 }],
    rows: [...rows, ["All (n)", ...tab.columnTotals, tab.total]],
  };
}
