/** Pages as links, so that each can be opened, copied and bookmarked. */
import { serialise } from "../state.js";
import { thousands } from "../words.js";
import { make } from "./dom.js";

/** From how many pages on a box leads to any of them. */
const MANY = 8;

/** @param {HTMLElement} nav @param {import("../state.js").State} state @param {number} pages @param {number} total @param {number} size how many a page @param {string} word what they are called */
export function showPager(nav, state, pages, total, size, word) {
  const hasBox = pages >= MANY;
  // Taking the box out and back in would take the focus from its field.
  for (const node of [...nav.childNodes]) if (!hasBox || node.nodeName !== "FORM") node.remove();
  nav.dataset.pages = String(pages);
  if (pages <= 1) return;
  const { page } = state;
  const link = (/** @type {number} */ target, /** @type {string} */ text, /** @type {string} */ label) =>
    make("a", { href: address(state, target), "aria-label": label, rel: target < page ? "prev" : "next" }, text);
  const first = (page - 1) * size + 1;
  const where = `Page ${thousands(page)} of ${thousands(pages)}, ${word} ${thousands(first)} to ${thousands(Math.min(page * size, total))}`;
  nav.prepend(
    ...(page > 1 ? [link(page - 1, "Previous", "Previous page")] : []),
    ...nearby(page, pages).map((target) => (target === 0 ? make("span", {}, "…") : target === page ? current(page) : link(target, thousands(target), `Page ${thousands(target)}`))),
    ...(page < pages ? [link(page + 1, "Next", "Next page")] : []),
    make("span", { class: "pager-place" }, where),
  );
  const place = (/** @type {typeof import("./page-box.js")} */ { placeBox }) => nav.dataset.pages === String(pages) && placeBox(nav, pages, (target) => address(state, target));
  if (hasBox) void import("./page-box.js").then(place, () => {});
}

/** @param {number} page */
function current(page) {
  return make("span", { "aria-current": "page" }, thousands(page));
}

/** First, last and the neighbours of a page; 0 for a gap. @param {number} page @param {number} pages */
function nearby(page, pages) {
  const near = [...new Set([1, page - 1, page, page + 1, pages])].filter((target) => target >= 1 && target <= pages).sort((a, b) => a - b);
  return near.flatMap((target, i) => (i > 0 && target - near[i - 1] > 1 ? [0, target] : [target]));
}

/** @param {import("../state.js").State} state @param {number} page */
function address(state, page) {
  return `?${serialise({ ...state, page })}`;
}
