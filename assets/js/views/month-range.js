/**
 * The months as a small histogram, grey for all and ink for what is shown, with two handles that keys, mouse and touch
 * can move. The list of months stays below as its text alternative.
 */
import { monthsBetween } from "../legend-order.js";
import { monthName, thousands } from "../words.js";
import { make } from "./dom.js";

/**
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../state.js").State} State
 * @typedef {import("./facet-panel.js").Handlers} Handlers
 * @typedef {import("./facet-panel.js").Counts} Counts
 * @typedef {import("./facet-panel.js").Base} Base
 * @typedef {import("./facet-panel.js").FacetPlace} FacetPlace
 * @typedef {import("./facet-panel.js").Part} Part
 * @typedef {"from" | "to"} End
 */

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 40;
const A_YEAR = 12;
/** Beyond this, months without cases are left out, or the bars would be too thin to see. */
const MOST = 120;
const FULL_NAMES = Object.freeze(["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]);

/** @param {FacetPlace} place @param {Index} index @param {Handlers} handlers @returns {Part} */
export function makeRange({ details, list }, index, handlers) {
  const known = index.facets.get("month")?.keys.filter((key) => key.startsWith("=")).map((key) => key.slice(1)).sort() ?? [];
  const whole = known.length > 0 ? monthsBetween(known[0], known[known.length - 1]) : [];
  const months = whole.length > MOST ? known : whole;
  if (months.length < 2 || !list) return { show: () => {} };
  const range = new MonthRange(months, handlers);
  const disclosure = make("details", { class: "facet-list" }, make("summary", {}, `The ${months.length} months as a list`));
  const parts = [...(list.parentElement?.children ?? [])].filter((part) => part.tagName !== "LEGEND");
  list.before(range.figure, disclosure);
  disclosure.append(...parts);
  details.classList.add("drawn");
  return range;
}

class MonthRange {
  /** @param {string[]} months @param {Handlers} handlers */
  constructor(months, handlers) {
    this.months = months;
    this.handlers = handlers;
    /** @type {Record<End, number>} */
    this.at = { from: 0, to: months.length - 1 };
    /** @type {End | null} which handle is on its way: one movement makes one entry in the history */
    this.moving = null;
    this.bars = months.map((_, i) => makeBar(i));
    this.chart = makeChart(months.length, this.bars);
    this.handles = { from: this.#makeHandle("from", "From"), to: this.#makeHandle("to", "Until") };
    this.track = make("div", { class: "month-track" });
    this.track.append(this.chart, this.handles.from, this.handles.to);
    this.track.addEventListener("pointerdown", (event) => this.#grab(event));
    this.track.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.track.addEventListener(end, () => (this.moving = null));
    this.words = make("figcaption", {});
    this.figure = make("figure", { class: "month-range" }, this.track, this.words);
  }

  /** @param {End} end @param {string} label */
  #makeHandle(end, label) {
    const last = String(this.months.length - 1);
    const handle = make("div", { class: `month-handle ${end}`, role: "slider", tabindex: "0", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": last });
    handle.addEventListener("keydown", (event) => this.#step(end, event));
    handle.addEventListener("blur", () => (this.moving = null));
    return handle;
  }

  /** @param {End} end @param {KeyboardEvent} event */
  #step(end, event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const steps = new Map([["ArrowRight", 1], ["ArrowUp", 1], ["ArrowLeft", -1], ["ArrowDown", -1], ["PageUp", A_YEAR], ["PageDown", -A_YEAR], ["Home", -Infinity], ["End", Infinity]]);
    const step = steps.get(event.key);
    if (step === undefined) return;
    event.preventDefault();
    this.#move(end, this.at[end] + step);
  }

  /** The handle that was hit, or the one that is nearer to the bar that was hit. @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    const hit = event.target;
    const place = this.#placeOf(event);
    const end = hit === this.handles.from ? "from" : hit === this.handles.to ? "to" : this.#nearest(place);
    this.moving = null;
    this.dragged = end;
    if (hit !== this.handles.from && hit !== this.handles.to) this.#move(end, place);
    this.track.setPointerCapture(event.pointerId);
    event.preventDefault();
    this.handles[end].focus({ preventScroll: true });
  }

  /** @param {number} place @returns {End} */
  #nearest(place) {
    return Math.abs(place - this.at.from) <= Math.abs(place - this.at.to) ? "from" : "to";
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.dragged && this.track.hasPointerCapture(event.pointerId)) this.#move(this.dragged, this.#placeOf(event));
  }

  /** The month below the pointer. @param {PointerEvent} event */
  #placeOf(event) {
    const { left, width } = this.chart.getBoundingClientRect();
    return Math.floor((this.months.length * (event.clientX - left)) / Math.max(1, width));
  }

  /** The first and the last month are no limit: undated cases are left out only when there is one. @param {End} end @param {number} wanted */
  #move(end, wanted) {
    const last = this.months.length - 1;
    const [least, most] = end === "from" ? [0, this.at.to] : [this.at.from, last];
    const place = Math.max(least, Math.min(most, wanted));
    if (place === this.at[end]) return;
    const at = { ...this.at, [end]: place };
    const isFurther = this.moving === end;
    this.moving = end;
    this.handlers.range({ from: at.from > 0 ? this.months[at.from] : "", to: at.to < last ? this.months[at.to] : "" }, isFurther);
    this.#place(at);
  }

  /** @param {Record<End, number>} at */
  #place(at) {
    this.at = at;
    const { length } = this.months;
    for (const end of /** @type {End[]} */ (["from", "to"])) {
      const handle = this.handles[end];
      handle.style.setProperty("--at", String((end === "from" ? at.from : at.to + 1) / length));
      handle.setAttribute("aria-valuenow", String(at[end]));
      handle.setAttribute("aria-valuetext", fullName(this.months[at[end]]));
    }
    this.words.textContent = at.from === at.to ? monthName(this.months[at.from]) : `${monthName(this.months[at.from])} – ${monthName(this.months[at.to])}`;
  }

  /** @param {State} state @param {Counts} counts @param {Counts} scope @param {Base} base */
  show(state, counts, scope, base) {
    const all = this.months.map((month) => scope.get("month")?.get(`=${month}`) ?? 0);
    const tallest = Math.max(1, ...all);
    const isIn = (/** @type {string} */ month) => (!state.from || month >= state.from) && (!state.to || month <= state.to);
    this.months.forEach((month, i) => {
      const count = counts.get("month")?.get(`=${month}`) ?? 0;
      raise(this.bars[i].all, all[i] / tallest);
      raise(this.bars[i].now, isIn(month) ? count / tallest : 0);
      this.bars[i].title.textContent = `${monthName(month)}: ${thousands(count)} of ${thousands(all[i])}`;
    });
    this.chart.setAttribute("aria-label", `${base.word} a month, ${monthName(this.months[0])} to ${monthName(this.months[this.months.length - 1])}: grey for all, dark for those shown. The list below has the numbers.`);
    this.#place(this.#placesIn(state));
  }

  /** @param {State} state @returns {Record<End, number>} */
  #placesIn(state) {
    const last = this.months.length - 1;
    const first = this.months.findIndex((month) => month >= state.from);
    const from = first < 0 ? last : first;
    const to = state.to ? this.months.filter((month) => month <= state.to).length - 1 : last;
    return { from, to: Math.max(from, to) };
  }
}

/** @param {string} month */
function fullName(month) {
  return `${FULL_NAMES[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;
}

/** @param {string} tag @param {Record<string, string>} attributes @param {...Node} children @returns {SVGElement} */
function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return /** @type {SVGElement} */ (element);
}

/** @param {number} place */
function makeBar(place) {
  const attributes = { x: String(10 * place + 1), width: "8" };
  const title = draw("title", {});
  const all = draw("rect", { ...attributes, class: "all" });
  const now = draw("rect", { ...attributes, class: "now" });
  const whole = draw("rect", { x: String(10 * place), width: "10", height: String(HEIGHT), class: "hit" }, title);
  return { group: draw("g", {}, all, now, whole), all, now, title };
}

/** A month with any case has a bar that can be seen. @param {SVGElement} rect @param {number} share */
function raise(rect, share) {
  const height = share > 0 ? Math.max(1, Math.round(100 * HEIGHT * share) / 100) : 0;
  rect.setAttribute("height", String(height));
  rect.setAttribute("y", String(HEIGHT - height));
}

/** @param {number} count @param {{group: SVGElement}[]} bars */
function makeChart(count, bars) {
  const attributes = { class: "month-chart", viewBox: `0 0 ${10 * count} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" };
  return draw("svg", attributes, ...bars.map(({ group }) => group));
}
