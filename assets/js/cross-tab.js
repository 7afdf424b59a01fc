/** Any two facets against each other: exact counts, shares, lift, and the address that lists the cases of a cell. */
import { change, choiceOf, choose } from "./state.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./bitset.js").BitSet} BitSet
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} CrossTab
 * @property {[string, string]} axes facets of rows and columns
 * @property {string[]} rows keys in the order of the codebook
 * @property {string[]} columns
 * @property {number[][]} cells how many cases have both values
 * @property {number[]} rowTotals how many cases have the row's value, whatever stands in the columns
 * @property {number[]} columnTotals
 * @property {number} total how many cases there are; each is counted once here, perhaps in several cells
 */

export const DEFAULT_AXES = Object.freeze(["form", "cause"]);

/** @param {Index} index @param {BitSet} matches @param {string} row facet @param {string} column facet @returns {CrossTab} */
export function crossTab(index, matches, row, column) {
  const down = present(index, matches, row);
  const across = present(index, matches, column);
  const columnSets = across.map((key) => setOf(index, column, key));
  const cells = down.map((key) => {
    const inRow = matches.clone().and(setOf(index, row, key));
    return columnSets.map((set) => inRow.countAnd(set));
  });
  return {
    axes: [row, column],
    rows: down,
    columns: across,
    cells,
    rowTotals: down.map((key) => matches.countAnd(setOf(index, row, key))),
    columnTotals: columnSets.map((set) => matches.countAnd(set)),
    total: matches.count(),
  };
}

/** @param {Index} index @param {string} facet @param {string} key */
const setOf = (index, facet, key) => /** @type {BitSet} */ (index.facets.get(facet)?.sets.get(key));

/** Labels of the codebook stay when nothing has them; other values, and kinds of what was scrubbed, appear as they occur. @param {Index} index @param {BitSet} matches @param {string} name */
function present(index, matches, name) {
  const facet = index.facets.get(name);
  const isOpen = name === "scrubbed";
  return facet?.keys.filter((key) => (facet.names.has(key) && !isOpen) || matches.countAnd(setOf(index, name, key)) > 0) ?? [];
}

/**
 * What a cell shows: a count, a share of its row or column (0 to 1), or lift, which is how many times more often two
 * values meet than if they were independent: n * n_ij / (n_i * n_j). Null where nothing can be divided.
 * @param {CrossTab} tab @param {string} measure "" for the count @param {number} row @param {number} column
 */
export function measureOf(tab, measure, row, column) {
  const count = tab.cells[row][column];
  if (measure === "rows") return divide(count, tab.rowTotals[row]);
  if (measure === "columns") return divide(count, tab.columnTotals[column]);
  return measure === "lift" ? divide(count * tab.total, tab.rowTotals[row] * tab.columnTotals[column]) : count;
}

/** How many cases a cell would have if its two values were independent. @param {CrossTab} tab @param {number} row @param {number} column */
export function expectedIn(tab, row, column) {
  return tab.total > 0 ? (tab.rowTotals[row] * tab.columnTotals[column]) / tab.total : 0;
}

/** @param {number} part @param {number} whole */
function divide(part, whole) {
  return whole > 0 ? part / whole : null;
}

/** The cells of which a case may stand in several: an axis whose facet allows several values. @param {Index} index @param {CrossTab} tab */
export function isMultiple(index, tab) {
  return tab.axes.some((name) => index.facets.get(name)?.multiple);
}

/**
 * The list of the cases of a state that also have a value, as a state; null where the query language has no words for it.
 * @param {State} state @param {string} axis @param {string} key @returns {State | null}
 */
export function narrow(state, axis, key) {
  const list = change(state, { view: "", axes: [], cols: [], compare: null, sample: null, stratify: "" });
  if (axis === "month") return key.startsWith("=") ? { ...list, from: key.slice(1), to: key.slice(1) } : null;
  const facet = axis === "cause:tier" ? "cause" : axis;
  const { include, exclude, all } = choiceOf(state, facet);
  const isAnyOf = include.length > 1 && !all;
  if (isAnyOf && !include.includes(key)) return null;
  const both = isAnyOf || include.includes(key) ? include : [...include, key];
  return choose(list, facet, isAnyOf ? { include: [key], exclude, all: false } : { include: both, exclude, all: both.length > 1 });
}

/** The list of a cell. Which value comes first matters where one of them was among several chosen. @param {State} state @param {CrossTab} tab @param {string} row key @param {string} column key */
export function cellState(state, { axes: [down, across] }, row, column) {
  const byRow = narrow(state, down, row);
  const byColumn = narrow(state, across, column);
  return (byRow && narrow(byRow, across, column)) ?? (byColumn && narrow(byColumn, down, row));
}
