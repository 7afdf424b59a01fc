/** Draws the page for coding blind: the case without its labels, both codings side by side, and the agreement so far. */
import { AXES } from "../coding.js";
import { thousands } from "../words.js";
import { make } from "./dom.js";
import { writeText } from "./highlight.js";
import { makeTakeAway } from "./redraw.js";

/**
 * @typedef {import("../coding.js").Codes} Codes
 * @typedef {import("../pieces.js").Piece} Piece
 * @typedef {{name: string, own: readonly string[], study: readonly string[], isSame: boolean}} Compared one axis
 * @typedef {{name: string} & import("../coding.js").Agreement} AxisAgreement
 * @typedef {{id: string, own: Codes, study: Codes}} Coded
 */

/** Characters beyond which a text scrolls in a frame of its own. */
const LONG = 1200;
/** Below so many cases a kappa says little. */
const ENOUGH = 30;
const PLAIN = (/** @type {string} */ text) => [{ text, isHit: false }];

/** @param {HTMLElement} title @param {HTMLElement} place @param {import("../phrases.js").TextFile} texts @param {number} at place in the file @param {(text: string) => Piece[]} cut */
export function showCase(title, place, texts, at, cut) {
  writeText(title, cut(texts.names[at]), PLAIN);
  const story = make("p", { class: "story" });
  writeText(story, cut(texts.descriptions[at]), PLAIN);
  const quotes = texts.quotes[at].map((quote, i) => makeQuote(quote, texts.contexts[at][i] ?? "", i, cut));
  place.replaceChildren(story, make("h3", {}, "What was said"), make("ol", { class: "practice-quotes" }, ...quotes));
}

/** @param {string} quote @param {string} context @param {number} i @param {(text: string) => Piece[]} cut */
function makeQuote(quote, context, i, cut) {
  const isLong = quote.length > LONG;
  const words = make("blockquote", { class: "evidence", tabindex: isLong ? "0" : false, role: isLong ? "group" : false, "aria-label": isLong ? `Quote ${i + 1}` : false });
  writeText(words, cut(quote), PLAIN);
  const note = make("p", { class: "turn-context" });
  writeText(note, cut(context), PLAIN);
  return make("li", { class: isLong ? "long" : false }, words, ...(context ? [note] : []));
}

/** @param {HTMLElement} place @param {Compared[]} rows @param {string} href the case's own page */
export function showComparison(place, rows, href) {
  const cell = (/** @type {readonly string[]} */ codes) => make("td", { class: "code" }, codes.join(" + ") || "not recorded");
  const body = rows.map(({ name, own, study, isSame }) => make("tr", {}, make("th", { scope: "row" }, name), cell(own), cell(study), make("td", {}, isSame ? "same" : study.length > 0 ? "differs" : "")));
  const head = make("tr", {}, ...["Axis", "You", "The study", "Compared"].map((text) => make("th", { scope: "col" }, text)));
  place.replaceChildren(
    make("table", { class: "plain" }, make("caption", { class: "vh" }, "Your codes beside the study’s"), make("thead", {}, head), make("tbody", {}, ...body)),
    make("p", { class: "hint" }, "Both are marked among the labels, too. ", make("a", { href }, "The case page"), " has the annotator’s reasons."),
  );
}

/** @param {HTMLElement} place @param {AxisAgreement[]} rows @param {Coded[]} coded @param {ReadonlyMap<string, string>} names axis -> its name @param {() => void} forget */
export function showAgreement(place, rows, coded, names, forget) {
  const base = `${thousands(coded.length)} ${coded.length === 1 ? "case" : "cases"}`;
  const caption = `Agreement with the study’s labels over ${base}`;
  const table = {
    name: "blind-coding-agreement", caption,
    columns: [{ title: "Axis" }, { title: "Cases", digits: 0 }, { title: "Same", digits: 0 }, { title: "Same, %", digits: 1 }, { title: "Kappa", digits: 2 }],
    rows: rows.map(({ name, size, same, kappa }) => [name, size, same, size > 0 ? (100 * same) / size : null, kappa]),
  };
  const codes = {
    name: "blind-coding", caption: `Codes of one reader beside the study’s, ${base}`,
    columns: ["Case", "Axis", "Own", "Study"].map((title) => ({ title })),
    rows: coded.flatMap(({ id, own, study }) => AXES.map((axis) => [id, names.get(axis) ?? axis, own[axis].join(" + "), study[axis].join(" + ")])),
  };
  const drop = make("button", { type: "button" }, "Delete my codes of these cases");
  drop.addEventListener("click", forget);
  place.replaceChildren(
    makeTable(table),
    ...(coded.length < ENOUGH ? [make("p", { class: "hint" }, "With so few cases kappa can be far from what it would be over many.")] : []),
    grouped("Agreement", makeTakeAway(table)),
    make("h3", {}, "Your codes"),
    make("p", { class: "hint" }, "Beside the study’s, one line for each case and axis. They are kept in this browser only."),
    grouped("Your codes", makeTakeAway(codes)),
    make("p", { class: "code-buttons" }, drop),
  );
}

/** @param {string} label @param {HTMLElement} buttons */
function grouped(label, buttons) {
  return make("div", { role: "group", "aria-label": label }, buttons);
}

/** @param {import("../table-export.js").ExportTable} table */
function makeTable({ caption, columns, rows }) {
  const head = columns.map(({ title, digits }) => make("th", { scope: "col", class: digits === undefined ? false : "number" }, title));
  const cells = (/** @type {import("../table-export.js").Cell[]} */ row) =>
    row.map((cell, i) => (i === 0 ? make("th", { scope: "row" }, String(cell)) : make("td", { class: "number" }, typeof cell === "number" ? cell.toFixed(columns[i].digits) : "–")));
  const body = rows.map((row) => make("tr", {}, ...cells(row)));
  const made = make("table", { class: "plain" }, make("caption", { class: "vh" }, caption), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Agreement" }, made);
}
