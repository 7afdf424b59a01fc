/** Coding cases blind: draws cases, hides their labels, compares, and counts agreement. Wires page, index and storage. */
import { AXES, agreementOf, isSame, problemsOf, readCodings, writeCodings } from "./coding.js";
import { valuesOf } from "./decode.js";
import { IndexClient, LoadError } from "./index-client.js";
import { answerTo, Inquiry } from "./inquiry.js";
import { makeCutter } from "./pieces.js";
import { pageOf, randomOrder } from "./rank.js";
import { drawSample } from "./sampling.js";
import { parse, serialise } from "./state.js";
import { thousands } from "./words.js";
import { showNotices } from "./views/answer.js";
import { need } from "./views/dom.js";
import { showAgreement, showCase, showComparison } from "./views/practice.js";

/**
 * @typedef {import("./coding.js").Codes} Codes
 * @typedef {import("./index-client.js").Card} Card
 */

const KEY = "atlas-coding";
const USUAL = 10;
const MOST = 100;
const LARGEST_SEED = 999_999;

class Practice {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.prefix = root.dataset.root ?? "";
    this.client = new IndexClient(root.dataset.index ?? "");
    this.notices = need(root, "#notices", HTMLElement);
    this.status = need(root, "#status", HTMLElement);
    this.place = need(root, "#place", HTMLElement);
    this.title = need(root, "#case-title", HTMLElement);
    this.case = need(root, "#case", HTMLElement);
    this.form = need(root, "#codes", HTMLFormElement);
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
    this.codings = readCodings(load(), this.known);
    this.state = parse(location.search).state;
    /** @type {import("./decode.js").Index | null} */
    this.index = null;
    /** @type {Card[]} */
    this.cards = [];
    this.at = 0;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#compare();
    });
    this.next.addEventListener("click", () => this.#goOn());
  }

  /** The address says which cases: its filters, how many, and the seed, which is drawn if it has none. */
  async begin() {
    const { notices } = parse(location.search);
    const state = { ...this.state, sample: Math.min(this.state.sample ?? USUAL, MOST), seed: this.state.seed ?? newSeed(), view: "", compare: null, page: 1 };
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
      this.cards = await this.client.cards(index, pageOf(set, randomOrder(index, state.seed), 0, set.count()));
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      return showNotices(this.notices, [{ text: "A part of the index could not be loaded.", action: { text: "Try again", run: () => void this.begin() } }]);
    }
    const unread = notices.length > 0 ? [{ text: "A part of the address is not understood and left out." }] : [];
    const empty = this.cards.length === 0 ? [{ text: "No case fits this address.", link: { text: "Draw from all cases", href: "./" } }] : [];
    showNotices(this.notices, [...unread, ...empty]);
    this.at = Math.max(0, this.cards.findIndex(({ id }) => !this.codings.has(id)));
    if (this.cards.length > 0) await this.#show();
  }

  /** The case whose turn it is; one that was coded before with both codes. */
  async #show() {
    const { index, at } = this;
    const card = this.cards[at];
    if (!index) return;
    try {
      const texts = await this.client.texts(Math.floor(card.ordinal / index.texts.size));
      this.place.textContent = `Case ${thousands(at + 1)} of ${thousands(this.cards.length)}`;
      showCase(this.title, this.case, texts, card.ordinal - texts.first, makeCutter(index.placeholders));
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      return showNotices(this.notices, [{ text: "This case could not be loaded.", action: { text: "Try again", run: () => void this.#show() } }]);
    }
    showNotices(this.notices, []);
    this.form.reset();
    this.problems.replaceChildren();
    this.#lock(null, null);
    this.outcome.hidden = true;
    const before = this.codings.get(card.id);
    if (before) this.#reveal(before);
    this.#count();
  }

  #compare() {
    const own = this.#chosen();
    const problems = problemsOf(own, this.names);
    showNotices(this.problems, problems.map((text) => ({ text })));
    if (problems.length > 0 || this.cards.length === 0) return;
    this.codings.set(this.cards[this.at].id, own);
    keep(writeCodings(this.codings));
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
    showComparison(this.compared, rows, `${this.prefix}c/${id.toLowerCase()}/`);
    const left = this.cards.some((card) => !this.codings.has(card.id));
    this.next.textContent = left ? "Next case" : "Draw other cases";
    this.outcome.hidden = false;
    this.status.textContent = `${rows.filter((row) => row.isSame).length} of ${rows.length} the same`;
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
      input.closest("li")?.toggleAttribute("data-study", study !== null && study[input.name].includes(input.value));
    }
    need(this.form, "button", HTMLButtonElement).hidden = own !== null;
  }

  /** Agreement on those cases of this draw that have been coded. */
  #count() {
    const pairs = this.cards.flatMap(({ id }, at) => {
      const own = this.codings.get(id);
      return own ? [{ id, own, study: this.#studied(at) }] : [];
    });
    this.agreement.hidden = pairs.length === 0;
    if (pairs.length === 0) return;
    const rows = AXES.map((axis) => ({ name: this.names.get(axis) ?? axis, ...agreementOf(axis, pairs, this.known.get(axis) ?? []) }));
    showAgreement(this.table, rows, pairs, this.names, () => this.#forget());
  }

  #goOn() {
    const after = this.cards.findIndex(({ id }, at) => at > this.at && !this.codings.has(id));
    const open = after >= 0 ? after : this.cards.findIndex(({ id }) => !this.codings.has(id));
    if (open < 0) return location.assign(`?${serialise({ ...this.state, seed: newSeed() })}`);
    this.at = open;
    void this.#show().then(() => this.title.focus());
  }

  /** The cases of this draw, to be coded again. */
  #forget() {
    for (const { id } of this.cards) this.codings.delete(id);
    keep(writeCodings(this.codings));
    this.at = 0;
    void this.#show().then(() => this.title.focus());
  }
}

/** Drawn once and then part of the address. */
function newSeed() {
  return 1 + Math.floor(Math.random() * LARGEST_SEED);
}

function load() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Where nothing may be stored, codes last as long as the page. @param {string} text */
function keep(text) {
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // Nothing else depends on it.
  }
}

const root = document.querySelector("#practice");
if (root instanceof HTMLElement) {
  root.hidden = false;
  await new Practice(root).begin();
}
