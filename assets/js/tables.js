/**
 * On reading pages: folds from which a table or chart can be taken away. A page has an empty element of class take after
 * each element with data-take, or after the frame in which that scrolls. The attribute names the file. Further attributes,
 * all optional:
 *
 * - data-caption: with the base of the numbers, where the table's own caption is shorter; of several tables, data-by: what
 *   sets them apart, each with its data-part.
 * - data-heads: of the columns, parted by |, where the element has none; data-about: of the rows' glosses.
 * - data-of: what the first number is a share of. data-all: of a table, what the data-all of its rows are a share of.
 * - data-value of a cell: what is taken in place of its text. data-cells of a row that has none: theirs, parted by |.
 */
import { joinTables } from "./page-table.js";
import { make } from "./views/dom.js";
import { makeTakeAway } from "./views/redraw.js";

const UNSEEN = ".vh, svg";

/** Words that are seen, and the element of each. @param {Element} element @returns {[string, Element][]} */
function wordsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  /** @type {[string, Element][]} */
  const words = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent && !parent.closest(UNSEEN)) words.push([walker.currentNode.nodeValue ?? "", parent]);
  }
  return words;
}

/** On one line, as it is seen. @param {[string, Element][]} words */
function join(words) {
  return words.map(([text]) => text).join("").replace(/\s+/g, " ").trim();
}

/** @param {Element} element */
function textOf(element) {
  return join(wordsOf(element));
}

/** @param {HTMLElement} element @param {string} key */
function numberOf(element, key) {
  const text = element.dataset[key];
  return text === undefined ? null : Number(text);
}

/** A row's head by what its words are. @param {Element} head */
function readHead(head) {
  const words = wordsOf(head);
  const isOf = (/** @type {string} */ selector) => (/** @type {[string, Element]} */ [, parent]) => parent.closest(selector) !== null;
  const [isCode, isGloss] = [isOf(".code, .id"), isOf(".gloss")];
  return { code: join(words.filter(isCode)), name: join(words.filter((word) => !isCode(word) && !isGloss(word))), about: join(words.filter(isGloss)) };
}

/** @param {HTMLElement} row */
function readRow(row) {
  const [head, ...others] = /** @type {HTMLElement[]} */ ([...row.children].filter((cell) => cell instanceof HTMLElement));
  const gloss = others.find((cell) => cell.matches(".gloss"));
  const cells = row.dataset.cells?.split("|") ?? others.filter((cell) => cell !== gloss).map((cell) => cell.dataset.value ?? textOf(cell));
  const named = readHead(head);
  return { ...named, about: gloss ? textOf(gloss) : named.about, cells, all: numberOf(row, "all") };
}

/** @param {HTMLElement} element a table, a list, or what holds rows with data-cells */
function readTable(element) {
  const isTable = element instanceof HTMLTableElement;
  const heads = isTable ? [...element.querySelectorAll("thead th")].map((head) => head.textContent.trim()) : (element.dataset.heads ?? "").split("|");
  const rows = /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(isTable ? "tbody tr" : "li, [data-cells]"));
  return { part: element.dataset.part ?? "", heads, of: numberOf(element, "of"), whole: numberOf(element, "all"), rows: [...rows].map(readRow) };
}

/** @param {HTMLElement} place */
function readPlace(place) {
  const { take = "", caption, by = "", heads = "", about = "About" } = place.dataset;
  const tables = /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("table, [data-part]"));
  const own = place.querySelector("caption");
  const words = { name: take, caption: caption ?? own?.textContent.trim() ?? "", by, head: by ? heads : "", about };
  return joinTables(words, (tables.length > 0 ? [...tables] : [place]).map(readTable));
}

/** @param {HTMLElement} fold @param {HTMLElement} place */
function fillFold(fold, place) {
  const words = (place.dataset.take ?? "").replaceAll("-", " ");
  const details = make("details", {}, make("summary", {}, "CSV · LaTeX", make("span", { class: "vh" }, `: ${words}`)));
  const fill = () => details.append(make("div", { role: "group", "aria-label": `Take away: ${words}` }, makeTakeAway(readPlace(place))));
  details.addEventListener("toggle", fill, { once: true });
  fold.append(details);
}

for (const fold of document.querySelectorAll(".take")) {
  const before = fold.previousElementSibling;
  const place = before?.matches("[data-take]") ? before : before?.querySelector("[data-take]");
  if (fold instanceof HTMLElement && place instanceof HTMLElement) fillFold(fold, place);
}
