/** Says what has become of a cited result since its link was made, and lists the cases that came and went. */
import { readCited, readIds } from "../cited.js";
import { fingerprint } from "../fingerprint.js";
import { compareLists, isOfLabels, listThen, readSince, settle } from "../since.js";
import { changeWord, isExact, tellChanges, tellSame, tellUnknown, titleLists, whyUnknown } from "../since-words.js";
import { makeCutter } from "../pieces.js";
import { isSampled, questionOf, serialise, unsampled } from "../state.js";
import { plainLine } from "../tex.js";
import { denominator, thousands } from "../words.js";
import { goOnAt, make, need } from "./dom.js";
import { comparing, NOT_COMPARED } from "./on-demand.js";

/**
 * @typedef {import("./taking.js").Listing} Listing
 * @typedef {import("../cited.js").Cited} Cited
 * @typedef {import("../since-words.js").Told} Told
 * @typedef {import("../state.js").State} State
 *
 * @typedef {object} Page
 * @property {HTMLElement} root of the explorer
 * @property {string} prefix of links
 * @property {HTMLElement} place above the list
 * @property {import("../index-client.js").IndexClient} client
 * @property {() => Promise<Listing>} list
 */

const MOST_LISTED = 200;

export class Since {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.head = make("p", { class: "since-head", role: "status" }, page.place.textContent ?? "");
    this.body = make("div", { class: "since-body" });
    page.place.replaceChildren(this.head, this.body);
    /** @type {string | null} */
    this.shown = null;
    this.turn = 0;
  }

  /** @param {State} state */
  async show(state) {
    const { cited } = state;
    const asked = cited && `${cited} ${questionOf(state)}`;
    if (asked === this.shown) return;
    this.shown = asked;
    const turn = ++this.turn;
    const { place } = this.page;
    if (cited === "") return this.#hide();
    place.hidden = false;
    this.#say(comparing(state));
    const isWanted = () => turn === this.turn;
    try {
      const draw = await this.#answer(readCited(cited), state);
      if (isWanted()) draw();
    } catch {
      if (isWanted()) this.#fail(state);
    }
  }

  /** The link that was followed is about to vanish; the reader goes on at the head of the list. */
  #hide() {
    const { place, root } = this.page;
    const heading = need(root, "#answer-title", HTMLElement);
    if (place.contains(document.activeElement)) goOnAt(heading);
    place.hidden = true;
    this.#say("");
  }

  /** @param {Cited} cited @param {State} asked @returns {Promise<() => void>} */
  async #answer(cited, asked) {
    const listing = await this.page.list();
    const { index, state, set, text, turns } = listing;
    const ids = await this.page.client.part("ids.json", readIds);
    const listed = set.slice().map((ordinal) => ids[ordinal]);
    const { one, word } = denominator(index, state);
    const now = { count: listed.length, print: fingerprint(listed), one, word, isSample: isSampled(asked), hasWords: text !== null };
    const { releases = "", release: here = "" } = this.page.root.dataset;
    const known = releases.split(" ").filter(Boolean);
    const isSame = cited.print !== "" ? cited.print === now.print && cited.count === now.count : cited.release === here && (cited.count ?? now.count) === now.count;
    const reason = whyUnknown(cited, now, known, here);
    if (reason) return () => this.#draw(isSame ? tellSame(cited, now) : tellUnknown(cited, now, reason), asked, isSame ? [] : this.#offer(cited, asked, now, known, here));
    const file = readNew(`${this.page.prefix}releases/${cited.release}/since.json`).then(readSince);
    const since = isSame ? await file.catch(() => null) : await file;
    if (!since) return () => this.#draw(tellSame(cited, now), asked, []);
    const past = isSame ? { certain: listed, supposed: [], doubtful: [] } : listThen({ index, state, text, turns, ids }, since);
    const then = isSame ? { ids: listed, isProven: true } : settle(past, cited.count, cited.print);
    const changes = compareLists(then.ids, listed, since);
    const list = { certain: past.certain.length, likely: then.ids.length, doubtful: past.doubtful.length, isProven: then.isProven, isOfLabels: isOfLabels(state) };
    const told = isSame ? tellSame(cited, now, changes.revised.length) : tellChanges(cited, now, changes, since, list);
    const titles = titleLists(changes, changeWord(list), isExact(list, now));
    return () => this.#draw(told, asked, [], titles.map(([name, title]) => this.#makeList(title, changes[name], cited.release, index, ids)));
  }

  /** What a sample was drawn from can be compared, if its release can. @param {Cited} cited @param {State} asked @param {import("../since-words.js").Now} now @param {string[]} known @param {string} here */
  #offer(cited, asked, now, known, here) {
    if (!now.isSample || whyUnknown(cited, { ...now, isSample: false }, known, here)) return [];
    const href = `?${serialise(unsampled({ ...asked, page: 1, cited: cited.release }))}`;
    return [make("a", { href }, "What has become of the cases it was drawn from")];
  }

  /** The sentence, and in one line below it all that a reader may want to see then. @param {Told} told @param {State} asked @param {HTMLElement[]} links @param {HTMLElement[]} [lists] */
  #draw({ head, note, proof }, asked, links, lists = []) {
    const [count] = /^(?:(?:about )?[\d,]+(?: to [\d,]+)? then, [\d,]+ now|The same [\d,]+ \w+)/.exec(head) ?? [""];
    this.head.replaceChildren(...(count ? [make("b", {}, count)] : []), head.slice(count.length));
    const title = lists.length > 0 ? "Which cases" : "How this is known";
    const fold = make("details", {}, make("summary", {}, title), ...(proof ? [make("p", { class: "hint" }, proof)] : []), ...lists);
    const forget = make("a", { href: `?${serialise({ ...asked, cited: "" })}` }, "Show without the old link");
    const row = make("div", { class: "since-row" }, ...(proof || lists.length > 0 ? [fold] : []), ...links, forget);
    this.body.replaceChildren(...(note ? [make("p", { class: "hint" }, note)] : []), row);
  }

  /** @param {string} text @param {...HTMLElement} below */
  #say(text, ...below) {
    this.head.textContent = text;
    this.body.replaceChildren(...below);
  }

  /** @param {State} state */
  #fail(state) {
    this.shown = null;
    const again = make("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => {
      this.page.place.focus();
      void this.show(state);
    });
    this.#say(NOT_COMPARED, again);
  }

  /** @param {string} title @param {string[]} found @param {string} release @param {import("../decode.js").Index} index @param {string[]} ids by ordinal */
  #makeList(title, found, release, index, ids) {
    const list = make("ul", {}, ...found.slice(0, MOST_LISTED).map((id) => make("li", {}, make("a", { href: `${this.page.prefix}c/${id.toLowerCase()}/?r=${encodeURIComponent(release)}`, "data-id": id }, id))));
    const more = found.length > MOST_LISTED ? [make("p", {}, `and ${thousands(found.length - MOST_LISTED)} more`)] : [];
    const details = make("details", { class: "since-list" }, make("summary", {}, `${thousands(found.length)} ${title}`), list, ...more);
    details.addEventListener("toggle", () => void this.#nameCases(list, index, ids), { once: true });
    return details;
  }

  /** Ids are what is cited; names help to find one's way. What is not published has none. @param {HTMLElement} list @param {import("../decode.js").Index} index @param {string[]} ids */
  async #nameCases(list, index, ids) {
    const ordinals = new Map(ids.map((id, ordinal) => [id, ordinal]));
    const links = [...list.querySelectorAll("a")].filter((link) => ordinals.has(link.dataset.id ?? ""));
    const cards = await this.page.client.cards(index, links.map((link) => ordinals.get(link.dataset.id ?? "") ?? 0)).catch(() => []);
    const cut = makeCutter(index.placeholders);
    cards.forEach((card, i) => links[i].after(` ${plainLine(cut, card.name)}`));
  }
}

/** The file as the host has it now: it changes with every release under one name. @param {string} address */
async function readNew(address) {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}
