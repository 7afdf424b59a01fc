/** What is shown, in words: the sentence, the chips, the notices, the announcement and the document's title. */
import { conditions, denominator, filtersOf, sentence, thousands } from "../words.js";
import { make } from "./dom.js";

/**
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../state.js").State} State
 * @typedef {import("../words.js").Filter} Filter
 */

const ANNOUNCE_AFTER = 700;

/** @param {HTMLElement} place @param {Index} index @param {State} state @param {number} total */
export function showSentence(place, index, state, total) {
  const text = sentence(index, state, total);
  const count = /^(?:All )?[\d,]+/.exec(text)?.[0] ?? "";
  place.replaceChildren(...(count ? [make("b", {}, count)] : []), text.slice(count.length));
}

/** @param {Index} index @param {State} state @param {number} total @param {string} site the page's own title */
export function titleOf(index, state, total, site) {
  const words = conditions(index, state);
  const base = denominator(index, state);
  const page = state.page > 1 ? `, page ${state.page}` : "";
  if (words === "" && page === "") return site;
  const count = `${thousands(total)} ${total === 1 ? base.one : base.word}`;
  return [words ? `${count}: ${words}` : count, page, " · ", site].join("");
}

/** Says once how many there are when nothing has changed for a while; at once when there is nothing. */
export class Announcer {
  /** @param {HTMLElement} place with role=status */
  constructor(place) {
    this.place = place;
    this.timer = 0;
  }

  /** @param {Index} index @param {State} state @param {number} total */
  announce(index, state, total) {
    const base = denominator(index, state);
    const say = () => {
      this.place.textContent = total === 0 ? `No ${base.word} found` : `${thousands(total)} of ${thousands(base.count)} ${base.word}`;
    };
    clearTimeout(this.timer);
    this.timer = window.setTimeout(say, total === 0 ? 0 : ANNOUNCE_AFTER);
  }
}

/** @param {HTMLElement} list @param {Index} index @param {State} state @param {(filter: Filter) => void} remove @param {() => void} reset */
export function showChips(list, index, state, remove, reset) {
  const filters = filtersOf(index, state);
  const focused = [...list.querySelectorAll("button")].findIndex((button) => button === document.activeElement);
  const chips = filters.map((filter) => makeChip(filter, remove));
  const last = filters.length > 0 ? [makeReset(reset)] : [];
  list.replaceChildren(...[...chips, ...last].map((button) => make("li", {}, button)));
  if (focused >= 0) keepFocus(list, focused);
}

/** The chip that had the focus is gone: the next one takes it, or the list of results when there is none. @param {HTMLElement} list @param {number} place */
function keepFocus(list, place) {
  const buttons = list.querySelectorAll("button");
  const next = buttons[Math.min(place, buttons.length - 1)] ?? document.querySelector("#q");
  if (next instanceof HTMLElement) next.focus();
}

/** @param {Filter} filter @param {(filter: Filter) => void} remove */
function makeChip(filter, remove) {
  const text = filter.isNot ? `not ${filter.text}` : filter.text;
  const label = `Remove filter ${filter.label}: ${text}`;
  const attributes = { type: "button", class: filter.isNot ? "not" : false, "aria-label": label, title: label };
  const button = make("button", attributes, `${text} `, make("span", { "aria-hidden": "true" }, "×"));
  button.addEventListener("click", () => remove(filter));
  return button;
}

/** @param {() => void} reset */
function makeReset(reset) {
  const button = make("button", { type: "button", class: "reset" }, "Clear all");
  button.addEventListener("click", reset);
  return button;
}

/** Nothing was found: say how many there would be with less asked. @param {{text: string, state: State, count: number}[]} offers @param {(state: State) => void} go @param {string} one what one of the list is called */
export function makeEmpty(offers, go, one) {
  const items = offers.filter(({ count }) => count > 0).map((offer) => make("li", {}, makeOffer(offer, go)));
  const advice = items.length > 0 ? "Asking for less helps:" : "Try fewer filters, another spelling, or the start of a word.";
  const list = items.length > 0 ? [make("ul", {}, ...items)] : [];
  return make("div", { class: "empty" }, make("p", {}, `No ${one} has all of this at once. ${advice}`), ...list);
}

/** @param {{text: string, state: State, count: number}} offer @param {(state: State) => void} go */
function makeOffer({ text, state, count }, go) {
  const button = make("button", { type: "button" }, `${text}: ${thousands(count)}`);
  button.addEventListener("click", () => go(state));
  return button;
}

/**
 * @typedef {{text: string, action?: {text: string, run: () => void}, link?: {text: string, href: string}}} Message
 * @param {HTMLElement} place @param {Message[]} messages
 */
export function showNotices(place, messages) {
  place.replaceChildren(...messages.map(makeNotice));
}

/** @param {Message} message */
function makeNotice({ text, action, link }) {
  const notice = make("p", { class: "notice" }, text);
  if (link) notice.append(" ", make("a", { href: link.href }, link.text));
  if (action) {
    const button = make("button", { type: "button" }, action.text);
    button.addEventListener("click", action.run);
    notice.append(" ", button);
  }
  return notice;
}
