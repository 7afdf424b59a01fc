/** The legend: turns its links into checkboxes of the same size, and shows counts and bars to scale. */
import { choiceOf } from "../state.js";
import { monthName, thousands, valueName } from "../words.js";
import { make, need } from "./dom.js";

/**
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../state.js").State} State
 * @typedef {{toggle: (facet: string, key: string) => void, toggleNot: (facet: string, key: string) => void,
 *   match: (facet: string, all: boolean) => void, months: (from: string, to: string) => void}} Handlers
 */

const SVG = "http://www.w3.org/2000/svg";
const SINGLE_BY_ADDRESS = "month";

/** One value of a facet on the page. */
class Row {
  /** @param {HTMLElement} item the list item @param {string} facet @param {string} key @param {Handlers} handlers */
  constructor(item, facet, key, handlers) {
    this.item = item;
    this.key = key;
    const old = need(item, ".facet-row", HTMLElement);
    this.name = need(old, ".name", HTMLElement).textContent ?? "";
    this.count = need(old, ".count", HTMLElement);
    this.now = need(old, ".bar .now", SVGElement);
    this.box = make("input", { type: "checkbox", autocomplete: "off" });
    this.box.addEventListener("change", () => handlers.toggle(facet, key));
    this.not = make("button", { type: "button", class: "facet-not", "aria-pressed": "false", "aria-label": `not ${this.name}` }, "not");
    this.not.addEventListener("click", () => handlers.toggleNot(facet, key));
    old.replaceWith(make("label", { class: "facet-row" }, this.box, ...old.childNodes));
    item.append(this.not);
  }

  /** @param {boolean} isChosen @param {boolean} isExcluded @param {number} count @param {number} base */
  show(isChosen, isExcluded, count, base) {
    this.box.checked = isChosen;
    this.not.setAttribute("aria-pressed", String(isExcluded));
    setState(this.item, isExcluded ? "not" : isChosen ? "chosen" : "");
    showCount(this.item, this.count, this.now, count, base);
  }
}

/** A month is a range in the address, so its row stays a link. */
class MonthRow {
  /** @param {HTMLElement} item @param {string} key */
  constructor(item, key) {
    this.item = item;
    this.key = key;
    this.link = need(item, ".facet-row", HTMLElement);
    this.count = need(item, ".count", HTMLElement);
    this.now = need(item, ".bar .now", SVGElement);
  }

  /** @param {boolean} isChosen @param {boolean} _isExcluded @param {number} count @param {number} base */
  show(isChosen, _isExcluded, count, base) {
    if (isChosen) this.link.setAttribute("aria-current", "true");
    else this.link.removeAttribute("aria-current");
    showCount(this.item, this.count, this.now, count, base);
  }
}

/** @param {HTMLElement} item @param {string} state */
function setState(item, state) {
  if (state) item.dataset.state = state;
  else delete item.dataset.state;
}

/** @param {HTMLElement} item @param {HTMLElement} place @param {SVGElement} bar @param {number} count @param {number} base */
function showCount(item, place, bar, count, base) {
  const text = thousands(count);
  if (place.textContent !== text) place.textContent = text;
  bar.setAttribute("width", String(base > 0 ? Math.round((10000 * count) / base) / 100 : 0));
  item.toggleAttribute("data-zero", count === 0);
}

export class FacetPanel {
  /** @param {HTMLFormElement} form @param {Handlers} handlers */
  constructor(form, handlers) {
    this.handlers = handlers;
    /** @type {Map<string, {details: HTMLDetailsElement, list: HTMLElement, rows: (Row | MonthRow)[], chosen: HTMLElement, match: HTMLElement | null}>} */
    this.facets = new Map();
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const details of form.querySelectorAll("details.facet")) {
      if (details instanceof HTMLDetailsElement) this.#enhance(details);
    }
    /** @type {{from: HTMLSelectElement, to: HTMLSelectElement} | null} */
    this.months = null;
  }

  /** @param {HTMLDetailsElement} details */
  #enhance(details) {
    const name = details.dataset.facet ?? "";
    const chosen = make("span", { class: "facet-chosen" });
    need(details, "summary", HTMLElement).append(chosen);
    const list = need(details, "ul", HTMLElement);
    const items = [...list.children].filter((item) => item instanceof HTMLElement);
    const rows = items.map((item) => this.#makeRow(item, name));
    this.facets.set(name, { details, list, rows, chosen, match: null });
  }

  /** @param {HTMLElement} item @param {string} facet */
  #makeRow(item, facet) {
    const key = item.dataset.missing ? `?${item.dataset.missing}` : `=${item.dataset.value ?? ""}`;
    return facet === SINGLE_BY_ADDRESS ? new MonthRow(item, key) : new Row(item, facet, key, this.handlers);
  }

  /** Add what only the index knows: values that no case has, and the choice of months. @param {Index} index */
  complete(index) {
    for (const [name, facet] of this.facets) {
      const shown = new Set(facet.rows.map((row) => row.key));
      const further = index.facets.get(name)?.keys.filter((key) => !shown.has(key)) ?? [];
      if (name === SINGLE_BY_ADDRESS) this.#addMonths(index, facet.list);
      else facet.rows.push(...further.map((key) => this.#makeRow(addItem(facet.list, key, valueName(index, name, key)), name)));
    }
  }

  /** @param {Index} index @param {HTMLElement} list */
  #addMonths(index, list) {
    const months = index.facets.get(SINGLE_BY_ADDRESS)?.keys.filter((key) => key.startsWith("=")).map((key) => key.slice(1)) ?? [];
    const select = () => make("select", { autocomplete: "off" }, ...["", ...months].map((month) => make("option", { value: month }, month ? monthName(month) : "any")));
    const chosen = { from: select(), to: select() };
    const changed = () => this.handlers.months(chosen.from.value, chosen.to.value);
    chosen.from.addEventListener("change", changed);
    chosen.to.addEventListener("change", changed);
    list.before(make("div", { class: "facet-ranges" }, make("label", {}, "From ", chosen.from), make("label", {}, "until ", chosen.to)));
    this.months = chosen;
  }

  /**
   * Counts, bars and checks follow the answer; nothing moves, nothing is made anew. A way of being missing that nothing
   * in scope has is left out.
   * @param {State} state
   * @param {Map<string, Map<string, number>>} counts
   * @param {Map<string, Map<string, number>>} scope the counts without any filter
   * @param {number} base the denominator of the bars
   */
  show(state, counts, scope, base) {
    for (const [name, facet] of this.facets) {
      const choice = choiceOf(state, name);
      const isMonth = name === SINGLE_BY_ADDRESS;
      for (const row of facet.rows) {
        const isChosen = isMonth ? isInRange(state, row.key) : choice.include.includes(row.key);
        const isExcluded = choice.exclude.includes(row.key);
        row.show(isChosen, isExcluded, counts.get(name)?.get(row.key) ?? 0, base);
        row.item.hidden = row.key.startsWith("?") && !isChosen && !isExcluded && !scope.get(name)?.get(row.key);
      }
      const active = isMonth ? Number(state.from !== "") + Number(state.to !== "") : choice.include.length + choice.exclude.length;
      facet.chosen.textContent = active > 0 ? String(active) : "";
      if (active > 0 && !facet.details.open) facet.details.open = true;
      this.#showMatch(name, facet, choice);
    }
    this.#showMonths(state);
  }

  /** @param {State} state */
  #showMonths(state) {
    if (!this.months) return;
    this.months.from.value = state.from;
    this.months.to.value = state.to;
  }

  /** Any or all: offered as soon as two values of a facet with several labels are chosen. @param {string} name @param {{list: HTMLElement, match: HTMLElement | null}} facet @param {import("../state.js").Choice} choice */
  #showMatch(name, facet, choice) {
    const isOffered = ["form", "cause", "tier"].includes(name) && choice.include.length > 1;
    if (!isOffered) {
      facet.match?.remove();
      facet.match = null;
      return;
    }
    if (!facet.match) {
      const box = make("input", { type: "checkbox", autocomplete: "off" });
      box.addEventListener("change", () => this.handlers.match(name, box.checked));
      facet.match = make("p", { class: "facet-ranges facet-match" }, make("label", {}, box, " Only cases with all of these"));
      facet.list.after(facet.match);
    }
    need(facet.match, "input", HTMLInputElement).checked = choice.all;
  }
}

/** @param {State} state @param {string} key */
function isInRange(state, key) {
  const month = key.slice(1);
  if (!key.startsWith("=") || (!state.from && !state.to)) return false;
  return (!state.from || month >= state.from) && (!state.to || month <= state.to);
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
  const row = make("span", { class: "facet-row" }, make("span", { class: "name" }, name), " ", make("span", { class: "count" }), bar);
  const item = make("li", { class: "facet-value" }, row);
  item.dataset[key.startsWith("?") ? "missing" : "value"] = key.slice(1);
  list.append(item);
  return item;
}
