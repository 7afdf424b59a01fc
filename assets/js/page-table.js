/** Tables as they were read from a page, made ready to be taken away as one. */

/**
 * @typedef {object} PageRow
 * @property {string} code of the row's head, or ""
 * @property {string} name
 * @property {string} about a gloss
 * @property {string[]} cells as they are shown
 * @property {number | null} all cases of the whole corpus with this value
 *
 * @typedef {object} PageTable
 * @property {string} part what sets it apart from the other tables
 * @property {string[]} heads of the row's head, then of the cells
 * @property {number | null} of what the first number is a share of
 * @property {number | null} whole what `all` is a share of
 * @property {PageRow[]} rows
 *
 * @typedef {import("./table-export.js").Cell} Cell
 * @typedef {import("./table-export.js").Column} Column
 * @typedef {{column: Column, cells: Cell[]}} Filled a column with its cells
 */

const NUMBER = /^[+\u2212-]?\d[\d,]*(\.\d+)?( ?%)?$/;

/** `1,204` as 1204, `−3` as -3, `40.0 %` as 40; null where there is no number. @param {string} text */
export function readNumber(text) {
  return NUMBER.test(text) ? Number(text.replace(/[,% ]/g, "").replace("\u2212", "-")) : null;
}

/**
 * One table of several: what sets them apart, what the rows are (code, name and gloss in columns of their own, as far as
 * there are any), the numbers, and the shares and lift that follow from their bases. Columns without content are left out.
 * @param {{name: string, caption: string, by: string, head: string, about: string}} words by: what sets the tables apart; head: of the rows, or "" for the tables' own
 * @param {PageTable[]} tables
 * @returns {import("./table-export.js").ExportTable}
 */
export function joinTables({ name, caption, by, head, about }, tables) {
  const rows = tables.flatMap((table) => table.rows.map((row) => ({ table, row })));
  const title = head || (tables[0]?.heads[0] ?? "");
  const isNamed = rows.some(({ row }) => row.name !== "");
  const columns = [
    ...(by ? [textColumn(by, rows.map(({ table }) => table.part))] : []),
    textColumn(isNamed ? "Code" : title, rows.map(({ row }) => row.code)),
    textColumn(title, rows.map(({ row }) => row.name)),
    ...numberColumns(rows),
    textColumn(about, rows.map(({ row }) => row.about)),
  ].filter(({ cells }) => cells.some((cell) => cell !== null && cell !== ""));
  return { name, caption, columns: columns.map(({ column }) => column), rows: rows.map((_, i) => columns.map(({ cells }) => cells[i])) };
}

/** @param {string} title @param {string[]} cells @returns {Filled} */
function textColumn(title, cells) {
  return { column: { title }, cells };
}

/** The cells, and after the first numbers what follows from the bases. @param {{table: PageTable, row: PageRow}[]} rows */
function numberColumns(rows) {
  const titles = [...new Set(rows.flatMap(({ table }) => table.heads.slice(1)))];
  const shown = titles.map((title) => cellColumn(title, rows.map(({ table, row }) => row.cells[table.heads.indexOf(title) - 1] ?? "")));
  const place = shown.findIndex(({ column, cells }) => column.digits !== undefined && cells.some((cell) => cell !== null));
  if (place < 0) return shown;
  const derived = deriveColumns(rows, shown[place].cells.map((cell) => (typeof cell === "number" ? cell : null)));
  return [...shown.slice(0, place + 1), ...derived, ...shown.slice(place + 1)];
}

/** Numbers where all cells are, with as many decimals as they have; else text. @param {string} title @param {string[]} texts @returns {Filled} */
function cellColumn(title, texts) {
  const numbers = texts.map(readNumber);
  if (texts.some((text, i) => text !== "" && numbers[i] === null)) return textColumn(title, texts);
  const digits = Math.max(0, ...texts.map((text) => (/\.(\d+)/.exec(text)?.[1] ?? "").length));
  return { column: { title, digits }, cells: numbers };
}

/** @param {{table: PageTable, row: PageRow}[]} rows @param {(number | null)[]} counts @returns {Filled[]} */
function deriveColumns(rows, counts) {
  const here = rows.map(({ table }, i) => divide(counts[i], table.of));
  const everywhere = rows.map(({ table, row }) => divide(row.all, table.whole));
  return [
    { column: { title: "Share, %", digits: 1 }, cells: here.map(percent) },
    { column: { title: "All cases", digits: 0 }, cells: rows.map(({ row }) => row.all) },
    { column: { title: "Share of all, %", digits: 1 }, cells: everywhere.map(percent) },
    { column: { title: "Lift", digits: 2 }, cells: here.map((share, i) => divide(share, everywhere[i])) },
  ];
}

/** @param {number | null} share */
const percent = (share) => (share === null ? null : 100 * share);

/** @param {number | null} part @param {number | null} whole */
const divide = (part, whole) => (part !== null && whole ? part / whole : null);
