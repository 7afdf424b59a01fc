/** Wires address -> state -> query -> views. The only module that knows them all. */
import { EMPTY, change, choose, choiceOf, isFiltered, parse, serialise, sortOf, toggle, toggleNot } from "./state.js";
import { answer } from "./query.js";
import { bestFirst, mostTurnsFirst, oldestFirst, pageOf, randomOrder, rarestFirst } from "./rank.js";
import { evaluate, lookupsOf, Reader, shardsFor } from "./text.js";
import { IndexClient, LoadError } from "./index-client.js";
import { makeCutter } from "./pieces.js";
import { makeHighlighter } from "./highlight.js";
import { messagesFor } from "./notices.js";
import { readQuery } from "./terms.js";
import { denominator, filtersOf, thousands, wider, without } from "./words.js";
import { FacetPanel } from "./views/facet-panel.js";
import { Announcer, makeEmpty, showChips, showNotices, showSentence, titleOf } from "./views/answer.js";
import { showCards } from "./views/result-list.js";
import { showPager } from "./views/pager.js";
import { need } from "./views/dom.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./text.js").Match} Match
 * @typedef {import("./terms.js").TextQuery} TextQuery
 * @typedef {{state: State, index: Index, query: TextQuery, reader: Reader, match: Match | null, turns: Uint32Array | null}} Question
 */

const CARDS_A_PAGE = 40;
const TYPING_PAUSE = 120;

class Explorer {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root.dataset.root ?? "";
    this.client = new IndexClient(this.root + (root.dataset.index ?? ""));
    this.input = need(root, "#q", HTMLInputElement);
    this.sort = need(root, "#sort", HTMLSelectElement);
    this.side = need(root, ".legend-side", HTMLElement);
    this.legendToggle = need(root, "#legend-toggle", HTMLButtonElement);
    this.results = need(root, "#results", HTMLOListElement);
    this.template = need(root, "#card-template", HTMLTemplateElement);
    this.sentence = need(root, "#answer", HTMLElement);
    this.chips = need(root, "#chips", HTMLElement);
    this.pager = need(root, "#pager", HTMLElement);
    this.notices = need(root, "#notices", HTMLElement);
    this.heading = need(root, "#answer-title", HTMLElement);
    this.announcer = new Announcer(need(root, "#status", HTMLElement));
    this.site = document.title;
    this.token = 0;
    this.isTyping = false;
    this.typingTimer = 0;
    /** @type {Map<string, Float64Array>} */
    this.orders = new Map();
    /** @type {HTMLElement | null} */
    this.empty = null;
    /** @type {Index | null} */
    this.index = null;
    /** @type {State | null} */
    this.chipsOf = null;
    this.filtersWords = filtersWords(0);
    this.showWords = "Show the cases";
    const read = parse(location.search);
    this.state = read.state;
    this.addressNotices = read.notices;
    this.panel = new FacetPanel(need(root, "#legend", HTMLFormElement), {
      toggle: (facet, key) => this.#change((state) => askForRejected(toggle(state, facet, key), facet, key)),
      toggleNot: (facet, key) => this.#change((state) => toggleNot(state, facet, key)),
      match: (facet, all) => this.#change((state) => choose(state, facet, { ...choiceOf(state, facet), all })),
      months: (from, to) => this.#change((state) => change(state, { from, to })),
    });
    this.isComplete = false;
    this.#listen(root);
  }

  /** @param {HTMLElement} root */
  #listen(root) {
    need(root, "#search", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#typed();
      this.isTyping = false;
    });
    this.input.addEventListener("input", () => {
      clearTimeout(this.typingTimer);
      this.typingTimer = window.setTimeout(() => this.#typed(), TYPING_PAUSE);
    });
    this.input.addEventListener("blur", () => {
      this.#typed();
      this.isTyping = false;
    });
    this.sort.disabled = false;
    this.sort.addEventListener("change", () => this.#sorted());
    this.legendToggle.hidden = false;
    this.legendToggle.addEventListener("click", () => this.#openLegend(!this.side.classList.contains("open")));
    this.side.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.side.classList.contains("open")) this.#openLegend(false);
    });
    window.addEventListener("popstate", () => this.#return());
    document.addEventListener("click", (event) => this.#follow(event));
    for (const sign of ["pointerover", "focusin"]) root.addEventListener(sign, () => void this.#prepare(), { once: true });
  }

  /** A reader who comes near the legend is about to need the index. */
  async #prepare() {
    try {
      this.index = await this.client.index();
    } catch {
      // The first question asks again, and says so if it fails.
    }
  }

  /** @param {boolean} isOpen */
  #openLegend(isOpen) {
    this.side.classList.toggle("open", isOpen);
    this.legendToggle.setAttribute("aria-expanded", String(isOpen));
    this.#labelToggle();
    if (!isOpen) this.legendToggle.focus();
  }

  /** On a phone the button that opens the legend also leads back to the list. */
  #labelToggle() {
    this.legendToggle.textContent = this.side.classList.contains("open") ? this.showWords : this.filtersWords;
  }

  /** The first change of a burst of typing makes an entry in the history, the following ones replace it. */
  #typed() {
    clearTimeout(this.typingTimer);
    if (this.input.value === this.state.q) return;
    const next = change(this.state, { q: this.input.value });
    this.go(this.state.sort === "relevance" && !next.q.trim() ? { ...next, sort: "" } : next, this.isTyping ? "replace" : "push");
    this.isTyping = true;
  }

  /** A choice is made on top of what was typed last, also where a click does not take the focus from the field. @param {(state: State) => State} make */
  #change(make) {
    this.#typed();
    this.isTyping = false;
    this.go(make(this.state));
  }

  #sorted() {
    const sort = this.sort.value;
    const seed = sort === "random" ? 1 + Math.floor(Math.random() * 999_999) : null;
    const isDefault = sort === sortOf({ ...this.state, sort: "" });
    this.go(change(this.state, { sort: isDefault ? "" : sort, seed }));
  }

  /** Links to a query of this page change the state instead of loading the page again. @param {MouseEvent} event */
  #follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a[href^='?']") : null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const isPage = link.closest("#pager") !== null;
    const isInLegend = this.side.contains(link);
    const read = parse(link.getAttribute("href") ?? "");
    const next = isInLegend ? { ...this.state, from: read.state.from, to: read.state.to, page: 1 } : read.state;
    this.addressNotices = isInLegend ? this.addressNotices : read.notices;
    this.go(next);
    if (isPage) this.#focusResults();
    if (!isInLegend) this.sentence.scrollIntoView({ block: "start" });
  }

  /** The control that was used is about to vanish; the reader goes on at the head of the list. */
  #focusResults() {
    this.heading.tabIndex = -1;
    this.heading.focus({ preventScroll: true });
  }

  #return() {
    const read = parse(location.search);
    this.state = read.state;
    this.addressNotices = read.notices;
    this.isTyping = false;
    showIntroduction(isFirstScreen(this));
    void this.show();
  }

  #reset() {
    this.addressNotices = [];
    this.go({ ...EMPTY, sort: this.state.sort, seed: this.state.seed });
    showIntroduction(isFirstScreen(this));
  }

  /** @param {State} state @param {"push" | "replace"} [how] */
  go(state, how = "push") {
    this.state = state;
    const query = serialise(state);
    const address = query ? `?${query}` : location.pathname;
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    void this.show();
  }

  /** Show the state; an answer that a newer state has overtaken is dropped. */
  async show() {
    const token = ++this.token;
    const { state } = this;
    this.#showControls(state);
    try {
      const question = await this.#ask(state);
      if (token !== this.token) return;
      await this.#answer(question, token);
    } catch (error) {
      if (token === this.token) this.#showFailure();
      if (!(error instanceof LoadError)) throw error;
    }
  }

  /** Controls follow at once, without waiting for data. @param {State} state */
  #showControls(state) {
    if (document.activeElement !== this.input || !this.isTyping) this.input.value = state.q;
    const relevance = this.sort.querySelector("option[value=relevance]") ?? addRelevance(this.sort);
    if (relevance instanceof HTMLOptionElement) relevance.hidden = relevance.disabled = !state.q.trim();
    this.sort.value = sortOf(state);
    if (this.index) this.#showChips(this.index, state);
  }

  /** @param {Index} index @param {State} state */
  #showChips(index, state) {
    this.chipsOf = state;
    const remove = (/** @type {import("./words.js").Filter} */ filter) => this.go(without(this.state, filter));
    showChips(this.chips, index, state, remove, () => this.#reset());
  }

  /** Load what the state needs. @param {State} state @returns {Promise<Question>} */
  async #ask(state) {
    const query = readQuery(state.q);
    const turns = state.turns || state.sort === "turns" ? this.client.turns() : null;
    const index = await this.client.index();
    const shards = await this.client.shards(shardsFor(lookupsOf(query), index.firsts));
    const reader = new Reader(shards, index.firsts, index.size);
    return { state, index, query, reader, match: evaluate(query, reader), turns: await turns };
  }

  /** @param {Question} question @param {number} token */
  async #answer(question, token) {
    const { state, index, query, match, turns } = question;
    const result = answer(index, state, match?.found ?? null, turns);
    const pages = Math.max(1, Math.ceil(result.total / CARDS_A_PAGE));
    const shown = { ...state, page: Math.min(state.page, pages) };
    if (!this.isComplete) this.panel.complete(index);
    this.isComplete = true;
    this.panel.show(state, result.counts, this.#scope(index, state), denominator(index, state).count);
    this.#showWords(question, shown, result.total);
    showPager(this.pager, shown, pages, result.total, CARDS_A_PAGE);
    const start = (shown.page - 1) * CARDS_A_PAGE;
    const ordinals = pageOf(result.matches, this.#order(question), start, start + CARDS_A_PAGE);
    this.results.setAttribute("aria-busy", "true");
    const cards = await this.client.cards(index, ordinals);
    if (token !== this.token) return;
    const look = { index, root: this.root, cut: makeCutter(index.placeholders), highlight: makeHighlighter(query) };
    showCards(this.results, this.template, cards, start + 1, look);
    this.results.removeAttribute("aria-busy");
  }

  /** The counts of all cases, or of whatever validation asks for, without any other filter. @param {Index} index @param {State} state */
  #scope(index, state) {
    const validation = choiceOf(state, "validation");
    return answer(index, choose(EMPTY, "validation", validation), null, null).counts;
  }

  /** @param {Question} question @param {State} shown @param {number} total */
  #showWords(question, shown, total) {
    const { state, index, query } = question;
    showSentence(this.sentence, index, shown, total);
    document.title = titleOf(index, shown, total, this.site);
    if (this.chipsOf !== state) this.#showChips(index, state);
    this.index = index;
    showNotices(this.notices, messagesFor(index, state, this.addressNotices, query));
    this.announcer.announce(index, state, total);
    const base = denominator(index, state);
    this.filtersWords = filtersWords(filtersOf(index, state).length);
    this.showWords = `Show ${thousands(total)} ${total === 1 ? base.one : base.word}`;
    this.#labelToggle();
    this.empty?.remove();
    this.empty = null;
    if (total > 0) return;
    const offers = wider(index, state).map((offer) => ({ ...offer, count: countLike(question, offer.state) }));
    this.empty = makeEmpty(offers, (wanted) => {
      this.go(wanted);
      this.#focusResults();
    });
    this.results.after(this.empty);
  }

  /** @param {Question} question @returns {Float64Array | null} */
  #order({ state, index, match, turns }) {
    const sort = sortOf(state);
    if (sort === "relevance") return match ? bestFirst(match.scores) : null;
    if (sort === "newest") return null;
    const name = sort === "random" ? `random ${state.seed ?? 1}` : sort;
    const known = this.orders.get(name);
    if (known) return known;
    const order = makeOrder(sort, index, turns, state.seed ?? 1);
    if (order) this.orders.set(name, order);
    return order;
  }

  #showFailure() {
    this.results.removeAttribute("aria-busy");
    const text = "A part of the index could not be loaded, so the list below may not fit the filters. Case pages and label pages work.";
    showNotices(this.notices, [{ text, action: { text: "Try again", run: () => void this.show() } }]);
  }
}

/** How many cases a similar state would show, from what is already loaded. @param {Question} question @param {State} other */
function countLike({ index, reader, turns }, other) {
  return answer(index, other, evaluate(readQuery(other.q), reader)?.found ?? null, turns).total;
}

/** @param {string} sort @param {Index} index @param {Uint32Array | null} turns @param {number} seed */
function makeOrder(sort, index, turns, seed) {
  if (sort === "oldest") return oldestFirst(index);
  if (sort === "rare") return rarestFirst(index);
  if (sort === "random") return randomOrder(index, seed);
  return sort === "turns" && turns ? mostTurnsFirst(turns) : null;
}

/** Only rejected candidates have a reason, so asking for one asks for them. @param {State} state @param {string} facet @param {string} key */
function askForRejected(state, facet, key) {
  const isAsked = facet === "invalid" && key.startsWith("=") && choiceOf(state, "invalid").include.includes(key);
  return isAsked ? choose(state, "validation", { include: ["=INVALID"], exclude: [], all: false }) : state;
}

/** @param {HTMLSelectElement} select */
function addRelevance(select) {
  const option = new Option("Best match", "relevance");
  select.prepend(option);
  return option;
}

/** @param {number} count */
function filtersWords(count) {
  return count > 0 ? `Filters (${count})` : "Filters";
}

/** Whether the server's own first screen is what the address asks for. @param {Explorer} explorer */
function isFirstScreen({ state, addressNotices }) {
  return !isFiltered(state) && state.page === 1 && sortOf(state) === "newest" && addressNotices.length === 0;
}

/** The introduction, which early.js hides when the address asks for something. @param {boolean} isShown */
function showIntroduction(isShown) {
  if (isShown) document.documentElement.classList.remove("asked");
}

const root = document.querySelector("#explorer");
if (root instanceof HTMLElement) {
  const explorer = new Explorer(root);
  const isFirst = isFirstScreen(explorer);
  showIntroduction(isFirst);
  if (!isFirst) await explorer.show();
  root.classList.add("enhanced");
}
