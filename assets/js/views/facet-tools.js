/**
 * What long, uneven and many-labelled facets get beside their values: a field that narrows the list, rare values first,
 * "Show all", any or all, the tiers of a cause. Loaded with the index; without it the legend still works.
 */
import { JOINED } from "../query.js";
import { choiceOf } from "../state.js";
import { chooseTier, fits, isUneven, LONG, rareFirst, shownAtFirst } from "../legend-order.js";
import { thousands, valueName } from "../words.js";
import { make } from "./dom.js";

/**
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").Choice} Choice
 * @typedef {import("./facet-panel.js").Handlers} Handlers
 * @typedef {import("./facet-panel.js").Counts} Counts
 * @typedef {import("./facet-panel.js").Base} Base
 * @typedef {import("./facet-panel.js").FacetPlace} FacetPlace
 * @typedef {import("./facet-panel.js").Part} Part
 * @typedef {FacetPlace["rows"][number]} AnyRow
 */

/** @param {FacetPlace[]} places @param {Index} index @param {Handlers} handlers @returns {Part} */
export function makeTools(places, index, handlers) {
  const parts = places.flatMap(({ name, list, rows }) => {
    if (!list) return [];
    const title = index.facets.get(name)?.title ?? name;
    /** @type {Part[]} */
    const tools = [new ListTools(name, title, list, rows)];
    if (name !== "month") tools.push(new MatchSwitch(name, list, index.facets.get(name)?.multiple ?? false, handlers));
    if (name === "cause") tools.push(...rows.map((row) => new TierChoice(row, index, handlers)));
    return tools;
  });
  return { show: (...seen) => parts.forEach((part) => part.show(...seen)) };
}

/** Order and length of one list of values. Rows move only on request, never under a reader's hands. */
class ListTools {
  /** @param {string} name @param {string} title @param {HTMLElement} list @param {AnyRow[]} rows */
  constructor(name, title, list, rows) {
    this.name = name;
    this.list = list;
    this.rows = new Map(rows.map((row) => [row.key, row]));
    this.isLong = rows.filter((row) => !row.key.startsWith("?")).length > LONG;
    this.isWhole = name === "month";
    /** @type {Set<string>} values that were in use since the page was opened */
    this.used = new Set();
    /** @type {Map<string, number>} */
    this.counts = new Map();
    this.rare = make("button", { type: "button", class: "facet-rare", "aria-pressed": "false", "aria-label": `${title}: rare first`, hidden: true }, "rare first");
    this.rare.addEventListener("click", () => this.#turnOver());
    list.before(this.rare);
    if (this.isLong) this.#addLongTools(title);
  }

  /** @param {string} title */
  #addLongTools(title) {
    this.field = make("input", { type: "search", class: "facet-find", autocomplete: "off", spellcheck: "false", "aria-label": `Find in ${title}`, placeholder: `Find in ${title}` });
    this.field.addEventListener("input", () => this.#fold());
    this.found = make("p", { class: "facet-found", role: "status" });
    this.more = make("button", { type: "button", class: "facet-more", "aria-expanded": "false" });
    this.more.addEventListener("click", () => {
      this.isWhole = !this.isWhole;
      this.#fold();
    });
    this.list.before(this.field, this.found);
    this.list.after(this.more);
  }

  #turnOver() {
    this.rare.setAttribute("aria-pressed", String(!this.#isRareFirst()));
    this.#arrange();
    this.#fold();
  }

  #isRareFirst() {
    return this.rare.getAttribute("aria-pressed") === "true";
  }

  /** @param {State} state @param {Counts} counts @param {Counts} scope */
  show(state, counts, scope) {
    const choice = choiceOf(state, this.name);
    for (const key of [...choice.include, ...choice.exclude]) this.used.add(key);
    this.counts = counts.get(this.name) ?? this.counts;
    const all = scope.get(this.name);
    const isOffered = this.name !== "month" && isUneven([...this.rows.keys()].filter((key) => key.startsWith("=")).map((key) => all?.get(key) ?? 0));
    this.rare.hidden = !isOffered && !this.#isRareFirst();
    if (this.#isRareFirst() && !this.list.contains(document.activeElement)) this.#arrange();
    this.#fold();
  }

  #order() {
    const keys = [...this.rows.keys()];
    return this.#isRareFirst() ? rareFirst(keys, (key) => this.counts.get(key) ?? 0) : keys;
  }

  /** A row that has the focus stays where it is while the others move around it. */
  #arrange() {
    const items = this.#order().flatMap((key) => this.rows.get(key)?.item ?? []);
    if (items.every((item, i) => item === this.list.children[i])) return;
    const focused = items.findIndex((item) => item.contains(document.activeElement));
    for (const item of items.slice(0, Math.max(0, focused))) this.list.insertBefore(item, items[focused]);
    this.list.append(...items.slice(focused + 1));
  }

  /** Hide what does not fit the typed words, or what comes after the first values. */
  #fold() {
    if (!this.field || !this.more || !this.found) return;
    const offered = this.#order().filter((key) => !this.rows.get(key)?.item.hidden);
    const typed = this.field.value.trim();
    const fitting = typed ? offered.filter((key) => fits(this.rows.get(key)?.name ?? "", typed)) : offered;
    const shown = typed || this.isWhole ? new Set(fitting) : shownAtFirst(offered, this.used);
    for (const [key, { item }] of this.rows) item.toggleAttribute("data-folded", !shown.has(key));
    const words = fitting.length === 0 ? "None fits." : `${fitting.length} of ${offered.length}`;
    this.found.textContent = typed ? words : "";
    this.more.hidden = typed !== "" || this.name === "month" || (!this.isWhole && shown.size === offered.length);
    this.more.textContent = this.isWhole ? "Show fewer" : `Show all ${offered.length}`;
    this.more.setAttribute("aria-expanded", String(this.isWhole));
  }
}

/** Any or all of the chosen values: offered for facets with several labels a case, and wherever an address asks for all. */
class MatchSwitch {
  /** @param {string} name @param {HTMLElement} list @param {boolean} isMultiple @param {Handlers} handlers */
  constructor(name, list, isMultiple, handlers) {
    this.name = name;
    this.list = list;
    this.isMultiple = isMultiple;
    this.handlers = handlers;
    /** @type {{place: HTMLElement, any: HTMLInputElement, all: HTMLInputElement} | null} */
    this.made = null;
  }

  /** @param {State} state */
  show(state) {
    const { include, all } = choiceOf(state, this.name);
    const isOffered = all || (this.isMultiple && include.length > 1);
    if (!isOffered && !this.made) return;
    this.made ??= this.#make();
    this.made.place.classList.toggle("unused", !isOffered);
    this.made.any.checked = !all;
    this.made.all.checked = all;
  }

  #make() {
    const [any, all] = [false, true].map((value) => {
      const radio = make("input", { type: "radio", name: `match-${this.name}`, autocomplete: "off" });
      radio.addEventListener("change", () => this.handlers.edit(this.name, (choice) => ({ ...choice, all: value })));
      return radio;
    });
    const labels = [make("label", {}, any, " any of these"), make("label", {}, all, " all of these")];
    const place = make("div", { class: "facet-ranges facet-match", role: "radiogroup", "aria-label": "Cases with" }, ...labels);
    this.list.after(place);
    return { place, any, all };
  }
}

/** The tiers of one cause, below it, as soon as the cause is in use. */
class TierChoice {
  /** @param {AnyRow} row @param {Index} index @param {Handlers} handlers */
  constructor(row, index, handlers) {
    this.row = row;
    this.index = index;
    this.handlers = handlers;
    const occurs = index.facets.get(JOINED)?.keys ?? [];
    const tiers = index.facets.get("tier")?.keys.filter((key) => key.startsWith("=")) ?? [];
    const own = tiers.map((tier) => `${row.key}:${tier.slice(1)}`);
    this.keys = own.some((key) => occurs.includes(key)) ? [...own, ...occurs.filter((key) => key === `${row.key}:none`)] : [];
    /** @type {Map<string, {label: HTMLElement, box: HTMLInputElement, count: HTMLElement}> | null} */
    this.made = null;
    this.place = make("div", { class: "facet-tiers", role: "group", "aria-label": `Evidence for ${row.name}` });
  }

  /** @param {State} state @param {Counts} counts */
  show(state, counts) {
    const choice = choiceOf(state, "cause");
    const isPart = (/** @type {string} */ key) => key.startsWith(`${this.row.key}:`);
    const isWhole = choice.include.includes(this.row.key);
    const isPartly = choice.include.some(isPart) && !isWhole;
    if ("box" in this.row) this.row.box.indeterminate = isPartly;
    const isOpen = this.keys.length > 0 && (isWhole || isPartly || choice.exclude.some(isPart));
    if (isOpen) this.made ??= this.#make();
    this.place.hidden = !isOpen;
    for (const [key, { label, box, count }] of this.made ?? []) {
      box.checked = choice.include.includes(key);
      label.toggleAttribute("data-not", choice.exclude.includes(key));
      count.textContent = thousands(counts.get(JOINED)?.get(key) ?? 0);
    }
  }

  #make() {
    const made = this.keys.map((key) => {
      const box = make("input", { type: "checkbox", autocomplete: "off" });
      box.addEventListener("change", () => this.handlers.edit("cause", (choice) => chooseTier(choice, this.row.key, key)));
      const count = make("span", { class: "count" });
      const tier = `=${key.slice(key.indexOf(":") + 1)}`;
      const name = tier === "=none" ? "not recorded" : valueName(this.index, "tier", tier).toLowerCase();
      const label = make("label", {}, box, ` ${name} `, count);
      return /** @type {const} */ ([key, { label, box, count }]);
    });
    this.place.append(...made.map(([, { label }]) => label));
    this.row.item.append(this.place);
    return new Map(made);
  }
}
