/** A dense table of cases with chosen columns. */
import { valuesOf } from "../decode.js";
import { change, COLUMNS, serialise, sortOf } from "../state.js";
import { CODED, sentence, thousands, valueName } from "../words.js";
import { make } from "./dom.js";
import { writeText } from "./highlight.js";
import { makeTakeAway, redraw } from "./redraw.js";

/**
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../index-client.js").Card} Card
 * @typedef {import("./redraw.js").Context} Context
 */

const DEFAULT = Object.freeze(["form", "cause", "severity", "status", "workflow", "month"]);
const TONED = Object.freeze(["form", "severity"]);
/** Which order of the list a column's heading asks for. */
const SORTED = new Map([["month", ["newest", "oldest"]], ["turns", ["turns"]]]);
/** What `aria-sort` calls them. */
const DIRECTIONS = new Map([["newest", "descending"], ["oldest", "ascending"], ["turns", "descending"]]);

/** @param {HTMLElement} place @param {Context} context */
export function show(place, context) {
  const { index, state, said, matches, sample, cards, start, total } = context;
  const columns = state.cols.length > 0 ? state.cols : DEFAULT;
  const where = `cases ${thousands(start)} to ${thousands(start + cards.length - 1)} of ${thousands(total)}`;
  const drawn = sample ? ` Listed: ${sample}.` : "";
  const caption = `${sentence(index, said, matches.count())}${drawn} In this table: ${where}.`;
  const head = make("tr", {}, make("th", { scope: "col" }, "Case"), ...columns.map((name) => makeHead(name, context)));
  const body = cards.map((card) => makeRow(card, columns, context));
  const table = make("table", { class: "rows" }, make("caption", { class: "vh" }, caption), make("thead", {}, head), make("tbody", {}, ...body));
  const scroll = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of cases" }, table);
  const tools = make("div", { class: "view-tools" }, makeChoice(columns, context));
  redraw(place, cards.length > 0 ? [tools, scroll, makeTakeAway(exported(caption, columns, context))] : []);
}

/** @param {Index} index @param {string} name */
function titleOf(index, name) {
  return name === "turns" ? "Turns" : (index.facets.get(name)?.title ?? name);
}

/** @param {string} name @param {Context} context */
function makeHead(name, { index, state }) {
  const orders = SORTED.get(name);
  const title = titleOf(index, name);
  if (!orders) return make("th", { scope: "col" }, title);
  const now = sortOf(state);
  const next = orders[(orders.indexOf(now) + 1) % orders.length];
  const isDefault = next === sortOf({ ...state, sort: "" });
  const link = make("a", { href: `?${serialise(change(state, { sort: isDefault ? "" : next }))}`, title: `Order by ${title.toLowerCase()}`, "data-key": `order ${name}` }, title);
  return make("th", { scope: "col", class: name === "turns" ? "number" : "", "aria-sort": orders.includes(now) ? (DIRECTIONS.get(now) ?? false) : false }, link);
}

/** @param {Card} card @param {readonly string[]} columns @param {Context} context */
function makeRow(card, columns, { index, look }) {
  const link = make("a", { href: `${look.root}c/${card.id.toLowerCase()}/` });
  writeText(link, look.cut(card.name), look.highlight);
  const title = make("th", { scope: "row" }, link, " ", make("span", { class: "id" }, card.id));
  return make("tr", {}, title, ...columns.map((name) => (name === "turns" ? makeTurns(card) : makeCell(name, card, index))));
}

/** @param {string} name @param {Card} card @param {Index} index */
function makeCell(name, card, index) {
  const isCoded = CODED.includes(name);
  const values = valuesOf(index, name, card.ordinal).map((key) => makeValue(name, key, index, isCoded));
  const parts = values.flatMap((value, i) => (i > 0 ? [isCoded ? " " : ", ", value] : [value]));
  return make("td", { "data-column": titleOf(index, name), class: isCoded ? "" : "words" }, ...parts);
}

/** @param {string} name @param {string} key @param {Index} index @param {boolean} isCoded */
function makeValue(name, key, index, isCoded) {
  const text = valueName(index, name, key);
  if (key.startsWith("?")) return make("span", { class: "none", title: text }, "–", make("span", { class: "vh" }, text));
  if (!isCoded) return text;
  const code = key.slice(1);
  return make("abbr", { class: `code ${name}`, "data-tone": TONED.includes(name) && code.toLowerCase(), title: text }, code);
}

/** @param {Card} card @returns {number | null} */
function turnsOf({ userTurns, agentTurns }) {
  return userTurns === null || agentTurns === null ? null : userTurns + agentTurns;
}

/** @param {Card} card */
function makeTurns(card) {
  const turns = turnsOf(card);
  const text = turns === null ? make("span", { class: "none", title: "not recorded" }, "–") : thousands(turns);
  return make("td", { "data-column": "Turns", class: "words turns" }, text);
}

/** @param {readonly string[]} columns @param {Context} context */
function makeChoice(columns, { index, state, go }) {
  const boxes = COLUMNS.filter((name) => name === "turns" || index.facets.has(name)).map((name) => {
    const box = make("input", { type: "checkbox", autocomplete: "off", "data-key": `column ${name}`, checked: columns.includes(name) });
    box.addEventListener("change", () => {
      const next = columns.includes(name) ? columns.filter((other) => other !== name) : [...columns, name];
      go({ ...state, cols: next.join() === DEFAULT.join() ? [] : next });
    });
    return make("label", {}, box, ` ${titleOf(index, name)}`);
  });
  return make("details", { "data-key": "columns" }, make("summary", {}, "Columns"), make("div", { class: "view-choices", role: "group", "aria-label": "Columns" }, ...boxes));
}

/** The page as it is shown, codes and all. @param {string} caption @param {readonly string[]} columns @param {Context} context */
function exported(caption, columns, { index, cards }) {
  const cell = (/** @type {string} */ name, /** @type {Card} */ card) => {
    if (name === "turns") return turnsOf(card);
    const values = valuesOf(index, name, card.ordinal).map((key) => (CODED.includes(name) && key.startsWith("=") ? key.slice(1) : valueName(index, name, key)));
    return values.join(" ");
  };
  const heads = columns.map((name) => (name === "turns" ? { title: "Turns", digits: 0 } : { title: titleOf(index, name) }));
  return {
    name: "cases",
    caption,
    columns: [{ title: "Id" }, { title: "Case" }, ...heads],
    rows: cards.map((card) => [card.id, card.name, ...columns.map((name) => cell(name, card))]),
  };
}
