/** Wires address -> state -> query -> views. The only module that knows them all. */
import { EMPTY, change, choose, choiceOf, isFiltered, isSampled, keepCited, parse, serialise, sortOf, unsampled } from "./state.js";
import { exclude, pick } from "./choosing.js";
import { newSeed, pageOf } from "./rank.js";
import { IndexClient, LoadError, loaded } from "./index-client.js";
import { answerTo, countWhole, Inquiry, saidOf } from "./inquiry.js";
import { answer, answerScope } from "./query.js";
import { makeCutter } from "./pieces.js";
import { messagesFor } from "./notices.js";
import { denominator, filtersOf, thousands, wider, without } from "./words.js";
import { FacetPanel } from "./views/facet-panel.js";
import { Announcer, makeEmpty, showChips, showNotices, showSentence, titleOf } from "./views/answer.js";
import { OnDemand } from "./views/on-demand.js";
import { placeCards, roomFor } from "./views/result-list.js";
import { loadView, pageSizeOf, showSwitch, viewOf } from "./views/view-switch.js";
import { Waiting } from "./views/waiting.js";
import { goOnAt, need, painted } from "./views/dom.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./inquiry.js").Question} Question
 */

const TYPING_PAUSE = 120;

class Explorer {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.page = root;
    this.root = root.dataset.root ?? "";
    this.client = new IndexClient(this.root + (root.dataset.index ?? ""));
    this.inquiry = new Inquiry(this.client);
    this.input = need(root, "#q", HTMLInputElement);
    this.sort = need(root, "#sort", HTMLSelectElement);
    this.sortLine = need(root, ".sort", HTMLElement);
    this.side = need(root, ".legend-side", HTMLElement);
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
    const status = need(root, "#status", HTMLElement);
    this.announcer = new Announcer(status);
    const { input, notices, inquiry } = this;
    this.onDemand = new OnDemand({ root, prefix: this.root, input, notices, status, inquiry, list: () => this.#list() });
    this.waiting = new Waiting(root, this.results, this.sentence);
    this.site = document.title;
    this.token = 0;
    /** How many cards come first; found out before anything is written. */
    this.room = roomFor(this.results);
    this.isTyping = false;
    this.typingTimer = 0;
    /** @type {HTMLElement | null} */
    this.empty = null;
    /** @type {Index | null} */
    this.index = null;
    /** @type {State | null} */
    this.chipsOf = null;
    const read = parse(location.search);
    this.state = read.state;
    this.addressNotices = read.notices;
    if (this.state.cited) this.onDemand.expectOldLink();
    this.panel = new FacetPanel(need(root, "#legend", HTMLFormElement), {
      toggle: (facet, key) => this.#change((state) => pick(state, facet, key)),
      toggleNot: (facet, key) => this.#change((state) => exclude(state, facet, key)),
      edit: (facet, make) => this.#change((state) => choose(state, facet, make(choiceOf(state, facet)))),
      dress: () => this.onDemand.dress(),
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
    window.addEventListener("popstate", () => this.#return());
    document.addEventListener("click", (event) => this.#follow(event));
    for (const sign of ["pointerover", "focusin"]) root.addEventListener(sign, () => void this.#prepare(), { once: true });
  }

  /** Everything that is listed, all pages of it. */
  async #list() {
    const question = await this.#ask(this.state, this.token);
    const { state, index, search, turns } = question;
    const { matches } = answerTo(question);
    const sample = isSampled(state) ? (await loaded(import("./views/sampler.js"))).sampleOf(index, state, matches) : null;
    const set = sample?.set ?? matches;
    const said = saidOf(question, matches.count());
    // A sample of all there are is none.
    const isDrawn = set.count() < matches.count();
    return { index, state: isDrawn ? said : unsampled(said), set, sample: (isDrawn && sample?.words) || "", text: search.match?.found ?? null, turns, ordinals: pageOf(set, this.inquiry.order(question), 0, set.count()) };
  }

  /** A reader who comes near the legend is about to need the index. */
  async #prepare() {
    void this.onDemand.dress();
    void this.inquiry.search().catch(() => {});
    const index = await this.client.index().catch(() => null);
    // The first question asks again, and says so if it fails.
    if (!index || this.index || isFiltered(this.state)) return;
    this.index = index;
    this.#showLegend(index, this.state, answer(index, this.state, null, null).counts);
    this.panel.furnish();
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
    const seed = sampled ?? (sort === "random" ? newSeed() : null);
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
    if (isPage || this.notices.contains(link) || (!isKept && this.place.contains(link))) goOnAt(this.heading);
    if (!isKept) this.heading.scrollIntoView({ block: "start" }); // the sentence may stick to the screen
  }

  #return() {
    this.room = roomFor(this.results);
    const read = parse(location.search);
    this.state = read.state;
    this.addressNotices = read.notices;
    this.isTyping = false;
    showIntroduction(isFirstScreen(this));
    void this.show();
  }

  #reset() {
    this.addressNotices = [];
    const { sort, seed, view, axes, cols, compare } = unsampled(this.state);
    this.go({ ...EMPTY, sort, seed, view, axes, cols, compare });
    showIntroduction(isFirstScreen(this));
  }

  /** @param {State} state @param {"push" | "replace"} [how] */
  go(state, how = "push") {
    this.room = roomFor(this.results);
    this.state = keepCited(this.state, state);
    const query = serialise(this.state);
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
    try {
      const question = await this.#ask(state, token).catch((error) => this.#askWithoutWords(error, state, token));
      if (token !== this.token) return;
      await this.#answer(question, token);
      if (question.state !== state && token === this.token) this.#tell("The words could not be looked up, because a part of the index could not be loaded. All else that was chosen holds.");
    } catch (error) {
      if (token !== this.token) return;
      this.#showFailure();
      if (!(error instanceof LoadError)) throw error;
    }
    this.panel.furnish();
    void this.onDemand.dress();
  }

  /** Controls follow at once, without waiting for data. @param {State} state */
  #showControls(state) {
    const isTypedHere = document.activeElement === this.input && this.isTyping;
    if (!isTypedHere && this.input.value !== state.q) this.input.value = state.q;
    const relevance = this.sort.querySelector("option[value=relevance]") ?? addRelevance(this.sort);
    if (relevance instanceof HTMLOptionElement) relevance.hidden = relevance.disabled = !state.q.trim();
    if (this.sort.value !== sortOf(state)) this.sort.value = sortOf(state);
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

  /** @param {State} state @param {number} token */
  #ask(state, token) {
    return this.inquiry.ask(state, { tell: (done, all) => this.#showReading(token, done, all), isWanted: () => token === this.token });
  }

  /** What can be answered without a lost part of the index is. @param {unknown} error @param {State} state @param {number} token */
  #askWithoutWords(error, state, token) {
    if (!(error instanceof LoadError) || !state.q.trim()) throw error;
    return this.#ask({ ...state, q: "" }, token);
  }

  /** A phrase that many cases may have takes a while. @param {number} token @param {number} done @param {number} all */
  #showReading(token, done, all) {
    if (token !== this.token || done === all) return;
    showNotices(this.notices, [{ text: `Reading the cases that have all the words, to see how they stand: ${thousands(done)} of ${thousands(all)}.` }]);
  }

  /** @param {Question} question @param {number} token */
  async #answer(question, token) {
    const { state, index, search } = question;
    const result = answerTo(question);
    const view = viewOf(state);
    const size = pageSizeOf(view);
    const isSampling = state.sample !== null || this.sampler.open || this.sampler.childElementCount > 1;
    const [sampler] = isSampling ? await Promise.all([loaded(import("./views/sampler.js")), this.onDemand.dress()]) : [null];
    if (token !== this.token) return;
    const sample = sampler && isSampled(state) ? sampler.sampleOf(index, state, result.matches) : null;
    const listed = sample?.set ?? result.matches;
    const total = listed.count();
    const pages = size > 0 ? Math.max(1, Math.ceil(total / size)) : 1;
    const shown = { ...state, page: size > 0 ? Math.min(state.page, pages) : state.page };
    const start = (shown.page - 1) * size;
    const ordinals = size > 0 ? pageOf(listed, this.inquiry.order(question), start, start + size) : [];
    // Cards are on their way while the counts are drawn.
    const paging = loaded(import("./views/pager.js"));
    paging.catch(() => {}); // whoever waits for it says so
    const seeing = import("./views/last-seen.js").catch(() => null);
    const first = this.client.cards(index, view === "cards" ? ordinals.slice(0, this.room) : ordinals);
    this.#showLegend(index, state, result.counts);
    this.#showWords(question, shown, result.total);
    if (sample) this.sentence.append(` Listed: ${sample.words}.`);
    sampler?.showSampler(this.sampler, index, state, result.matches, (next) => this.go(next));
    const look = { index, root: this.root, cut: makeCutter(index.placeholders), highlight: search.highlight, q: search.q };
    const isWanted = () => token === this.token;
    const comparison = this.onDemand.compare(state);
    const told = total > 0 ? comparison : null;
    if (view === "cards") {
      const cards = await this.#showCards(first, ordinals, start + 1, look, isWanted, told);
      if (this.isTyping && isWanted()) void import("./views/suggest.js").then(({ showSuggestions }) => showSuggestions(this.input, search, cards), () => {});
    } else {
      const select = async (/** @type {State} */ one) => {
        const asked = await this.#ask(one, token);
        const { matches, total } = answerTo(asked);
        return { set: matches, said: saidOf(asked, total) };
      };
      const go = (/** @type {State} */ next) => this.go(next);
      const context = { state, said: saidOf(question, result.total), index, matches: result.matches, sample: sample?.words ?? "", start: start + 1, total, look, select, client: this.client, template: this.template, isWanted, go };
      await this.#showView(view, context, first, told);
    }
    const { showPager } = await paging;
    if (!isWanted()) return;
    showPager(this.pager, shown, pages, total, size, denominator(index, state).word);
    this.waiting.end(true);
    this.onDemand.settle();
    void seeing.then((lastSeen) => lastSeen?.keepSeen());
  }

  /** The cards of the screen, and when they are there the rest of the page. @param {Promise<import("./index-client.js").Card[]>} loading the first ones @param {number[]} ordinals @param {number} start @param {import("./views/result-list.js").Look} look @param {() => boolean} isWanted @param {Promise<unknown> | null} told what stands above */
  async #showCards(loading, ordinals, start, look, isWanted, told) {
    const [first] = await Promise.all([loading, told]);
    if (!isWanted()) return first;
    const areAll = first.length === ordinals.length;
    // The server's own cards were not asked for.
    if (!this.page.classList.contains("enhanced") && !this.page.classList.contains("waiting")) this.results.replaceChildren();
    placeCards(this.results, this.template, first, 0, areAll, look);
    this.results.start = start;
    this.waiting.arrived = first.length;
    this.waiting.expected = ordinals.length;
    this.#showPlace(false);
    this.place.replaceChildren();
    const [rest] = areAll ? [[]] : await Promise.all([this.client.cards(look.index, ordinals.slice(first.length)), painted()]);
    if (!areAll && isWanted()) placeCards(this.results, this.template, rest, first.length, true, look);
    return [...first, ...rest];
  }

  /** @param {import("./views/view-switch.js").Loaded} view @param {Omit<import("./views/redraw.js").Context, "cards">} context @param {Promise<import("./index-client.js").Card[]>} loading @param {Promise<unknown> | null} told what stands above */
  async #showView(view, context, loading, told) {
    const [cards, module] = await Promise.all([loading, loaded(loadView(view)), this.onDemand.dress(), told]);
    if (!context.isWanted()) return;
    await module.show(this.place, { ...context, cards });
    if (context.isWanted()) this.#showPlace(true);
  }

  /** Either the list or the place of the other views. @param {boolean} isView */
  #showPlace(isView) {
    this.results.hidden = isView;
    this.place.hidden = !isView;
    this.page.classList.add("listed");
  }

  /** @param {Index} index @param {State} state @param {Map<string, Map<string, number>>} counts */
  #showLegend(index, state, counts) {
    this.panel.complete(index);
    this.panel.show(state, counts, answerScope(index, state).counts, denominator(index, state));
  }

  /** @param {Question} question @param {State} shown @param {number} total */
  #showWords(question, shown, total) {
    const { state, index, search } = question;
    const said = { ...saidOf(question, total), page: shown.page };
    showSentence(this.sentence, index, said, total);
    this.page.classList.add("counted");
    document.title = titleOf(index, said, total, this.site);
    if (this.chipsOf !== state) this.#showChips(index, state);
    this.index = index;
    const whole = countWhole(question, total);
    showNotices(this.notices, messagesFor(index, state, this.addressNotices, search, { whole, total, page: shown.page }));
    this.announcer.announce(index, state, total);
    const base = denominator(index, state);
    this.heading.textContent = base.word.charAt(0).toUpperCase() + base.word.slice(1);
    this.onDemand.label(filtersOf(index, state).length, `Show ${thousands(total)} ${total === 1 ? base.one : base.word}`);
    this.empty?.remove();
    this.empty = null;
    if (total > 0) return;
    const offers = wider(index, said, search.query.pieces).map((offer) => ({ ...offer, count: this.inquiry.countLike(question, offer.state) }));
    this.empty = makeEmpty(offers, (wanted) => {
      this.go(wanted);
      goOnAt(this.heading);
    }, base.one);
    this.results.after(this.empty);
  }

  #showFailure() {
    const { arrived } = this.waiting;
    this.waiting.end(false);
    const list = arrived > 0 ? `so the list ends after its first ${arrived} cases` : "so the list below may not fit the filters";
    this.#tell(`A part of the index could not be loaded, ${list}. Case pages and label pages work.`);
  }

  /** What went wrong, and another try. @param {string} text */
  #tell(text) {
    const run = () => {
      goOnAt(this.heading);
      void this.show();
    };
    showNotices(this.notices, [{ text, action: { text: "Try again", run } }]);
  }
}

/** @param {HTMLSelectElement} select */
function addRelevance(select) {
  const option = new Option("Best match", "relevance");
  select.prepend(option);
  return option;
}

/** Whether the server's own first screen is what the address asks for. @param {Explorer} explorer */
function isFirstScreen({ state, addressNotices }) {
  return !isFiltered(state) && viewOf(state) === "cards" && state.sample === null && state.page === 1 && sortOf(state) === "newest" && addressNotices.length === 0 && state.cited === "";
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
