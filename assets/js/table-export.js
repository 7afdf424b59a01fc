/** What a view shows, as CSV and LaTeX, with its caption, which names the base of the numbers. */
import { escapeTex } from "./tex.js";

/**
 * @typedef {string | number | null} Cell numbers are not yet rounded; null is an empty cell
 * @typedef {{title: string, digits?: number}} Column digits: it holds numbers, shown with so many decimals
 *
 * @typedef {object} ExportTable
 * @property {string} name of a file, without its ending
 * @property {string} caption
 * @property {Column[]} columns
 * @property {Cell[][]} rows
 */

const FORMULA_STARTS = ["=", "+", "-", "@", "\t", "\r"];

/**
 * RFC 4180: comma, CRLF, a header, as many fields in every record. The caption stands in the last field of each record,
 * so that no reader has to skip a line. Text that a spreadsheet would run as a formula gets an apostrophe in front.
 * @param {ExportTable} table
 */
export function toCsv({ caption, columns, rows }) {
  const records = [[...columns.map(({ title }) => title), "caption"], ...rows.map((row) => [...row, caption])];
  return records.map((record) => `${record.map(writeField).join(",")}\r\n`).join("");
}

/** @param {Cell} cell */
function writeField(cell) {
  if (cell === null) return "";
  if (typeof cell === "number") return String(Number.isInteger(cell) ? cell : Number(cell.toPrecision(6)));
  const text = FORMULA_STARTS.some((start) => cell.startsWith(start)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table for the booktabs package. @param {ExportTable} table @param {string} address where it comes from, a comment */
export function toLatex({ caption, columns, rows }, address) {
  // After the end of a row, a bracket or a star would be read as its argument.
  const line = (/** @type {string[]} */ cells) => `${cells.join(" & ").replace(/^(?=[[*])/, "{}")} \\\\`;
  return [
    `% ${address.replace(/\s/g, "")}`,
    "% \\usepackage{booktabs}",
    "\\begin{table}",
    "\\centering",
    `\\caption{${escapeTex(caption)}}`,
    `\\begin{tabular}{${columns.map(({ digits }) => (digits === undefined ? "l" : "r")).join("")}}`,
    "\\toprule",
    line(columns.map(({ title }) => escapeTex(title))),
    "\\midrule",
    ...rows.map((row) => line(row.map((cell, i) => writeTex(cell, columns[i].digits ?? 0)))),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

/** @param {Cell} cell @param {number} digits */
function writeTex(cell, digits) {
  if (cell === null) return "";
  if (typeof cell === "string") return escapeTex(cell);
  const [whole, ...decimals] = Math.abs(cell).toFixed(digits).split(".");
  const text = [whole.replace(/\B(?=(?:\d{3})+$)/g, "{,}"), ...decimals].join(".");
  return cell < 0 && /[1-9]/.test(text) ? `$-$${text}` : text;
}
