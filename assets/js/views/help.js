/** How to ask, by example: searching, the legend, the keys. */
import { rememberKeys, wantsKeys } from "../keyboard.js";
import { make } from "./dom.js";

/** Queries that can be tried, and what they find. */
const SEARCHES = Object.freeze([
  ["commit", "cases with this word; forms such as “commits” and “committed” are found too"],
  ["commit branch", "cases with both words, wherever they stand"],
  ["constr", "the last word may be the start of a longer one, from three letters on; a blank after it ends it"],
  ['"did not ask"', "these words side by side"],
  ["commit -push", "the first word, without the second"],
  ["quote:sorry", "only in the quotes; also name: description: context: reason:"],
  ['quote:"i said"', "side by side in one quote"],
  ["package.json", "file names, user_id, userId, TS2345: found whole and in their parts"],
  ["naive", "accents, case and the shape of quotation marks do not matter"],
]);
const NOTES = Object.freeze([
  "Cases with all words come first. Where fewer than ten have all, those with most of them follow, and the page says so; quoted words must occur.",
  "Hits in the name count most, then those in description and quotes; rare words count more.",
  "When nothing is found, one slip in a word of five letters or more is forgiven, and the page says so.",
  "id: and the start of an id find a case, as in id:AMA-1b. The source’s number of a repository and the id of a session find their cases too.",
]);
const LEGEND = Object.freeze([
  ["Counts", "how many cases the list would show with this value chosen alone in its group. Within a group any chosen value counts; across groups all must hold."],
  ["any or all", "for form, cause and tier, which a case may have several of, “all of these” asks for every chosen one."],
  ["not", "the second control of a row leaves its cases out."],
  ["not recorded", "the study has no value; “does not apply” means that the question does not arise."],
  ["Tiers", "below a chosen cause: how well the evidence supports this very cause (cause=C6:direct in the address)."],
  ["rare first", "turns the order of a group around, where a few values outnumber the others."],
  ["The address", "holds everything you choose. Copy it to share the list; Back undoes the last step. “Cite this result” gives a link that later tells what has changed."],
]);
const KEYS = Object.freeze([
  ["/", "go to the search field"],
  ["j", "next case; behind the last one, the link to the next page"],
  ["k", "previous case"],
  ["o", "open the case (as Enter does)"],
  ["?", "this help"],
]);

/** @type {HTMLDialogElement | null} */
let dialog = null;

export function openHelp() {
  dialog ??= document.body.appendChild(makeHelp());
  dialog.showModal();
}

function makeHelp() {
  const close = make("button", { type: "button", class: "sheet-close", "aria-label": "Close the help" }, "×");
  const head = make("div", { class: "sheet-head" }, make("h2", { id: "help-title" }, "Help"), close);
  const search = make("dl", {}, ...SEARCHES.flatMap(([query, words]) => define(make("a", { href: `?q=${encodeURIComponent(query).replaceAll("%20", "+")}` }, query), words)));
  const notes = make("ul", {}, ...NOTES.map((note) => make("li", {}, note)));
  const legend = make("dl", {}, ...LEGEND.flatMap(([name, words]) => define(name, words)));
  const made = make("dialog", { class: "help", "aria-labelledby": "help-title" }, head, title("Search"), search, notes, title("Legend"), legend, ...makeKeys());
  close.addEventListener("click", () => made.close());
  made.addEventListener("click", ({ target }) => {
    if (target === made || (target instanceof Element && target.closest("a"))) made.close();
  });
  return made;
}

function makeKeys() {
  const box = make("input", { type: "checkbox", autocomplete: "off" });
  box.checked = wantsKeys(() => localStorage);
  const said = make("span", { role: "status" });
  box.addEventListener("change", () => {
    const isKept = rememberKeys(() => localStorage, box.checked);
    if (!isKept) box.checked = true;
    said.textContent = isKept ? "" : " This browser does not let the page remember it.";
  });
  const keys = make("dl", { class: "help-keys" }, ...KEYS.flatMap(([key, words]) => define(make("kbd", {}, key), words)), ...define(make("kbd", {}, "Esc"), "closes this help and the legend on phones; always on"));
  return [title("Keys"), make("p", {}, make("label", {}, box, " Use these keys"), said), keys];
}

/** @param {string} text */
function title(text) {
  return make("h3", {}, text);
}

/** @param {Node | string} term @param {string} words */
function define(term, words) {
  return [make("dt", {}, term), make("dd", {}, words)];
}
