/** Wires address -> state -> query -> views. The only module that knows them all. */
import { EMPTY, change, choose, choiceOf, isFiltered, parse, serialise, sortOf, toggle, toggleNot } from "./state.js";
import { answer } from "./query.js";
import { bestFirst, mostTurnsFirst, oldestFirst, pageOf, randomOrder, rarestFirst } from "./rank.js";
import { IndexClient, LoadError } from "./index-client.js";
import { makeCutter } from "./pieces.js";
import { messagesFor } from "./notices.js";
import { denominator, filtersOf, thousands, wider, without } from "./words.js";
import { actionOf, wantsKeys } from "./keyboard.js";
import { FacetPanel } from "./views/facet-panel.js";
import { Announcer, makeEmpty, showChips, showNotices, showSentence, titleOf } from "./views/answer.js";
import { showCards } from "./views/result-list.js";
import { showPager } from "./views/pager.js";
import { loadView, pageSizeOf, showSwitch, viewOf } from "./views/view-switch.js";
import { Waiting } from "./views/waiting.js";
import { make, need } from "./views/dom.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./search.js").Search} Search
 * @typedef {{state: State, index: Index, search: Search, turns: Uint32Array | null}} Question
 */

const TYPING_PAUSE = 120;
/** @type {Search} */
const NO_SEARCH = Object.freeze({
  q: "", query: { clauses: [], groups: [], pieces: [], isEmpty: true }, reader: null, match: null, correction: null,
  highlight: (/** @type {string} */ text) => [{ text, isHit: false }],
});
/** Where keys write or choose instead of acting on the page. */
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

class Explorer {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.page = root;
    this.root = root.dataset.root ?? "";
    this.client = new IndexClient(this.root + (root.dataset.index ?? ""));
    /** @type {Promise<import("./search.js").Searcher> | null} */
    this.searching = null;
    /** @type {import("./search.js").Searcher | null} */
    this.searcher = null;
    this.input = need(root, "#q", HTMLInputElement);
    this.sort = need(root, "#sort", HTMLSelectElement);
    this.sortLine = need(root, ".sort", HTMLElement);
    this.side = need(root, ".legend-side", HTMLElement);
    this.legendToggle = need(root, "#legend-toggle", HTMLButtonElement);
    this.results = need(root, "#results", HTMLOListElement);
    this.views = need(root, "#views", HTMLElement);
    this.place = need(root, "#view", HTMLElement);
    this.sampler = need(root, "#sampler", HTMLDetailsElement);
    this.template = need(root, "#card-template", HTMLTemplateElement);
    this.sentence = need(root, "#answer", HTMLElement);
    this.chips = need(root, "#chips", HTMLElement);
    this.pager = need(root, "#pager", HTMLElement);
    this.notices = need(root, "#notices", HTMLElement);
    this.heading = need(root, "#answer-title", HTMLElement);
    this.status = need(root, "#status", HTMLElement);
    this.announcer = new Announcer(this.status);
    this.waiting = new Waiting(root, this.results, this.sentence);
    /** @type {import("./views/sheet.js").Sheet | null} */
    this.sheet = null;
    /** @type {Promise<void> | null} */
    this.dressed = null;
    /** @type {import("./views/taking.js").Taking | null} */
    this.taking = null;
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
      toggle: (facet, key) => this.#change((state) => askForRejected(toggle(wholly(state, facet, key), facet, key), facet, key)),
      toggleNot: (facet, key) => this.#change((state) => toggleNot(wholly(state, facet, key), facet, key)),
      edit: (facet, make) => this.#change((state) => choose(state, facet, make(choiceOf(state, facet)))),
      dress: () => this.#dress(),
      range: (wanted, isFurther) => this.#change((state) => change(state, wanted), isFurther ? "replace" : "push"),
    });
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
    this.sampler.addEventListener("toggle", () => {
      if (this.sampler.open && this.sampler.childElementCount === 1) void this.show();
    });
    this.legendToggle.addEventListener("click", () => void this.#openLegend());
    need(root, "#help-open", HTMLButtonElement).addEventListener("click", () => void this.#help());
    document.addEventListener("keydown", (event) => this.#press(event));
    window.addEventListener("popstate", () => this.#return());
    document.addEventListener("click", (event) => this.#follow(event));
    document.addEventListener("click", (event) => {
      const control = event.target instanceof Element ? event.target.closest("[data-take], .card .keep") : null;
      if (!control) return;
      event.preventDefault();
      void this.#take((taking) => taking.use(control));
    });
    window.addEventListener("hashchange", () => location.hash.startsWith("#basket") && void this.#take((taking) => taking.follow()));
    if (hasBasket() || location.hash.startsWith("#basket")) void this.#take((taking) => taking.follow());
    for (const sign of ["pointerover", "focusin"]) root.addEventListener(sign, () => void this.#prepare(), { once: true });
  }

  /** Words are searched by scripts of their own, which a reader who comes near will need. @returns {Promise<import("./search.js").Searcher>} */
  #search() {
    this.searching ??= loaded(import("./search.js")).then(({ Searcher }) => (this.searcher = new Searcher(this.client)));
    this.searching.catch(() => (this.searching = null));
    return this.searching;
  }

  /** Export, basket, surprise. @param {(taking: import("./views/taking.js").Taking) => void} run */
  async #take(run) {
    const [module] = await Promise.all([import("./views/taking.js").catch(() => null), this.#dress()]);
    if (!module) return showNotices(this.notices, [{ text: "A part of the page could not be loaded. Try again." }]);
    const { client } = this;
    const searcher = () => this.#search();
    const say = (/** @type {string} */ text) => (this.status.textContent = text);
    this.taking ??= new module.Taking({ root: this.page, prefix: this.root, client, searcher, say, list: () => this.#list() });
    run(this.taking);
  }

  /** Everything that is listed, all pages of it. */
  async #list() {
    const question = await this.#ask(this.state, this.token);
    const { state, index, search } = question;
    const matches = this.#matches(question);
    const isSampled = state.sample !== null && pageSizeOf(viewOf(state)) > 0;
    const sample = isSampled ? (await loaded(import("./views/sampler.js"))).sampleOf(index, state, matches) : null;
    const set = sample?.set ?? matches;
    return { index, state: { ...state, q: search.q }, set, sample: sample?.words ?? "", ordinals: pageOf(set, this.#order(question), 0, set.count()) };
  }

  /** Styles of what opens on demand; without them it looks plain but works. @returns {Promise<void>} */
  #dress() {
    this.dressed ??= new Promise((/** @type {(nothing: void) => void} */ resolve) => {
      const link = make("link", { rel: "stylesheet", href: new URL("../css/on-demand.css", import.meta.url).href });
      link.addEventListener("load", () => resolve());
      link.addEventListener("error", () => resolve());
      document.head.append(link);
    });
    return this.dressed;
  }

  /** A reader who comes near the legend is about to need the index. */
  async #prepare() {
    void this.#dress();
    void this.#search().catch(() => {});
    const index = await this.client.index().catch(() => null);
    // The first question asks again, and says so if it fails.
    if (!index || this.index || isFiltered(this.state)) return;
    this.index = index;
    this.#showLegend(index, this.state, answer(index, this.state, null, null).counts);
  }

  /** As a sheet; if its script cannot be loaded, in the page. */
  async #openLegend() {
    const [module] = await Promise.all([import("./views/sheet.js").catch(() => null), this.#dress()]);
    if (!module) return void this.side.classList.toggle("open");
    this.sheet ??= new module.Sheet(this.side, [this.panel.form, this.status]);
    this.#labelToggle();
    this.sheet.open(this.legendToggle);
  }

  #labelToggle() {
    this.legendToggle.textContent = this.filtersWords;
    this.sheet?.say(this.showWords);
  }

  async #help() {
    const [module] = await Promise.all([import("./views/help.js").catch(() => null), this.#dress()]);
    if (module) module.openHelp();
    else showNotices(this.notices, [{ text: "The help could not be loaded; everything else works." }]);
  }

  /** Single keys act on the page, unless the reader types, has a dialog open or has switched them off. @param {KeyboardEvent} event */
  #press(event) {
    const isBusy = (event.target instanceof Element && event.target.matches(FIELDS)) || document.querySelector("dialog[open]") !== null;
    const action = actionOf(event, isBusy);
    if (!action || event.defaultPrevented || !wantsKeys(() => localStorage)) return;
    event.preventDefault();
    void import("./views/shortcuts.js").then(({ act }) => act(action, this.input, () => void this.#help()));
  }

  /** The first change of a burst of typing makes an entry in the history, the following ones replace it. */
  #typed() {
    clearTimeout(this.typingTimer);
    if (this.input.value === this.state.q) return;
    const next = change(this.state, { q: this.input.value });
    this.go(this.state.sort === "relevance" && !next.q.trim() ? { ...next, sort: "" } : next, this.isTyping ? "replace" : "push");
    this.isTyping = true;
  }

  /** A choice is made on top of what was typed last, also where a click does not take the focus from the field. @param {(state: State) => State} make @param {"push" | "replace"} [how] */
  #change(make, how) {
    this.#typed();
    this.isTyping = false;
    this.go(make(this.state), how);
  }

  #sorted() {
    const sort = this.sort.value;
    const sampled = this.state.sample === null ? null : this.state.seed;
    const seed = sampled ?? (sort === "random" ? 1 + Math.floor(Math.random() * 999_999) : null);
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
    const isKept = isInLegend || link.closest("#views, [data-key]") !== null;
    if (isPage || (!isKept && this.place.contains(link))) this.#focusResults();
    if (!isKept) this.sentence.scrollIntoView({ block: "start" });
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
    const { sort, seed, sample, stratify, view, axes, cols, compare } = this.state;
    this.go({ ...EMPTY, sort, seed, sample, stratify, view, axes, cols, compare });
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
    this.results.setAttribute("aria-busy", "true");
    this.waiting.begin();
    void this.#dress();
    try {
      const question = await this.#ask(state, token);
      if (token !== this.token) return;
      await this.#answer(question, token);
    } catch (error) {
      if (token !== this.token) return;
      this.#showFailure();
      if (!(error instanceof LoadError)) throw error;
    }
  }

  /** Controls follow at once, without waiting for data. @param {State} state */
  #showControls(state) {
    if (document.activeElement !== this.input || !this.isTyping) this.input.value = state.q;
    const relevance = this.sort.querySelector("option[value=relevance]") ?? addRelevance(this.sort);
    if (relevance instanceof HTMLOptionElement) relevance.hidden = relevance.disabled = !state.q.trim();
    this.sort.value = sortOf(state);
    this.sortLine.hidden = pageSizeOf(viewOf(state)) === 0;
    showSwitch(this.views, state);
    if (this.index) this.#showChips(this.index, state);
  }

  /** @param {Index} index @param {State} state */
  #showChips(index, state) {
    this.chipsOf = state;
    const remove = (/** @type {import("./words.js").Filter} */ filter) => this.go(without(this.state, filter));
    showChips(this.chips, index, state, remove, () => this.#reset());
  }

  /** Load what the state needs. @param {State} state @param {number} token @returns {Promise<Question>} */
  async #ask(state, token) {
    const turns = state.turns || state.sort === "turns" ? this.client.turns() : null;
    const searcher = state.q.trim() ? this.#search() : null;
    const index = await this.client.index();
    const ears = { tell: (/** @type {number} */ done, /** @type {number} */ all) => this.#showReading(token, done, all), isWanted: () => token === this.token };
    const search = searcher ? await (await searcher).find(index, state.q, ears) : NO_SEARCH;
    return { state, index, search, turns: await turns };
  }

  /** A phrase that many cases may have takes a while. @param {number} token @param {number} done @param {number} all */
  #showReading(token, done, all) {
    if (token !== this.token || done === all) return;
    showNotices(this.notices, [{ text: `Reading the cases that have all the words, to see how they stand: ${thousands(done)} of ${thousands(all)}.` }]);
  }

  /** @param {Question} question @param {number} token */
  async #answer(question, token) {
    const { state, index, search, turns } = question;
    const result = answer(index, state, search.match?.found ?? null, turns);
    const view = viewOf(state);
    const size = pageSizeOf(view);
    const sampler = state.sample !== null || this.sampler.open || this.sampler.childElementCount > 1 ? await loaded(import("./views/sampler.js")) : null;
    if (token !== this.token) return;
    const sample = sampler && size > 0 && state.sample !== null ? sampler.sampleOf(index, state, result.matches) : null;
    const listed = sample?.set ?? result.matches;
    const total = listed.count();
    const pages = size > 0 ? Math.max(1, Math.ceil(total / size)) : 1;
    const shown = { ...state, page: Math.min(state.page, pages) };
    this.#showLegend(index, state, result.counts);
    this.#showWords(question, shown, result.total);
    if (sample) this.sentence.append(` Listed: ${sample.words}.`);
    sampler?.showSampler(this.sampler, index, state, result.matches, (next) => this.go(next));
    showPager(this.pager, shown, pages, total, size, denominator(index, state).word);
    const start = (shown.page - 1) * size;
    const ordinals = size > 0 ? pageOf(listed, this.#order(question), start, start + size) : [];
    const [cards, other] = await Promise.all([this.client.cards(index, ordinals), view === "cards" ? null : loaded(loadView(view)), view === "cards" ? null : this.#dress()]);
    if (token !== this.token) return;
    const look = { index, root: this.root, cut: makeCutter(index.placeholders), highlight: search.highlight, q: search.q };
    if (other) {
      const isWanted = () => token === this.token;
      const select = async (/** @type {State} */ one) => this.#matches(await this.#ask(one, token));
      const said = { ...state, q: search.q };
      const go = (/** @type {State} */ next) => this.go(next);
      await other.show(this.place, { state, said, index, matches: result.matches, start: start + 1, total, cards, look, select, isWanted, go });
      if (!isWanted()) return;
    } else {
      showCards(this.results, this.template, cards, start + 1, look);
      if (this.isTyping) void import("./views/suggest.js").then(({ showSuggestions }) => showSuggestions(this.input, search, cards), () => {});
      this.place.replaceChildren();
    }
    this.results.hidden = other !== null;
    this.place.hidden = other === null;
    this.waiting.end(true);
  }

  /** @param {Question} question */
  #matches({ state, index, search, turns }) {
    return answer(index, state, search.match?.found ?? null, turns).matches;
  }

  /** @param {Index} index @param {State} state @param {Map<string, Map<string, number>>} counts */
  #showLegend(index, state, counts) {
    this.panel.complete(index);
    this.panel.show(state, counts, this.#scope(index, state), denominator(index, state));
  }

  /** The counts of all cases, or of whatever validation asks for, without any other filter. @param {Index} index @param {State} state */
  #scope(index, state) {
    const validation = choiceOf(state, "validation");
    return answer(index, choose(EMPTY, "validation", validation), null, null).counts;
  }

  /** @param {Question} question @param {State} shown @param {number} total */
  #showWords(question, shown, total) {
    const { state, index, search, turns } = question;
    const said = { ...shown, q: search.q };
    showSentence(this.sentence, index, said, total);
    document.title = titleOf(index, said, total, this.site);
    if (this.chipsOf !== state) this.#showChips(index, state);
    this.index = index;
    const whole = search.match?.full ? answer(index, state, search.match.full, turns).total : total;
    showNotices(this.notices, messagesFor(index, state, this.addressNotices, search, { whole, total }));
    this.announcer.announce(index, state, total);
    const base = denominator(index, state);
    this.heading.textContent = base.word.charAt(0).toUpperCase() + base.word.slice(1);
    this.filtersWords = filtersWords(filtersOf(index, state).length);
    this.showWords = `Show ${thousands(total)} ${total === 1 ? base.one : base.word}`;
    this.#labelToggle();
    this.empty?.remove();
    this.empty = null;
    if (total > 0) return;
    const offers = wider(index, said, search.query.pieces).map((offer) => ({ ...offer, count: this.#countLike(question, offer.state) }));
    this.empty = makeEmpty(offers, (wanted) => {
      this.go(wanted);
      this.#focusResults();
    }, base.one);
    this.results.after(this.empty);
  }

  /** @param {Question} question @returns {Float64Array | null} */
  #order({ state, index, search: { match }, turns }) {
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

  /** How many cases a similar state would show, from what is already loaded; 0 if that does not suffice. @param {Question} question @param {State} other */
  #countLike({ index, search, turns }, other) {
    const match = search.reader && other.q.trim() ? this.searcher?.again(other.q, search.reader) : null;
    return match === undefined ? 0 : answer(index, other, match?.found ?? null, turns).total;
  }

  #showFailure() {
    this.waiting.end(false);
    const text = "A part of the index could not be loaded, so the list below may not fit the filters. Case pages and label pages work.";
    showNotices(this.notices, [{ text, action: { text: "Try again", run: () => void this.show() } }]);
  }
}

/** @param {string} sort @param {Index} index @param {Uint32Array | null} turns @param {number} seed */
function makeOrder(sort, index, turns, seed) {
  if (sort === "oldest") return oldestFirst(index);
  if (sort === "rare") return rarestFirst(index);
  if (sort === "random") return randomOrder(index, seed);
  return sort === "turns" && turns ? mostTurnsFirst(turns) : null;
}

/** A module that cannot be loaded is a part like any other. @template T @param {Promise<T>} module @returns {Promise<T>} */
function loaded(module) {
  return module.catch(() => {
    throw new LoadError("module");
  });
}

/** Only rejected candidates have a reason, so asking for one asks for them. @param {State} state @param {string} facet @param {string} key */
function askForRejected(state, facet, key) {
  const isAsked = facet === "invalid" && key.startsWith("=") && choiceOf(state, "invalid").include.includes(key);
  return isAsked ? choose(state, "validation", { include: ["=INVALID"], exclude: [], all: false }) : state;
}

/** A cause that is chosen or excluded as a whole takes the place of its tiers. @param {State} state @param {string} facet @param {string} key */
function wholly(state, facet, key) {
  const choice = choiceOf(state, facet);
  const include = choice.include.filter((other) => !other.startsWith(`${key}:`));
  return facet === "cause" && include.length < choice.include.length ? choose(state, facet, { ...choice, include }) : state;
}

/** Whether cases were kept in this browser. */
function hasBasket() {
  try {
    return localStorage.getItem("atlas-basket") !== null;
  } catch {
    return false;
  }
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
  return !isFiltered(state) && viewOf(state) === "cards" && state.sample === null && state.page === 1 && sortOf(state) === "newest" && addressNotices.length === 0;
}

/** The introduction, which early.js hides when the address asks for something. @param {boolean} isShown */
function showIntroduction(isShown) {
  if (isShown) document.documentElement.classList.remove("asked");
}

/** Without script a link goes to a page that stands for the question; with it, to the question. */
function askQuestions() {
  for (const link of document.querySelectorAll("a[data-query]")) link.setAttribute("href", link.getAttribute("data-query") ?? "");
}

const root = document.querySelector("#explorer");
if (root instanceof HTMLElement) {
  askQuestions();
  const explorer = new Explorer(root);
  const isFirst = isFirstScreen(explorer);
  showIntroduction(isFirst);
  if (!isFirst) await explorer.show();
  root.classList.add("enhanced");
}
