/**
 * The basket: cases that a reader keeps in this browser, each with a note. Pure: text in, text out; the views store it.
 * A shared basket is a list of ids behind the address: `#basket=AMA-...,AMA-...`; notes are never shared.
 */
import { isWellFormed, bodyOf, spell } from "./case-id.js";

export const KEY = "atlas-basket";
const VERSION = 1;
const MOST = 1000;
const LONGEST_NOTE = 2000;

/**
 * @typedef {{id: string, name: string, note: string}} Item
 * @typedef {readonly Item[]} Basket in the order in which the cases were kept
 */

/** What is stored; an empty basket for anything that is not one. @param {string | null} stored @returns {Basket} */
export function readBasket(stored) {
  try {
    const { version, items } = JSON.parse(stored ?? "");
    if (version !== VERSION || !Array.isArray(items)) return [];
    return unique(items.flatMap(readItem)).slice(0, MOST);
  } catch {
    return [];
  }
}

/** @param {any} item @returns {Item[]} */
function readItem(item) {
  const id = readId(typeof item?.id === "string" ? item.id : "");
  const text = (/** @type {any} */ value) => (typeof value === "string" ? value : "");
  return id ? [{ id, name: text(item.name).slice(0, 500), note: text(item.note).slice(0, LONGEST_NOTE) }] : [];
}

/** An id in its one spelling, or "". @param {string} typed */
function readId(typed) {
  const body = bodyOf(typed);
  return isWellFormed(body) ? spell(body) : "";
}

/** @param {Item[]} items @returns {Item[]} */
function unique(items) {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/** @param {Basket} basket */
export function writeBasket(basket) {
  return JSON.stringify({ version: VERSION, items: basket });
}

/** @param {Basket} basket @param {string} id */
export function has(basket, id) {
  return basket.some((item) => item.id === id);
}

/** Cases that are there already keep their notes. @param {Basket} basket @param {{id: string, name: string}[]} cases @returns {Basket} */
export function add(basket, cases) {
  const fresh = cases.filter(({ id }) => !has(basket, id)).map(({ id, name }) => ({ id, name, note: "" }));
  return [...basket, ...fresh].slice(0, MOST);
}

/** @param {Basket} basket @param {string} id @returns {Basket} */
export function remove(basket, id) {
  return basket.filter((item) => item.id !== id);
}

/** @param {Basket} basket @param {string} id @param {string} note @returns {Basket} */
export function annotate(basket, id, note) {
  return basket.map((item) => (item.id === id ? { ...item, note: note.slice(0, LONGEST_NOTE) } : item));
}

/** @param {Basket} basket */
export function writeShared(basket) {
  return `#basket=${basket.map(({ id }) => id).join(",")}`;
}

/** The ids of a shared basket; null if the address shares none. @param {string} hash @returns {{ids: string[], wrong: number} | null} */
export function readShared(hash) {
  const match = /^#basket=([\w,%-]*)$/.exec(hash);
  if (!match) return null;
  const typed = match[1].replaceAll("%2C", ",").split(",").filter((part) => part !== "");
  const ids = [...new Set(typed.map(readId).filter((id) => id !== ""))];
  return { ids: ids.slice(0, MOST), wrong: typed.filter((part) => readId(part) === "").length };
}

/**
 * @typedef {object} Gone a case that had a page and is no longer published, as `withdrawn.json` lists it
 * @property {string} id
 * @property {string} status `withdrawn` or `suppressed`
 * @property {string} [date]
 * @property {string} [successor]
 */

/** What is said beside an id without a case. @param {string} id @param {readonly Gone[] | null} gone null where the list could not be read */
export function whyBare(id, gone) {
  const found = gone?.find((row) => row.id === id);
  if (!found) return gone ? "no case of this site" : "not published now";
  const day = found.date ? ` on ${found.date}` : "";
  if (found.successor) return `no longer published; continued as ${found.successor}`;
  return `no longer published: ${found.status === "suppressed" ? "taken down" : "withdrawn"}${day}`;
}
