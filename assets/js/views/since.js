/** Says what has become of a cited result since its link was made, and lists the cases that came and went. */
import { readCited, readIds } from "../cited.js";
import { fingerprint } from "../fingerprint.js";
import { compareLists, isOfLabels, listThen, readSince, settle } from "../since.js";
import { tellChanges, tellSame, tellUnknown, whyUnknown } from "../since-words.js";
import { makeCutter } from "../pieces.js";
import { questionOf, serialise } from "../state.js";
import { oneLine } from "../tex.js";
import { denominator, thousands } from "../words.js";
import { make, need } from "./dom.js";

/**
 * @typedef {import("./taking.js").Listing} Listing
 * @typedef {import("../cited.js").Cited} Cited
 * @typedef {import("../since-words.js").Told} Told
 * @typedef {import("../since.js").Changes} Changes
 *
 * @typedef {object} Page
 * @property {HTMLElement} root of the explorer
 * @property {string} prefix of links
 * @property {import("../index-client.js").IndexClient} client
 * @property {() => Promise<Listing>} list
 */

const MOST_LISTED = 200;
/** What one and several are called. Of what was taken down nothing is listed. @type {readonly [keyof Changes, string, string][]} */
const LISTS = Object.freeze([
  ["added", "added: published since", "added: published since"],
  ["withdrawn", "withdrawn since", "withdrawn since"],
  ["left", "no longer fits", "no longer fit"],
  ["joined", "fits only now", "fit only now"],
  ["revised", "listed then and now, but revised", "listed then and now, but revised"],
]);

export class Since {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.head = make("p", { class: "since-head", role: "status" });
    this.body = make("div", {});
    this.section = make("section", { class: "since", "aria-label": "Since the link was made", hidden: true }, this.head, this.body);
    need(page.root, ".answer-line", HTMLElement).after(this.section);
    this.shown = "";
    this.turn = 0;
  }

  /** @param {import("../state.js").State} state */
  async show(state) {
    const { cited } = state;
    const asked = cited && `${cited} ${questionOf(state)}`;
    if (asked === this.shown) return;
    this.shown = asked;
    this.section.hidden = cited === "";
    this.head.textContent = "";
    this.body.replaceChildren();
    if (cited === "") return;
    const turn = ++this.turn;
    const isWanted = () => turn === this.turn && this.shown === asked;
    try {
      const draw = await this.#answer(readCited(cited));
      if (isWanted()) draw();
    } catch {
      if (isWanted()) this.#fail(state);
    }
  }

  /** @param {Cited} cited @returns {Promise<() => void>} */
  async #answer(cited) {
    const listing = await this.page.list();
    const { index, state, set, sample, text, turns } = listing;
    const ids = await this.page.client.part("ids.json", readIds);
    const listed = set.slice().map((ordinal) => ids[ordinal]);
    const { one, word } = denominator(index, state);
    const now = { count: listed.length, print: fingerprint(listed), one, word, sample };
    const { releases = "", release: here = "" } = this.page.root.dataset;
    const known = releases.split(" ").filter(Boolean);
    const isSame = cited.print !== "" ? cited.print === now.print && cited.count === now.count : cited.release === here && (cited.count ?? now.count) === now.count;
    const reason = whyUnknown(cited, now, known, here);
    if (reason && isSame) return () => this.#draw(tellSame(cited, now), state);
    if (reason) return () => this.#draw(tellUnknown(cited, now, reason), state);
    const since = readSince(await readNew(`${this.page.prefix}releases/${cited.release}/since.json`));
    const past = isSame ? { certain: listed, supposed: [], doubtful: [] } : listThen({ index, state, text, turns, ids }, since);
    const then = isSame ? { ids: listed, isProven: true } : settle(past, cited.count, cited.print);
    const changes = compareLists(then.ids, listed, since);
    const list = { count: then.ids.length, doubtful: past.doubtful.length - past.supposed.length, isProven: then.isProven, isOfLabels: isOfLabels(state), hasWords: text !== null };
    const told = isSame ? tellSame(cited, now, changes.revised.length) : tellChanges(cited, now, changes, since, list);
    return () => this.#draw(told, state, this.#makeLists(changes, cited.release, index, ids));
  }

  /** @param {Told} told @param {import("../state.js").State} state @param {HTMLElement[]} [lists] */
  #draw({ head, note }, state, lists = []) {
    const [count] = /^(?:[\d,]+ then, [\d,]+ now|The same [\d,]+ \w+)/.exec(head) ?? [""];
    this.head.replaceChildren(...(count ? [make("b", {}, count)] : []), head.slice(count.length));
    const forget = make("a", { href: `?${serialise({ ...state, cited: "" })}` }, "Show without the old link");
    this.body.replaceChildren(...(note ? [make("p", { class: "hint" }, note)] : []), ...lists, make("p", { class: "hint" }, forget));
  }

  /** @param {import("../state.js").State} state */
  #fail(state) {
    this.shown = "";
    this.head.textContent = "What has changed since the link was made could not be loaded; the list below is that of now.";
    const again = make("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => void this.show(state));
    this.body.replaceChildren(again);
  }

  /** @param {Changes} changes @param {string} release @param {import("../decode.js").Index} index @param {string[]} ids by ordinal */
  #makeLists(changes, release, index, ids) {
    return LISTS.filter(([name]) => changes[name].length > 0).map(([name, one, several]) => {
      const found = changes[name];
      const list = make("ul", {}, ...found.slice(0, MOST_LISTED).map((id) => make("li", {}, make("a", { href: `${this.page.prefix}c/${id.toLowerCase()}/?r=${encodeURIComponent(release)}`, "data-id": id }, id))));
      const more = found.length > MOST_LISTED ? [make("p", { class: "hint" }, `and ${thousands(found.length - MOST_LISTED)} more`)] : [];
      const details = make("details", {}, make("summary", {}, `${thousands(found.length)} ${found.length === 1 ? one : several}`), list, ...more);
      details.addEventListener("toggle", () => void this.#nameCases(list, index, ids), { once: true });
      return details;
    });
  }

  /** Ids are what is cited; names help to find one's way. What is not published has none. @param {HTMLElement} list @param {import("../decode.js").Index} index @param {string[]} ids */
  async #nameCases(list, index, ids) {
    const ordinals = new Map(ids.map((id, ordinal) => [id, ordinal]));
    const links = [...list.querySelectorAll("a")].filter((link) => ordinals.has(link.dataset.id ?? ""));
    const cards = await this.page.client.cards(index, links.map((link) => ordinals.get(link.dataset.id ?? "") ?? 0)).catch(() => []);
    const cut = makeCutter(index.placeholders);
    cards.forEach((card, i) => links[i].after(` ${oneLine(cut(card.name).map((piece) => piece.text).join(""))}`));
  }
}

/** The file as the host has it now: it changes with every release under one name. @param {string} address */
async function readNew(address) {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}
