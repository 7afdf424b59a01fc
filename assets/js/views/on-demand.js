/** What the first screen does not need: export and basket, the legend as a sheet, the help, single keys. Loaded when asked for. */
import { actionOf, wantsKeys } from "../keyboard.js";
import { showNotices } from "./answer.js";
import { make, need } from "./dom.js";

/**
 * @typedef {object} Page
 * @property {HTMLElement} root of the explorer
 * @property {string} prefix of links
 * @property {HTMLElement} notices
 * @property {HTMLElement} status
 * @property {HTMLInputElement} input
 * @property {import("../inquiry.js").Inquiry} inquiry
 * @property {() => Promise<import("./taking.js").Listing>} list what the page lists, all pages of it
 */

/** @typedef {import("../state.js").State} State */

/** For how long a list waits for what stands above it. */
const MOMENT = 500;
export const NOT_COMPARED = "What has changed since the link was made could not be loaded; the list below is that of now.";
/** Where keys write or choose instead of acting on the page. */
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export class OnDemand {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.side = need(page.root, ".legend-side", HTMLElement);
    this.legend = need(page.root, "#legend", HTMLFormElement);
    this.legendToggle = need(page.root, "#legend-toggle", HTMLButtonElement);
    /** @type {import("./sheet.js").Sheet | null} */
    this.sheet = null;
    /** @type {Promise<void> | null} */
    this.dressed = null;
    /** @type {import("./taking.js").Taking | null} */
    this.taking = null;
    /** Asked for once, so that clicks keep their order. @type {Promise<typeof import("./taking.js") | null> | null} */
    this.takingModule = null;
    /** @type {import("./since.js").Since | null} */
    this.since = null;
    this.sincePlace = make("section", { class: "since", tabindex: "-1", "aria-label": "Since the link was made", hidden: true });
    need(page.root, "#chips", HTMLElement).after(this.sincePlace);
    this.filters = "Filters";
    this.cases = "Show the cases";
    this.#listen();
  }

  #listen() {
    this.legendToggle.addEventListener("click", () => void this.#openLegend());
    need(this.page.root, "#help-open", HTMLButtonElement).addEventListener("click", () => void this.#help());
    document.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("click", (event) => {
      const control = event.target instanceof Element ? event.target.closest("[data-take], .card .keep") : null;
      if (!control) return;
      event.preventDefault();
      void this.#take((taking) => taking.use(control));
    });
    const isShared = () => location.hash.startsWith("#basket");
    window.addEventListener("hashchange", () => isShared() && void this.#take((taking) => taking.follow()));
    if (hasBasket() || isShared()) void this.#take((taking) => taking.follow());
  }

  /** Styles of what opens on demand; without them it looks plain but works. @returns {Promise<void>} */
  dress() {
    this.dressed ??= new Promise((/** @type {(nothing: void) => void} */ resolve) => {
      const link = make("link", { rel: "stylesheet", href: new URL("../../css/on-demand.css", import.meta.url).href });
      link.addEventListener("load", () => resolve());
      link.addEventListener("error", () => resolve());
      document.head.append(link);
    });
    return this.dressed;
  }

  /** What the buttons that open and close the legend say on a phone. @param {number} filters how many are set @param {string} cases */
  label(filters, cases) {
    this.filters = filters > 0 ? `Filters (${filters})` : "Filters";
    this.cases = cases;
    this.#label();
  }

  #label() {
    this.legendToggle.textContent = this.filters;
    this.sheet?.say(this.cases);
  }

  /** Export, basket, surprise. @param {(taking: import("./taking.js").Taking) => void} run */
  async #take(run) {
    const { root, prefix, status, inquiry, list } = this.page;
    this.takingModule ??= import("./taking.js").catch(() => (this.takingModule = null));
    const [module] = await Promise.all([this.takingModule, this.dress()]);
    if (!module) return this.#lost();
    const say = (/** @type {string} */ text) => (status.textContent = text);
    this.taking ??= new module.Taking({ root, prefix, client: inquiry.client, searcher: () => inquiry.search(), say, list });
    run(this.taking);
  }

  #lost() {
    const { notices, status } = this.page;
    const text = (status.textContent = "A part of the page could not be loaded. Try again.");
    showNotices(notices, [{ text }]);
  }

  /** A list stands: its citation follows. */
  settle() {
    this.taking?.refresh();
  }

  /** What a link to an older result needs comes beside the index. */
  expectOldLink() {
    void this.dress();
    void import("./since.js").catch(() => null);
  }

  /** Such a link is answered above the list, and the list waits a moment for it, so that it need not move. @param {State} state */
  compare(state) {
    const place = this.sincePlace;
    if (!state.cited && place.hidden) return Promise.resolve();
    if (place.hidden && !this.since) place.replaceChildren(comparing(state));
    if (state.cited) place.hidden = false;
    return Promise.race([this.#compare(state), new Promise((resolve) => setTimeout(resolve, MOMENT))]);
  }

  /** @param {State} state */
  async #compare(state) {
    const [module] = await Promise.all([import("./since.js").catch(() => null), this.dress()]);
    const { root, prefix, inquiry, list } = this.page;
    if (module) this.since ??= new module.Since({ root, prefix, place: this.sincePlace, client: inquiry.client, list });
    if (this.since) return this.since.show(state);
    const again = () => {
      this.sincePlace.focus();
      void this.#compare(state);
    };
    showNotices(this.sincePlace, [{ text: NOT_COMPARED, action: { text: "Try again", run: again } }]);
    this.sincePlace.hidden = state.cited === "";
  }

  /** As a sheet; if its script cannot be loaded, in the page. */
  async #openLegend() {
    const [module] = await Promise.all([import("./sheet.js").catch(() => null), this.dress()]);
    if (!module) return void this.side.classList.toggle("open");
    this.sheet ??= new module.Sheet(this.side, [this.legend, this.page.status]);
    this.#label();
    this.sheet.open(this.legendToggle);
  }

  async #help() {
    const [module] = await Promise.all([import("./help.js").catch(() => null), this.dress()]);
    if (module) module.openHelp();
    else showNotices(this.page.notices, [{ text: "The help could not be loaded; everything else works." }]);
  }

  /** Single keys act on the page, unless the reader types, has a dialog open or has switched them off. @param {KeyboardEvent} event */
  #press(event) {
    const isBusy = (event.target instanceof Element && event.target.matches(FIELDS)) || document.querySelector("dialog[open]") !== null;
    const action = actionOf(event, isBusy);
    if (!action || event.defaultPrevented || !wantsKeys(() => localStorage)) return;
    event.preventDefault();
    void import("./shortcuts.js").then(({ act }) => act(action, this.page.input, () => void this.#help()), () => this.#lost());
  }
}

/** What stands there until the answer does. @param {State} state */
export function comparing({ cited }) {
  const [release] = cited.split(":");
  return `Comparing with ${release === "unreleased" ? "what was cited" : "release " + release} …`;
}

/** Whether cases were kept in this browser. */
function hasBasket() {
  try {
    return localStorage.getItem("atlas-basket") !== null;
  } catch {
    return false;
  }
}
