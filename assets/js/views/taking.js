/** Taking away: the panels of export, basket and citation, the “keep” buttons, a case by chance. Loaded when first asked for. */
import { add, has, readShared, remove, whyBare } from "../basket.js";
import { addressOf } from "../cited.js";
import { fingerprint } from "../fingerprint.js";
import { LoadError } from "../index-client.js";
import { makeCutter } from "../pieces.js";
import { oneLine, plainLine } from "../tex.js";
import { pickOne } from "../surprise.js";
import { sortOf } from "../state.js";
import { conditions, denominator, SORT_NAMES, thousands } from "../words.js";
import { showNotices } from "./answer.js";
import { casesWords, showBasket, showRemarks, showShared, Store } from "./basket.js";
import { make, need } from "./dom.js";
import { makeExporter } from "./export.js";

/**
 * @typedef {object} Listing what the page lists, all pages of it
 * @property {import("../decode.js").Index} index
 * @property {import("../state.js").State} state
 * @property {number[]} ordinals in order
 * @property {import("../bitset.js").BitSet} set
 * @property {string} sample how it was drawn, or ""
 * @property {import("../bitset.js").BitSet | null} text what the words find, null without words
 * @property {Uint32Array | null} turns
 *
 * @typedef {object} Page
 * @property {HTMLElement} root of the explorer
 * @property {string} prefix of links
 * @property {import("../index-client.js").IndexClient} client
 * @property {() => Promise<import("../search.js").Searcher>} searcher
 * @property {(text: string) => void} say
 * @property {() => Promise<Listing>} list
 */

/** @typedef {"" | "export" | "basket" | "shared" | "cite"} Panel which of them is open */

/** @type {Record<Panel, string>} */
const NAMES = { "": "Take away", export: "Export", basket: "Basket", shared: "Shared basket", cite: "Cite this result" };

export class Taking {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.place = need(page.root, "#taken", HTMLElement);
    this.count = need(page.root, "[data-take=basket] .kept-count", HTMLElement);
    /** @type {Panel} */
    this.open = "";
    this.turn = 0;
    /** @type {Map<string, {ordinal: number, remark: string}>} id -> where it stands, and what is to be said of it; "" for a case of this release */
    this.found = new Map();
    this.store = new Store(() => this.#changed());
    this.panel = { store: this.store, root: page.prefix, say: page.say, exporter: () => makeExporter(() => this.#ofBasket(), page.say) };
    new MutationObserver(() => this.#mark()).observe(need(page.root, "#results", HTMLElement), { childList: true });
    this.#mark();
  }

  /** What the address behind the hash asks for. */
  follow() {
    const shared = readShared(location.hash);
    if (shared) void this.#showShared(shared);
    else if (location.hash === "#basket" && this.open !== "basket") this.#toggle("basket");
  }

  /** @param {Element} control */
  use(control) {
    const what = control instanceof HTMLElement ? control.dataset.take : "";
    if (what === "export" || what === "basket" || what === "cite") this.#toggle(what);
    else if (what === "surprise") void this.#surprise();
    else this.#keep(control);
  }

  /** @param {Element} button */
  #keep(button) {
    const card = button.closest("article");
    const id = card?.dataset.id ?? "";
    const { basket } = this.store;
    const name = oneLine(card?.querySelector(".card-title")?.textContent ?? "");
    const isKept = has(basket, id);
    this.store.keep(isKept ? remove(basket, id) : add(basket, [{ id, name }]));
    this.page.say(isKept ? `Taken out of the basket: ${id}` : `Kept: ${casesWords(this.store.basket.length)} in the basket`);
  }

  #changed() {
    this.#mark();
    if (this.open === "basket") this.#showBasket();
  }

  /** A basket outlives releases: a case that is no longer published says so as soon as that is known. */
  #showBasket() {
    const body = this.#body();
    showBasket(body, this.panel);
    const looked = this.#lookUp(this.store.basket.map(({ id }) => id));
    void looked.then(() => this.#body() === body && showRemarks(body, this.found), ignoreLoss);
  }

  #mark() {
    const { basket } = this.store;
    for (const button of this.page.root.querySelectorAll(".card .keep")) {
      button.setAttribute("aria-pressed", String(has(basket, button.closest("article")?.dataset.id ?? "")));
    }
    this.count.textContent = basket.length > 0 ? `(${thousands(basket.length)})` : "";
  }

  /** The list is another one now; of what is open, only the citation says something of it. */
  refresh() {
    if (this.open === "cite") void this.#cite();
  }

  /** The panel keeps what it shows until there is something new. */
  async #cite() {
    const body = this.#body();
    const turn = ++this.turn;
    const isWanted = () => turn === this.turn && this.#body() === body;
    try {
      const [{ showCitation }, listing] = await Promise.all([import("./cite-result.js"), this.page.list()]);
      await showCitation(body, listing, this.page, isWanted);
    } catch {
      if (isWanted()) body.replaceChildren(make("p", { class: "notice" }, "The citation could not be made, because a part of the index could not be loaded. Try again."));
    }
  }

  /** @param {"export" | "basket" | "cite"} what */
  #toggle(what) {
    const isOpen = this.open === what;
    this.#show(isOpen ? "" : what);
    if (isOpen) return;
    const body = this.#body();
    if (what === "cite") void this.#cite();
    else if (what === "basket") this.#showBasket();
    else body.replaceChildren(make("p", { class: "hint" }, "Every case found, on all pages, in the order of the list: labels, the beginning of description and quote, and the address."), makeExporter(() => this.#ofList(), this.page.say));
  }

  /** @param {Panel} what */
  #show(what) {
    this.open = what;
    for (const button of this.page.root.querySelectorAll("[data-take][aria-expanded]")) {
      if (button instanceof HTMLElement) button.setAttribute("aria-expanded", String(button.dataset.take === what));
    }
    this.place.hidden = what === "";
    this.place.setAttribute("aria-label", NAMES[what]);
    const body = make("div", {});
    this.place.replaceChildren(body);
  }

  #body() {
    return /** @type {HTMLElement} */ (this.place.firstElementChild);
  }

  async #surprise() {
    try {
      const { set, index } = await this.page.list();
      const ordinal = pickOne(set);
      if (ordinal < 0) return this.page.say("There is no case to open");
      const [card] = await this.page.client.cards(index, [ordinal]);
      location.href = this.#addressOf(card.id);
    } catch (error) {
      ignoreLoss(error);
      const text = "No case could be opened, because a part of the index could not be loaded. Try again.";
      showNotices(need(this.page.root, "#notices", HTMLElement), [{ text }]);
      this.page.say(text);
    }
  }

  /** @param {string} id */
  #addressOf(id) {
    return new URL(`${this.page.prefix || "./"}c/${id.toLowerCase()}/`, location.href).href;
  }

  /** @param {{ids: string[], wrong: number}} shared */
  async #showShared({ ids, wrong }) {
    this.#show("shared");
    const body = this.#body();
    body.replaceChildren(make("p", { class: "hint" }, "Reading the basket …"));
    try {
      const index = await this.page.client.index();
      await this.#lookUp(ids);
      const ordinals = ids.map((id) => this.found.get(id)?.ordinal ?? -1);
      const cards = await this.page.client.cards(index, ordinals.filter((ordinal) => ordinal >= 0));
      const cut = makeCutter(index.placeholders);
      const names = new Map(cards.map((card) => [card.id, plainLine(cut, card.name)]));
      const cases = ids.map((id) => ({ id, name: names.get(id) ?? "", remark: this.found.get(id)?.remark }));
      if (this.#body() === body) showShared(body, cases, wrong, this.panel);
    } catch {
      showShared(body, ids.map((id) => ({ id, name: "" })), wrong, this.panel);
    }
    this.place.scrollIntoView({ block: "nearest" });
  }

  /** Find cases that this release may not have, each once. @param {string[]} ids */
  async #lookUp(ids) {
    const fresh = ids.filter((id) => !this.found.has(id));
    if (fresh.length === 0) return;
    const ordinals = await this.#ordinalsOf(fresh);
    const gone = ordinals.some((ordinal) => ordinal < 0) ? await this.#readGone() : [];
    fresh.forEach((id, i) => this.found.set(id, { ordinal: ordinals[i], remark: ordinals[i] < 0 ? whyBare(id, gone) : "" }));
  }

  /** The cases that are gone; null where the list cannot be read. @returns {Promise<import("../basket.js").Gone[] | null>} */
  async #readGone() {
    try {
      const response = await fetch(`${this.page.prefix}withdrawn.json`, { cache: "no-cache" });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  /** -1 for a case that this release does not have. @param {string[]} ids */
  async #ordinalsOf(ids) {
    const index = await this.page.client.index();
    const searcher = await this.page.searcher();
    const found = await Promise.all(ids.map((id) => searcher.find(index, `id:${id}`)));
    return found.map(({ match }) => match?.found.slice(0, 1)[0] ?? -1);
  }

  async #ofList() {
    const { index, state, ordinals, sample } = await this.page.list();
    const base = denominator(index, state);
    const { release = "" } = this.page.root.dataset;
    const asked = { ...state, view: "", axes: [], cols: [], compare: null };
    const order = SORT_NAMES.get(sortOf(state)) ?? "";
    const words = [conditions(index, state), sample, order].filter(Boolean).join("; ");
    const query = (/** @type {string[]} */ ids) => addressOf(asked, { release, count: ids.length, print: fingerprint(ids) });
    return {
      source: this.#source(index, ordinals),
      about: (/** @type {string[]} */ ids) => this.#about(words, query(ids), `${thousands(ids.length)} of ${thousands(base.count)} ${base.word}`),
    };
  }

  async #ofBasket() {
    const index = await this.page.client.index();
    const { basket } = this.store;
    const ordinals = (await this.#ordinalsOf(basket.map(({ id }) => id))).filter((ordinal) => ordinal >= 0);
    const missing = basket.length - ordinals.length;
    const words = `a reader’s basket${missing > 0 ? `; ${casesWords(missing)} of it not in this release` : ""}`;
    const about = () => this.#about(words, `#basket=${basket.map(({ id }) => id).join(",")}`, `${thousands(ordinals.length)} of ${thousands(index.cases)} cases`);
    return { source: this.#source(index, ordinals), about, notes: new Map(basket.map(({ id, note }) => [id, note])) };
  }

  /** @param {import("../decode.js").Index} index @param {number[]} ordinals */
  #source(index, ordinals) {
    const { pid } = this.page.root.dataset;
    const address = (/** @type {string} */ id) => (pid ? pid.replace("{}", id.toLowerCase()) : this.#addressOf(id));
    return { index, client: this.page.client, ordinals, cut: makeCutter(index.placeholders), address };
  }

  /** @param {string} words @param {string} query @param {string} base */
  #about(words, query, base) {
    const { title = "", release = "", released = "", pid = "" } = this.page.root.dataset;
    const canonical = document.querySelector("link[rel=canonical]");
    const site = canonical instanceof HTMLLinkElement ? canonical.href : location.href.replace(/[?#].*$/, "");
    return { title, release, released, words, base, address: `${site}${query}`, hasAddresses: pid !== "" };
  }
}

/** What could not be loaded is said where it is needed; other errors are ours. @param {unknown} error */
function ignoreLoss(error) {
  if (!(error instanceof LoadError)) throw error;
}
