/** The list of cases. Cards are clones of the template that the server's own cards are made with. */
import { valuesOf } from "../decode.js";
import { EMPTY, serialise } from "../state.js";
import { labelPage, monthName, thousands, valueName } from "../words.js";
import { make, need } from "./dom.js";
import { writeText } from "./highlight.js";

/**
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../index-client.js").Card} Card
 * @typedef {object} Look
 * @property {Index} index
 * @property {string} root prefix of links
 * @property {(text: string) => import("../pieces.js").Piece[]} cut
 * @property {(text: string) => import("../highlight.js").Segment[]} highlight
 * @property {string} q what was searched for, which the case page marks too
 */

const STRIP = Object.freeze(["form", "cause", "severity", "locus", "status", "resolver", "workflow"]);
const NAMED = Object.freeze(["form", "cause"]);
const TONED = Object.freeze(["form", "severity"]);

/** In pixels: no card is lower than one with a line of text and no quote. */
const LOWEST = 140;
const FEWEST = 3;

/** How many cards are loaded and made first: down to the end of the screen, wherever it is scrolled to. Cheap only while the layout is known. @param {HTMLElement} list */
export function roomFor(list) {
  return Math.max(FEWEST, Math.ceil((innerHeight - list.getBoundingClientRect().top) / LOWEST));
}

/**
 * Cards in the place of those that stand there, from a place on. What stands behind them stays, so that a page that is
 * scrolled down does not jump, until the last ones come.
 * @param {HTMLOListElement} list @param {HTMLTemplateElement} template @param {Card[]} cards @param {number} from
 * @param {boolean} areLast @param {Look} look
 */
export function placeCards(list, template, cards, from, areLast, look) {
  const items = cards.map((card) => make("li", {}, makeCard(template, card, look)));
  const old = [...list.children].slice(from, areLast ? undefined : from + items.length);
  const next = list.children[from + old.length] ?? null;
  for (const item of old) item.remove();
  if (next) next.before(...items);
  else list.append(...items);
}

/** @param {HTMLTemplateElement} template @param {Card} card @param {Look} look */
export function makeCard(template, card, look) {
  const filled = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const article = need(filled, "[data-slot=card]", HTMLElement);
  article.dataset.id = card.id;
  const tone = toneOf(look.index, card.ordinal);
  if (tone) article.dataset.tone = tone;
  const name = need(filled, "[data-slot=name]", HTMLAnchorElement);
  const asked = look.q.trim() ? `?${serialise({ ...EMPTY, q: look.q.trim() })}` : "";
  name.href = `${look.root}c/${card.id.toLowerCase()}/${asked}`;
  writeText(name, look.cut(card.name), look.highlight);
  need(filled, "[data-slot=strip]", HTMLElement).replaceChildren(makeStrip(card.ordinal, look));
  writeText(need(filled, "[data-slot=description]", HTMLElement), look.cut(card.description), look.highlight);
  fillQuote(need(filled, "[data-slot=quote]", HTMLElement), card.quote, look);
  const meta = metaOf(card, look.index).map((text) => make("span", {}, text));
  need(filled, "[data-slot=meta]", HTMLElement).replaceChildren(...meta);
  const [reason] = valuesOf(look.index, "invalid", card.ordinal);
  if (reason.startsWith("=")) showRejected(filled, valueName(look.index, "invalid", reason), card.note, look);
  return filled;
}

/** A rejected candidate has no labels, says why it is none, and cannot be kept. @param {DocumentFragment} filled @param {string} reason @param {string} note @param {Look} look */
function showRejected(filled, reason, note, look) {
  const told = make("span", {});
  writeText(told, look.cut(note), look.highlight);
  need(filled, "[data-slot=strip]", HTMLElement).append(make("p", { class: "card-text" }, make("b", {}, `Rejected: ${reason}. `), told));
  need(filled, ".keep", HTMLElement).remove();
}

/** @param {HTMLElement} quote @param {string} text @param {Look} look */
function fillQuote(quote, text, look) {
  quote.hidden = text === "";
  writeText(need(quote, "p", HTMLElement), look.cut(text), look.highlight);
}

/** The first form gives the colour. @param {Index} index @param {number} ordinal */
function toneOf(index, ordinal) {
  const [first] = valuesOf(index, "form", ordinal);
  return first?.startsWith("=") ? first.slice(1).toLowerCase() : "";
}

/** @param {number} ordinal @param {Look} look */
function makeStrip(ordinal, look) {
  const cells = STRIP.flatMap((axis) => {
    const recorded = valuesOf(look.index, axis, ordinal).filter((key) => key.startsWith("="));
    return recorded.map((key) => makeCell(axis, key, look));
  });
  return make("ul", { class: "strip" }, ...cells);
}

/** @param {string} axis @param {string} key @param {Look} look */
function makeCell(axis, key, { index, root }) {
  const name = valueName(index, axis, key);
  const title = index.facets.get(axis)?.title ?? axis;
  const code = make("span", { class: "code" }, key.slice(1));
  const words = NAMED.includes(axis) ? [" ", make("span", { class: "name" }, name)] : [make("span", { class: "vh" }, ` ${name}`)];
  const link = make("a", { href: root + labelPage(index, axis, key), title: `${title}: ${name}` }, code, ...words);
  const tone = TONED.includes(axis) ? key.slice(1).toLowerCase() : "";
  return make("li", { class: `cell ${axis}`, "data-tone": tone || false }, link);
}

/** Source, month, agent and turns. @param {Card} card @param {Index} index */
function metaOf(card, index) {
  const [source] = valuesOf(index, "source", card.ordinal);
  const [agent] = valuesOf(index, "agent", card.ordinal);
  return [
    valueName(index, "source", source),
    card.date ? monthName(card.date) : "undated",
    agentName(agent),
    turnsWords(card.userTurns, card.agentTurns),
  ];
}

/** "Unknown" is what the study calls an agent that the log does not name. @param {string} key */
function agentName(key) {
  if (key === "?none") return "agent not recorded";
  return key === "=Unknown" ? "agent unknown" : key.slice(1);
}

/** @param {number | null} user @param {number | null} agent */
function turnsWords(user, agent) {
  return user === null || agent === null ? "turns not recorded" : `${thousands(user)} + ${thousands(agent)} turns`;
}
