/**
 * A list of cases as CSV, JSON Lines, BibTeX and Markdown. Pure: rows in, text out. Every file begins with what was
 * asked, where it is found again, and of how many.
 */
import { fingerprint } from "./fingerprint.js";
import { escapeTex, isSettable, oneLine } from "./tex.js";

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} url
 * @property {string} name
 * @property {string} date day of the session, or ""
 * @property {Record<string, string[]>} labels facet -> values; none where nothing is recorded
 * @property {number | null} userTurns
 * @property {number | null} agentTurns
 * @property {string} description beginning of it
 * @property {string} quote beginning of the developer's pushback, or ""
 * @property {string} [note] the reader's own
 *
 * @typedef {object} About
 * @property {string} title of the atlas
 * @property {string} words what was asked, in words
 * @property {string} address where the same list is shown
 * @property {string} release or ""
 * @property {string} released day of the release, or ""
 * @property {string} base "213 of 9,481 cases"
 * @property {boolean} hasAddresses whether the atlas has a lasting address, which citations may carry
 *
 * @typedef {"csv" | "jsonl" | "bib" | "md"} Format
 */

/** @type {readonly {format: Format, name: string, type: string}[]} */
export const FORMATS = Object.freeze([
  { format: "csv", name: "CSV", type: "text/csv" },
  { format: "jsonl", name: "JSON Lines", type: "application/jsonl" },
  { format: "bib", name: "BibTeX", type: "application/x-bibtex" },
  { format: "md", name: "Markdown", type: "text/markdown" },
]);
export const LABELS = Object.freeze([
  "form", "cause:tier", "severity", "locus", "status", "resolver", "workflow", "agent", "goal", "source", "license",
  "confidence", "scrubbed", "validation", "invalid",
]);
const STRIP = Object.freeze(["form", "cause:tier", "severity", "locus", "status", "resolver", "workflow"]);
const FORMULA_STARTS = Object.freeze(["=", "+", "-", "@", "\t", "\r"]);
const LONGEST_TITLE = 200;
const PLACEHOLDER = /\[[A-Z][A-Z_]*_[1-9][0-9]{0,5}\]/g;

/** @param {Format} format @param {About} about @param {Row[]} rows */
export function writeExport(format, about, rows) {
  if (format === "csv") return writeCsv(about, rows);
  if (format === "jsonl") return writeJsonLines(about, rows);
  return format === "bib" ? writeBibtex(about, rows) : writeMarkdown(about, rows);
}

/** @param {About} about */
export function fileName({ title, release }, /** @type {Format} */ format) {
  const words = `${title} ${release} cases`.toLowerCase().match(/[a-z0-9.]+/g) ?? ["cases"];
  return `${words.join("-")}.${format}`;
}

/** The fingerprint of the list, which is that of the link in its head. @param {Row[]} rows */
const printOf = (rows) => fingerprint(rows.map(({ id }) => id));

/** What every file begins with. @param {About} about @param {Row[]} rows @returns {[string, string][]} */
function headOf({ title, words, address, release, released, base }, rows) {
  return [
    ["Atlas", title],
    ["Release", release ? `${release}${released ? `, ${released}` : ""}` : "none"],
    ["Query", words || "all cases"],
    ["Address", address],
    ["Cases", `${base}, fingerprint ${printOf(rows)}`],
  ].map(([name, value]) => [name, oneLine(value)]);
}

/** Five comment lines, then RFC 4180: comma, CRLF, a header. @param {About} about @param {Row[]} rows */
export function writeCsv(about, rows) {
  const hasNotes = rows.some(({ note }) => note !== undefined);
  const labels = LABELS.map((name) => name.replace(":", "_"));
  const header = ["id", "url", "name", "date", ...labels, "user_turns", "agent_turns", "description_begins", "quote_begins", ...(hasNotes ? ["note"] : [])];
  const records = rows.map((row) => [
    row.id, row.url, row.name, row.date, ...LABELS.map((name) => (row.labels[name] ?? []).join(" ")),
    String(row.userTurns ?? ""), String(row.agentTurns ?? ""), row.description, row.quote, ...(hasNotes ? [row.note ?? ""] : []),
  ]);
  const lines = [...headOf(about, rows).map(([name, value]) => `# ${name}: ${value}`), ...[header, ...records].map((record) => record.map(writeField).join(","))];
  return lines.map((line) => `${line}\r\n`).join("");
}

/** Cells that a spreadsheet would run as a formula get an apostrophe in front. @param {string} cell */
function writeField(cell) {
  const text = FORMULA_STARTS.some((start) => cell.startsWith(start)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The first line tells what the others are. @param {About} about @param {Row[]} rows */
export function writeJsonLines(about, rows) {
  const named = headOf(about, rows).map(([name, value]) => [name.toLowerCase(), value]);
  const head = { about: { ...Object.fromEntries(named), cases: about.base, fingerprint: printOf(rows) } };
  return [head, ...rows].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** One `@misc` a case, the same as on its page. @param {About} about @param {Row[]} rows */
export function writeBibtex(about, rows) {
  const head = headOf(about, rows).map(([name, value]) => `% ${name}: ${value.replaceAll("@", "(at)")}\n`).join("");
  return [head, ...rows.map((row) => `${bibtexOf(about, row)}\n`)].join("\n");
}

/** @param {About} about @param {Row} row */
export function bibtexOf({ title: atlas, release, released, hasAddresses }, { id, url, name, labels }) {
  const what = labels.validation?.includes("INVALID") ? "rejected candidate" : "case";
  const title = shorten(oneLine(name), LONGEST_TITLE) || "Untitled case";
  const note = [release && `release ${release}`, !isSettable(title) && "[...] stands for characters that TeX cannot set here"].filter(Boolean).join("; ");
  const fields = [
    ["author", `{${escapeTex(atlas)}}`],
    ["title", `{${escapeTex(title)}}`],
    ["year", released.slice(0, 4)],
    ["howpublished", escapeTex(`${atlas}, ${what} ${id}`)],
    ["version", escapeTex(release)],
    ["url", hasAddresses ? `${url}${release ? `?r=${encodeURIComponent(release)}` : ""}` : ""],
    ["note", escapeTex(note.charAt(0).toUpperCase() + note.slice(1))],
  ];
  const lines = fields.filter(([, value]) => value !== "").map(([key, value]) => `  ${key} = {${value}}`);
  return `@misc{${[id.toLowerCase().replaceAll("-", "_"), ...lines].join(",\n")}\n}`;
}

/** At most so many characters, cut between words and never inside a placeholder, as the pages do. @param {string} line @param {number} limit */
export function shorten(line, limit) {
  const characters = [...line];
  if (characters.length <= limit) return line;
  let cut = limit - 1;
  for (const match of line.matchAll(PLACEHOLDER)) {
    const start = [...line.slice(0, match.index)].length;
    if (start < cut && cut < start + match[0].length) cut = start;
  }
  const head = characters.slice(0, cut);
  const blank = head.lastIndexOf(" ");
  return `${(blank > Math.floor((cut * 2) / 3) ? head.slice(0, blank) : head).join("").replace(/[ ,;:.–-]+$/, "")}…`;
}

/** @param {About} about @param {Row[]} rows */
export function writeMarkdown(about, rows) {
  const head = headOf(about, rows).map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}\n`).join("");
  return `# ${escapeMarkdown(oneLine(about.title))}: ${escapeMarkdown(oneLine(about.words || "all cases"))}\n\n${head}\n${rows.map(writeItem).join("")}`;
}

/** @param {Row} row @param {number} place */
function writeItem({ id, url, name, date, labels, quote, note }, place) {
  const strip = STRIP.flatMap((facet) => labels[facet] ?? []).map((value) => value.replace(/:(?:na|none)$/, ""));
  const lines = [`${place + 1}. [${escapeMarkdown(oneLine(name) || "Untitled case")}](${url})  `, `   ${[id, ...strip, date || "undated"].map(escapeMarkdown).join(" · ")}`];
  if (quote) lines.push("", `   > ${escapeMarkdown(oneLine(quote))}`);
  if (note) lines.push("", `   Note: ${escapeMarkdown(oneLine(note))}`);
  return `${lines.join("\n")}\n\n`;
}

/** Text that Markdown shows as it is. @param {string} text */
function escapeMarkdown(text) {
  return text.replace(/[\\`*_{}[\]<>#|~&!]/g, "\\$&").replace(/^([-+]|\d+[.)])(?=\s|$)/, "\\$1");
}
