/** Ways to look at the same result, as links. What a way needs is loaded when it is first taken. */
import { change, serialise } from "../state.js";

/** @typedef {import("../state.js").State} State */

/** What can be loaded beside the cards. A module shows itself in a place: `show(place, context)`. */
const MODULES = Object.freeze({
  table: () => import("./table.js"),
  crosstab: () => import("./cross-tab.js"),
  timeline: () => import("./timeline.js"),
  pairs: () => import("./pairs.js"),
  compare: () => import("./compare.js"),
});
const PAGE_SIZES = new Map([["cards", 40], ["table", 100]]);

/** @typedef {keyof typeof MODULES} Loaded */

/** @param {State} state @returns {"cards" | Loaded} */
export function viewOf({ view, compare }) {
  return compare ? "compare" : /** @type {Loaded} */ (view) || "cards";
}

/** How many cases a page of a view lists; 0 for a view that is no list. @param {string} view */
export function pageSizeOf(view) {
  return PAGE_SIZES.get(view) ?? 0;
}

/** @param {Loaded} view @returns {Promise<{show: (place: HTMLElement, context: import("./redraw.js").Context) => void | Promise<void>}>} */
export function loadView(view) {
  return MODULES[view]();
}

/** @param {HTMLElement} nav holds one link a view @param {State} state */
export function showSwitch(nav, state) {
  const current = viewOf(state);
  for (const link of nav.querySelectorAll("a")) {
    const view = link.dataset.view ?? "";
    const compare = view === "compare" ? (state.compare ?? { facet: "workflow", a: "=IDE", b: "=CLI" }) : null;
    const axes = (view === "pairs") === (current === "pairs") ? state.axes : [];
    const target = view === current ? state : change(state, compare ? { compare } : { view: view === "cards" ? "" : view, axes, compare });
    link.href = `?${serialise(target)}`;
    if (view === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
