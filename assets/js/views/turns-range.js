/** The turns of developer and agent together, as two numbers. */
import { make, need } from "./dom.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("./facet-panel.js").FacetPlace} FacetPlace
 * @typedef {import("./facet-panel.js").Handlers} Handlers
 * @typedef {import("./facet-panel.js").Part} Part
 */

const MOST = 999_999;
const TYPING_PAUSE = 400;

/** @param {FacetPlace} place @param {import("../decode.js").Index} _index @param {Handlers} handlers @returns {Part} */
export function makeRange({ details }, _index, handlers) {
  const range = new TurnsRange(handlers);
  need(details, ".turns-place", HTMLElement).replaceChildren(range.place, range.hint);
  return range;
}

class TurnsRange {
  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    this.isTyping = false;
    this.timer = 0;
    this.least = this.#makeField();
    this.most = this.#makeField();
    this.place = make("div", { class: "facet-ranges" }, make("label", {}, "at least ", this.least), make("label", {}, "at most ", this.most));
    this.hint = make("p", { class: "legend-hint" });
  }

  #makeField() {
    const field = make("input", { type: "number", min: "0", max: String(MOST), step: "1", inputmode: "numeric", autocomplete: "off" });
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.#read(), TYPING_PAUSE);
    });
    field.addEventListener("change", () => {
      this.#read();
      this.isTyping = false;
    });
    return field;
  }

  /** Both fields as a range; what is no number yet changes nothing. */
  #read() {
    clearTimeout(this.timer);
    if (!this.least.validity.valid || !this.most.validity.valid) return this.#hint(null, "Whole numbers from 0 on.");
    const [min, max] = [this.least, this.most].map((field) => (field.value === "" ? null : Number(field.value)));
    const turns = min === null && max === null ? null : { min, max };
    const isFurther = this.isTyping;
    this.isTyping = true;
    if (!isSame(turns, this.turns)) this.handlers.range({ turns }, isFurther);
  }

  /** @param {State["turns"]} turns @param {string} [trouble] */
  #hint(turns, trouble) {
    const isEmpty = turns !== null && (turns.min ?? 0) > (turns.max ?? MOST);
    this.hint.textContent = trouble ?? (isEmpty ? "No number is both." : "Turns of developer and agent together. Cases without recorded turns are left out of any range.");
  }

  /** A field that is being typed in keeps what was typed. @param {State} state */
  show({ turns }) {
    this.turns = turns;
    for (const [field, value] of /** @type {const} */ ([[this.least, turns?.min], [this.most, turns?.max]])) {
      const text = value === null || value === undefined ? "" : String(value);
      if (document.activeElement !== field && field.value !== text) field.value = text;
    }
    this.#hint(turns);
  }
}

/** @param {State["turns"] | undefined} one @param {State["turns"] | undefined} other */
function isSame(one, other) {
  return (one?.min ?? null) === (other?.min ?? null) && (one?.max ?? null) === (other?.max ?? null);
}
