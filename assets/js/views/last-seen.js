/** Whoever comes back to a list finds the case that stood at the top of the screen where it was. The browser looks for it in
 * the server's own list, which is another one with other heights, and before anything stands above it. */

/** @typedef {{id: string, top: number}} Seen */

const KEY = "atlas-seen";
let isKept = false;

/** Once the first answer is there: scrolls to what was seen, if the reader has come back to it, and remembers what is seen whenever the reader leaves; in this tab, until it is closed. @param {HTMLElement} list */
export function keepSeen(list) {
  if (isKept) return;
  isKept = true;
  window.addEventListener("pagehide", () => remember(list));
  if (!document.querySelector(".returned .explorer:not(.enhanced)")) return;
  // Until then the browser scrolls as well.
  if (document.readyState === "complete") scrollToSeen(list);
  else window.addEventListener("load", () => scrollToSeen(list), { once: true });
}

/** @param {HTMLElement} list */
function remember(list) {
  const card = [...list.querySelectorAll("article")].find((one) => one.getBoundingClientRect().bottom > 0);
  /** @type {Seen | null} */
  const seen = card && scrollY > 0 ? { id: card.dataset.id ?? "", top: card.getBoundingClientRect().top } : null;
  try {
    if (seen) sessionStorage.setItem(KEY + location.search, JSON.stringify(seen));
    else sessionStorage.removeItem(KEY + location.search);
  } catch {
    // Nothing can be kept: then the browser's guess has to do.
  }
}

/** @param {HTMLElement} list */
function scrollToSeen(list) {
  try {
    /** @type {Seen | null} */
    const seen = JSON.parse(sessionStorage.getItem(KEY + location.search) ?? "null");
    const card = seen && list.querySelector(`article[data-id="${CSS.escape(seen.id)}"]`);
    if (card) scrollBy({ top: card.getBoundingClientRect().top - seen.top, behavior: "instant" });
  } catch {
    // as above
  }
}
