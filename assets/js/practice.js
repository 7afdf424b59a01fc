/** Coding cases blind: draws cases, hides their labels, compares, and counts agreement. Wires page, index and storage. */
import { AXES, agreementOf, isSame, problemsOf, readCodings, toldAxes, writeCodings } from "./coding.js";
import { valuesOf } from "./decode.js";
import { IndexClient, LoadError } from "./index-client.js";
import { answerTo, Inquiry } from "./inquiry.js";
import { makeCutter } from "./pieces.js";
import { newSeed, pageOf, randomOrder } from "./rank.js";
import { drawSample } from "./sampling.js";
import { choiceOf, parse, serialise } from "./state.js";
import { thousands } from "./words.js";
import { showNotices } from "./views/answer.js";
import { make, need } from "./views/dom.js";
import { showAgreement, showCase, showComparison } from "./views/practice.js";

/**
 * @typedef {import("./coding.js").Codes} Codes
 * @typedef {import("./index-client.js").Card} Card
 */

const KEY = "atlas-coding";
const USUAL = 10;
const MOST = 100;

class Practice {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.prefix = root.dataset.root ?? "";
    this.client = new IndexClient(root.dataset.index ?? "");
    this.told = need(root, "#told", HTMLElement);
    this.notices = need(root, "#notices", HTMLElement);
    this.frame = need(root, ".practice-case", HTMLElement);
    this.place = need(root, "#place", HTMLElement);
    this.previous = need(root, "#previous", HTMLButtonElement);
    this.title = need(root, "#case-title", HTMLElement);
    this.case = need(root, "#case", HTMLElement);
    this.form = need(root, "#codes", HTMLFormElement);
    this.submit = need(root, "#codes [type=submit]", HTMLButtonElement);
    this.problems = need(root, "#problems", HTMLElement);
    this.outcome = need(root, "#outcome", HTMLElement);
    this.outcomeTitle = need(root, "#outcome-title", HTMLElement);
    this.compared = need(root, "#compared", HTMLElement);
    this.next = need(root, "#next", HTMLButtonElement);
    this.agreement = need(root, "#agreement", HTMLElement);
    this.table = need(root, "#table", HTMLElement);
    const fieldsets = [...root.querySelectorAll("fieldset")];
    /** @type {Map<string, string>} axis -> its name */
    this.names = new Map(fieldsets.map((set) => [set.dataset.axis ?? "", need(set, "legend", HTMLElement).textContent ?? ""]));
    /** @type {Map<string, string[]>} axis -> all of its codes */
    this.known = new Map(fieldsets.map((set) => [set.dataset.axis ?? "", [...set.querySelectorAll("input")].map(({ value }) => value)]));
    /** @type {Map<string, Codes>} */
    this.codings = new Map();
    this.#recall();
    const read = parse(location.search);
    this.state = read.state;
    this.addressNotices = read.notices;
    /** @type {import("./decode.js").Index | null} */
    this.index = null;
    /** @type {Card[]} */
    this.cards = [];
    /** Whether these are all there are. */
    this.isWhole = false;
    /** The case that is shown; -1 before the first. */
    this.at = -1;
    this.turn = 0;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#compare();
    });
    this.next.addEventListener("click", () => this.#goOn());
    this.previous.addEventListener("click", () => void this.#turnTo(this.at - 1));
  }

  /** The address says which cases: its filters, how many, and the seed, which is drawn if it has none. @returns {Promise<void>} */
  async begin() {
    const asked = this.state.sample ?? USUAL;
    const state = { ...this.state, sample: Math.min(asked, MOST), seed: this.state.seed ?? newSeed(), view: "", compare: null, page: 1 };
    this.state = state;
    history.replaceState(null, "", `?${serialise(state)}`);
    try {
      const question = await new Inquiry(this.client).ask(state);
      const { index } = question;
      const cases = answerTo(question).matches.clone();
      const valid = index.facets.get("validation")?.sets.get("=VALID");
      if (valid) cases.and(valid);
      const { set } = drawSample(index, cases, state.sample, state.seed, state.stratify);
      this.index = index;
      this.isWhole = cases.count() <= state.sample;
      this.cards = await this.client.cards(index, pageOf(set, randomOrder(index, state.seed), 0, set.count()));
    } catch (error) {
      return this.#failed(error, "A part of the index could not be loaded.", () => this.begin());
    }
    const known = this.#knownAxes().map((axis) => (this.names.get(axis) ?? axis).toLowerCase()).join(" and ");
    showNotices(this.told, [
      ...(this.addressNotices.length > 0 ? [{ text: "A part of the address is not understood and left out." }] : []),
      ...(asked > MOST ? [{ text: `At most ${MOST} cases are drawn.` }] : []),
      ...(known ? [{ text: `These cases were chosen by ${known}, so you are not blind to that; it is left out of the agreement.` }] : []),
      ...(this.cards.length === 0 ? [{ text: "No case fits this address.", link: { text: "Draw from all cases", href: "./" } }] : []),
    ]);
    if (this.cards.length > 0) await this.#show(Math.max(0, this.#firstOpen()));
  }

  /** @param {unknown} error @param {string} text @param {() => Promise<unknown>} again */
  #failed(error, text, again) {
    if (!(error instanceof LoadError)) throw error;
    const run = () => void again().then(() => this.title.focus());
    showNotices(this.notices, [{ text, action: { text: "Try again", run } }]);
  }

  #knownAxes() {
    return toldAxes((facet) => {
      const { include, exclude } = choiceOf(this.state, facet);
      return include.length + exclude.length > 0;
    });
  }

  #firstOpen() {
    return this.cards.findIndex(({ id }) => !this.codings.has(id));
  }

  /** A case; one that was coded before with both codes. Nothing changes before its text is there, and a later turn wins. @param {number} at @returns {Promise<void>} */
  async #show(at) {
    const { index } = this;
    const card = this.cards[at];
    const turn = ++this.turn;
    if (!index) return;
    try {
      const texts = await this.client.texts(Math.floor(card.ordinal / index.texts.size));
      if (turn !== this.turn) return;
      this.at = at;
      const place = `Case ${thousands(at + 1)} of ${thousands(this.cards.length)}`;
      this.place.textContent = place;
      showCase(this.title, this.case, texts, card.ordinal - texts.first, makeCutter(index.placeholders));
      this.title.prepend(make("span", { class: "vh" }, `${place}: `));
    } catch (error) {
      return turn === this.turn ? this.#failed(error, "This case could not be loaded.", () => this.#show(at)) : undefined;
    }
    showNotices(this.notices, []);
    showNotices(this.problems, []);
    this.form.reset();
    this.#lock(null, null);
    this.outcome.hidden = true;
    this.previous.hidden = at === 0;
    this.frame.hidden = this.form.hidden = false;
    this.#recall();
    const before = this.codings.get(card.id);
    if (before) this.#reveal(before);
    this.#count();
  }

  /** @param {number} at */
  async #turnTo(at) {
    await this.#show(at);
    if (this.at === at) this.title.focus();
  }

  #compare() {
    if (!this.outcome.hidden) return this.outcomeTitle.focus();
    const own = this.#chosen();
    const problems = problemsOf(own, this.names);
    showNotices(this.problems, problems.map((text) => ({ text })));
    if (problems.length > 0) return;
    this.#recall();
    this.codings.set(this.cards[this.at].id, own);
    this.#keep();
    this.#reveal(own);
    this.#count();
    this.outcomeTitle.focus();
  }

  /** @returns {Codes} */
  #chosen() {
    const data = new FormData(this.form);
    return Object.fromEntries(AXES.map((axis) => [axis, data.getAll(axis).map(String)]));
  }

  /** @param {Codes} own */
  #reveal(own) {
    const { id } = this.cards[this.at];
    const study = this.#studied(this.at);
    this.#lock(own, study);
    const rows = AXES.map((axis) => ({ name: this.names.get(axis) ?? axis, own: own[axis], study: study[axis], isSame: isSame(own[axis], study[axis]) }));
    const comparable = rows.filter((row) => row.study.length > 0);
    this.outcomeTitle.textContent = `You and the study: ${comparable.filter((row) => row.isSame).length} of ${comparable.length} the same`;
    showComparison(this.compared, rows, `${this.prefix}c/${id.toLowerCase()}/`);
    const isLast = this.at === this.cards.length - 1 && this.#firstOpen() < 0;
    this.next.textContent = !isLast ? "Next case" : this.isWhole ? "Draw from all cases" : "Draw other cases";
    this.outcome.hidden = false;
  }

  /** What the study chose. @param {number} at @returns {Codes} */
  #studied(at) {
    const { index } = this;
    const { ordinal } = this.cards[at];
    const codesOf = (/** @type {string} */ axis) => (index ? valuesOf(index, axis, ordinal) : []).filter((key) => key.startsWith("=")).map((key) => key.slice(1));
    return Object.fromEntries(AXES.map((axis) => [axis, codesOf(axis)]));
  }

  /** Codes that were compared stay as they were. @param {Codes | null} own @param {Codes | null} study */
  #lock(own, study) {
    for (const input of this.form.querySelectorAll("input")) {
      if (own) input.checked = own[input.name].includes(input.value);
      input.disabled = own !== null;
      input.closest("li")?.toggleAttribute("data-own", own !== null && input.checked);
      input.closest("li")?.toggleAttribute("data-study", study !== null && study[input.name].includes(input.value));
    }
    this.submit.hidden = own !== null;
  }

  /** Agreement on those cases of this draw that have been coded. */
  #count() {
    const pairs = this.cards.flatMap(({ id }, at) => {
      const own = this.codings.get(id);
      return own ? [{ id, own, study: this.#studied(at) }] : [];
    });
    this.agreement.hidden = pairs.length === 0;
    if (pairs.length === 0) return;
    const known = this.#knownAxes();
    const axes = AXES.filter((axis) => !known.includes(axis));
    const rows = axes.map((axis) => ({ name: this.names.get(axis) ?? axis, ...agreementOf(axis, pairs, this.known.get(axis) ?? []) }));
    showAgreement(this.table, rows, pairs, this.names, () => this.#forget());
  }

  /** On to the case behind; from the last one to one that is still open, or to other cases. */
  #goOn() {
    const open = this.#firstOpen();
    if (this.at + 1 < this.cards.length) void this.#turnTo(this.at + 1);
    else if (open >= 0) void this.#turnTo(open);
    else location.assign(this.isWhole ? "./" : `?${serialise({ ...this.state, seed: newSeed() })}`);
  }

  /** Take the codes of this draw out of the browser; it can be undone. */
  #forget() {
    this.#recall();
    const before = this.cards.flatMap(({ id }) => /** @type {[string, Codes][]} */ (this.codings.has(id) ? [[id, this.codings.get(id)]] : []));
    for (const [id] of before) this.codings.delete(id);
    this.#keep();
    const undo = () => {
      this.#recall();
      for (const [id, own] of before) this.codings.set(id, own);
      this.#keep();
      void this.#turnTo(this.at);
    };
    void this.#turnTo(0).then(() => showNotices(this.notices, [{ text: `Your codes of ${thousands(before.length)} ${before.length === 1 ? "case" : "cases"} are deleted.`, action: { text: "Undo", run: undo } }]));
  }

  /** What another tab, or this one in an earlier life, has stored since. Where nothing can be stored, what is known stays. */
  #recall() {
    const stored = load();
    if (stored !== null) this.codings = readCodings(stored, this.known);
  }

  #keep() {
    if (!keep(writeCodings(this.codings))) showNotices(this.notices, [{ text: "This browser lets nothing be stored: your codes last until you leave the page." }]);
  }
}

function load() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} text @returns {boolean} whether it is stored */
function keep(text) {
  try {
    localStorage.setItem(KEY, text);
    return true;
  } catch {
    return false;
  }
}

const root = document.querySelector("#practice");
if (root instanceof HTMLElement) {
  root.hidden = false;
  await new Practice(root).begin();
}
