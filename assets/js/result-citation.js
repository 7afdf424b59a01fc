/**
 * How to cite a result: what was asked, how many of how many, in which release, and the fingerprint of the list. Pure;
 * atlas_build/render/citations.py writes the same, and tests/js/fixtures/results.json holds both together.
 */
import { sha256 } from "./fingerprint.js";
import { escapeTex, isSettable, oneLine } from "./tex.js";
import { monthName } from "./words.js";

/**
 * @typedef {object} Result
 * @property {string} atlas its title
 * @property {string} words what was asked
 * @property {string} share "213 of 9,481 cases"
 * @property {string} release or ""
 * @property {string} released its day, `2026-11-20`, or ""
 * @property {string} print
 * @property {string} address
 */

const UNSETTABLE = "[...] stands for characters that TeX cannot set here";

/** `2026-11-20` as `20 Nov 2026`. @param {string} day */
export const dayWords = (day) => `${Number(day.slice(8))} ${monthName(day)}`;

/** Other questions may list the same cases, so the address has its part in it. @param {Result} result */
const keyOf = ({ print, address }) => `atlas_result_${print.slice(0, 8)}_${sha256(address.slice(address.indexOf("?"))).slice(0, 6)}`;

/** What was asked, as a title: on one line, without the quotation marks that stand around titles. @param {string} asked @param {string} sample how it was drawn, or "" */
export function titleWords(asked, sample) {
  return oneLine(capital([asked, sample].filter(Boolean).join("; "))).replaceAll("“", "‘").replaceAll("”", "’");
}

/** @param {Result} result */
const markOf = ({ release, print }) => `fingerprint ${print}${release ? "" : ", not yet released"}`;

/** What else is said of it. @param {Result} result @param {...string} before */
const noteOf = (result, ...before) => [...before, markOf(result), ...(result.release ? [`release ${result.release}`] : [])];

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** One sentence or two. @param {Result} result */
export function resultText(result) {
  const { atlas, words, share, released, address } = result;
  const [year, day] = released ? [` (${released.slice(0, 4)})`, ` of ${dayWords(released)}`] : ["", ""];
  return `${atlas}${year}. “${words}”. ${noteOf(result, share).join(", ")}${result.release ? day : ""}. ${address}`;
}

/** @param {Result} result */
export function resultBibtex(result) {
  const { atlas, words, share, release, released, address } = result;
  const note = [...noteOf(result), ...(isSettable(words) ? [] : [UNSETTABLE])].join("; ");
  const fields = [
    ["author", `{${escapeTex(atlas)}}`],
    ["title", `{${escapeTex(words)}}`],
    ["year", released.slice(0, 4)],
    ["howpublished", escapeTex(`${atlas}, ${share}`)],
    ["version", escapeTex(release)],
    ["url", address],
    ["note", escapeTex(capital(note))],
  ];
  const lines = fields.filter(([, value]) => value !== "").map(([key, value]) => `  ${key} = {${value}}`);
  return `@misc{${[keyOf(result), ...lines].join(",\n")}\n}`;
}

/** Lines end in a line feed here; a RIS file has CRLF. @param {Result} result */
export function resultRis(result) {
  const { atlas, words, share, release, released, address } = result;
  const tags = [
    ["TY", "DATA"], ["ID", keyOf(result)], ["AU", atlas], ["TI", words], ["PY", released.slice(0, 4)],
    ["DA", released.replaceAll("-", "/")], ["PB", atlas], ["ET", release], ["UR", address],
    ["N1", capital(noteOf(result, share).join(", "))],
  ];
  return `${[...tags.filter(([, value]) => value !== "").map(([tag, value]) => `${tag}  - ${value}`), "ER  - "].join("\n")}\n`;
}

/** CSL-JSON, an array of one item, one line a field. @param {Result} result */
export function resultCsl(result) {
  const { atlas, words, share, release, released, address } = result;
  /** @type {[string, unknown][]} */
  const fields = [
    ["id", keyOf(result)], ["type", "dataset"], ["title", words], ["author", [{ literal: atlas }]],
    ["issued", released ? { "date-parts": [released.split("-").map(Number)] } : ""], ["publisher", atlas], ["version", release],
    ["note", `${share}, ${markOf(result)}`], ["URL", address],
  ];
  const lines = fields.filter(([, value]) => value !== "").map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `[{\n${lines.join(",\n")}\n}]`;
}

/** The share as a link, with a footnote for those who read on paper. @param {Result} result */
export function resultLatex(result) {
  const { atlas, words, share, address } = result;
  const url = address.replace(/[%#]/g, "\\$&");
  const note = escapeTex(noteOf(result, atlas, share).join(", "));
  return `% \\usepackage{hyperref}\n\\href{${url}}{${escapeTex(share)}}\\footnote{${note}: \`\`${escapeTex(words)}'', \\url{${url}}.}`;
}

/** @type {readonly {name: string, newline: string, write: (result: Result) => string}[]} */
export const FORMATS = Object.freeze([
  { name: "BibTeX", newline: "", write: resultBibtex },
  { name: "RIS", newline: "crlf", write: resultRis },
  { name: "CSL-JSON", newline: "", write: resultCsl },
  { name: "LaTeX", newline: "", write: resultLatex },
]);

/** An address in which nothing can end a field of BibTeX or LaTeX; it reads as the same. @param {string} address */
export function safeAddress(address) {
  return address.replace(/[^\x21-\x7e]|[\\{}|^`"<>]/gu, (char) => encodeURIComponent(/\p{Surrogate}/u.test(char) ? "\ufffd" : char));
}
