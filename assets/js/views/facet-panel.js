/** The legend: turns its links into checkboxes of the same size, and shows counts and bars to scale. */
import { choiceOf } from "../state.js";
import { thousands, valueName } from "../words.js";
import { make, need } from "./dom.js";

/**
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").Choice} Choice
 * @typedef {{toggle: (facet: string, key: string) => void, toggleNot: (facet: string, key: string) => void,
 *   dress: () => Promise<void>, edit: (facet: string, make: (choice: Choice) => Choice) => void,
 *   range: (change: Partial<State>, isFurther: boolean) => void}} Handlers `dress`: styles of what is drawn on demand; `isFurther`: one more step of the same movement
 * @typedef {Map<string, Map<string, number>>} Counts
 * @typedef {{count: number, word: string, one: string}} Base
 * @typedef {{count: number, all: number, base: number}} Tally now, without filters, and out of how many
 *
 * @typedef {object} FacetPlace
 * @property {string} name
 * @property {HTMLDetailsElement} details
 * @property {HTMLElement | null} list its values; a range has none
 * @property {(Row | MonthRow)[]} rows
 * @property {HTMLElement} chosen what the heading says about the choice
 *
 * @typedef {{show: (state: State, counts: Counts, scope: Counts, base: Base) => void}} Part
 */

const SVG = "http://www.w3.org/2000/svg";
const MONTH = "month";
const EXPLAINED = new Map([["?none", "The study has no value here."], ["?na", "The question does not arise: no locus without damage, no labels without a case."]]);
/** Ranges are drawn when they are opened. */
/** @type {Map<string, () => Promise<{makeRange: (place: FacetPlace, index: Index, handlers: Handlers) => Part}>>} */
const RANGES = new Map([["month", () => import("./month-range.js")], ["turns", () => import("./turns-range.js")]]);

/** One value of a facet on the page. */
class Row {
  /** @param {HTMLElement} item the list item @param {string} facet @param {string} key @param {Handlers} handlers */
  constructor(item, facet, key, handlers) {
    this.item = item;
    this.key = key;
    const old = need(item, ".facet-row", HTMLElement);
    this.name = need(old, ".name", HTMLElement).textContent ?? "";
    this.count = need(old, ".count", HTMLElement);
    this.bar = barOf(item);
    this.box = make("input", { type: "checkbox", autocomplete: "off" });
    this.box.addEventListener("change", () => handlers.toggle(facet, key));
    this.not = make("button", { type: "button", class: "facet-not", "aria-pressed": "false", "aria-label": `not ${this.name}` }, "not");
    this.not.addEventListener("click", () => handlers.toggleNot(facet, key));
    old.replaceWith(make("label", { class: "facet-row", title: EXPLAINED.get(key) ?? false }, this.box, ...old.childNodes));
    item.append(this.not);
  }

  /** @param {boolean} isChosen @param {boolean} isExcluded @param {Tally} tally */
  show(isChosen, isExcluded, tally) {
    this.box.checked = isChosen;
    this.not.setAttribute("aria-pressed", String(isExcluded));
    setState(this.item, isExcluded ? "not" : isChosen ? "chosen" : "");
    showCount(this.item, this.count, this.bar, tally);
  }
}

/** A month is a range in the address, so its row stays a link. */
class MonthRow {
  /** @param {HTMLElement} item @param {string} key */
  constructor(item, key) {
    this.item = item;
    this.key = key;
    this.link = need(item, ".facet-row", HTMLElement);
    this.name = need(item, ".name", HTMLElement).textContent ?? "";
    this.count = need(item, ".count", HTMLElement);
    this.bar = barOf(item);
  }

  /** @param {boolean} isChosen @param {boolean} _isExcluded @param {Tally} tally */
  show(isChosen, _isExcluded, tally) {
    if (isChosen) this.link.setAttribute("aria-current", "true");
    else this.link.removeAttribute("aria-current");
    showCount(this.item, this.count, this.bar, tally);
  }
}

/** @param {HTMLElement} item @param {string} state */
function setState(item, state) {
  if (state) item.dataset.state = state;
  else delete item.dataset.state;
}

/** @param {HTMLElement} item */
function barOf(item) {
  return { all: need(item, ".bar .all", SVGElement), now: need(item, ".bar .now", SVGElement) };
}

/** @param {HTMLElement} item @param {HTMLElement} place @param {{all: SVGElement, now: SVGElement}} bar @param {Tally} tally */
function showCount(item, place, bar, { count, all, base }) {
  setText(place, thousands(count));
  setWidth(bar.now, count, base);
  setWidth(bar.all, all, base);
  item.toggleAttribute("data-zero", count === 0);
}

/** @param {SVGElement} rect @param {number} part @param {number} base */
function setWidth(rect, part, base) {
  const width = base > 0 ? Math.round((10000 * part) / base) / 100 : 0;
  if (Number(rect.getAttribute("width")) !== width) rect.setAttribute("width", String(width));
}

export class FacetPanel {
  /** @param {HTMLFormElement} form @param {Handlers} handlers */
  constructor(form, handlers) {
    this.form = form;
    this.handlers = handlers;
    this.base = need(form, ".legend-base", HTMLElement);
    /** @type {Map<string, FacetPlace>} */
    this.facets = new Map();
    /** @type {Map<string, Part>} what is drawn on demand */
    this.parts = new Map();
    /** @type {Index | null} */
    this.index = null;
    /** @type {[State, Counts, Counts, Base] | null} */
    this.last = null;
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const details of form.querySelectorAll("details.facet")) {
      if (details instanceof HTMLDetailsElement) this.#enhance(details);
    }
  }

  /** @param {HTMLDetailsElement} details */
  #enhance(details) {
    const name = details.dataset.facet ?? details.dataset.range ?? "";
    const chosen = make("span", { class: "facet-chosen" });
    need(details, "summary", HTMLElement).append(chosen);
    const list = details.querySelector("ul");
    const items = [...(list?.children ?? [])].filter((item) => item instanceof HTMLElement);
    const rows = items.map((item) => this.#makeRow(item, name));
    this.facets.set(name, { name, details, list, rows, chosen });
    if (RANGES.has(name)) details.addEventListener("toggle", () => void this.#drawRange(name));
  }

  /** @param {HTMLElement} item @param {string} facet */
  #makeRow(item, facet) {
    const key = item.dataset.missing ? `?${item.dataset.missing}` : `=${item.dataset.value ?? ""}`;
    return facet === MONTH ? new MonthRow(item, key) : new Row(item, facet, key, this.handlers);
  }

  /** Add the values that no case has, which only the index knows. @param {Index} index */
  complete(index) {
    if (this.index) return;
    this.index = index;
    for (const [name, { list, rows }] of this.facets) {
      const shown = new Set(rows.map((row) => row.key));
      const further = name === MONTH ? [] : (index.facets.get(name)?.keys.filter((key) => !shown.has(key)) ?? []);
      if (list) rows.push(...further.map((key) => this.#makeRow(addItem(list, key, valueName(index, name, key)), name)));
    }
  }

  /** Add what can wait until the answer is there: ranges, and the tools of long facets. */
  furnish() {
    if (!this.index || this.parts.has("tools")) return;
    this.parts.set("tools", { show: () => {} });
    for (const name of this.facets.keys()) void this.#drawRange(name);
    void this.#addTools(this.index);
  }

  /** Without its tools the legend still works, so a failure stays silent. @param {Index} index */
  async #addTools(index) {
    const [tools] = await Promise.all([import("./facet-tools.js").catch(() => null), this.handlers.dress()]);
    if (tools) this.#add("tools", tools.makeTools([...this.facets.values()], index, this.handlers));
  }

  /** @param {string} name */
  async #drawRange(name) {
    const place = this.facets.get(name);
    const range = RANGES.get(name);
    if (!this.index || !place?.details.open || !range || this.parts.has(name)) return;
    this.parts.set(name, { show: () => {} });
    const [module] = await Promise.all([range().catch(() => null), this.handlers.dress()]);
    if (module) this.#add(name, module.makeRange(place, this.index, this.handlers));
    else this.parts.delete(name);
  }

  /** @param {string} name @param {Part} part */
  #add(name, part) {
    this.parts.set(name, part);
    if (this.last) part.show(...this.last);
  }

  /**
   * Counts, bars and checks follow the answer; nothing moves, nothing is made anew. A way of being missing that nothing
   * in scope has is left out.
   * @param {State} state @param {Counts} counts
   * @param {Counts} scope the counts without any filter
   * @param {Base} base the denominator of the bars
   */
  show(state, counts, scope, base) {
    this.last = [state, counts, scope, base];
    setText(this.base, `Counts: ${base.word} that would be shown, of ${thousands(base.count)}.`);
    for (const [name, { rows, details, chosen }] of this.facets) {
      const choice = choiceOf(state, name);
      for (const row of rows) {
        const isChosen = name === MONTH ? isInRange(state, row.key) : choice.include.includes(row.key);
        const isExcluded = choice.exclude.includes(row.key);
        const all = scope.get(name)?.get(row.key) ?? 0;
        row.show(isChosen, isExcluded, { count: counts.get(name)?.get(row.key) ?? 0, all, base: base.count });
        row.item.hidden = row.key.startsWith("?") && !isChosen && !isExcluded && all === 0;
      }
      const active = activeIn(state, name, choice);
      const isPointless = base.count > 0 && scope.get(name)?.get("?na") === base.count;
      setText(chosen, active > 0 ? String(active) : isPointless ? "does not apply" : "");
      chosen.toggleAttribute("data-quiet", active === 0);
      if (active > 0 && !details.open) details.open = true;
    }
    for (const part of this.parts.values()) part.show(state, counts, scope, base);
  }
}

/** How many choices a facet holds. @param {State} state @param {string} name @param {Choice} choice */
function activeIn(state, name, choice) {
  if (name === MONTH) return Number(state.from !== "") + Number(state.to !== "");
  return name === "turns" ? Number(state.turns !== null) : choice.include.length + choice.exclude.length;
}

/** @param {Element} place @param {string} text */
function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {State} state @param {string} key */
function isInRange(state, key) {
  const month = key.slice(1);
  if (!key.startsWith("=") || (!state.from && !state.to)) return false;
  return (!state.from || month >= state.from) && (!state.to || month <= state.to);
}

/** "Code/task state" may break behind the slash, as in the server's rows. @param {string} name */
function breakable(name) {
  return name.split("/").flatMap((part, i) => (i === 0 ? [part] : ["/", make("wbr"), part]));
}

/** A row for a value that the server did not show. @param {HTMLElement} list @param {string} key @param {string} name */
function addItem(list, key, name) {
  const bar = document.createElementNS(SVG, "svg");
  const attributes = { class: "bar", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" };
  for (const [attribute, value] of Object.entries(attributes)) bar.setAttribute(attribute, value);
  for (const part of ["all", "now"]) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [attribute, value] of [["class", part], ["width", "0"], ["height", "4"]]) rect.setAttribute(attribute, value);
    bar.append(rect);
  }
  const row = make("span", { class: "facet-row" }, make("span", { class: "name" }, ...breakable(name)), " ", make("span", { class: "count" }), bar);
  const item = make("li", { class: "facet-value" }, row);
  item.dataset[key.startsWith("?") ? "missing" : "value"] = key.slice(1);
  list.append(item);
  return item;
}
