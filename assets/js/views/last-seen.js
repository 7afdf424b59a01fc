/** Whoever comes back to a list finds the case that stood at the top of the screen where it was. The browser goes by pixels, in
 * the server's own list, which is another one with other heights, and before anything stands above it.
 *
 * `.untouched` says that the page was come back to and that the reader has not touched it since (early.js): whoever has begun to
 * read is left where they are. */

const CASE = ".results-side :is(.card, tbody tr)";

/** @typedef {{href: string, top: number}} Seen */

/** Scrolls to what was seen, if the reader has come back to it, and from now on remembers what is seen whenever the reader leaves; in this tab, until it is closed. */
export function keepSeen() {
  // The same listener is added once, however often.
  window.addEventListener("pagehide", remember);
  // Until the page is loaded the browser scrolls as well.
  if (document.readyState === "complete") scrollToSeen();
  else window.addEventListener("load", scrollToSeen, { once: true });
}

/** One list, of one site. */
function key() {
  return `atlas-seen ${location.pathname}${location.search}`;
}

/** Cases on the page with the address that each leads to. @returns {[Element, string][]} */
function cases() {
  return [...document.querySelectorAll(CASE)].flatMap((one) => {
    const link = one.querySelector(".card-title a, th a");
    return link?.checkVisibility() ? [[one, link.getAttribute("href") ?? ""]] : [];
  });
}

function remember() {
  if (document.querySelector("#results[aria-busy]")) return;
  const [one, href] = cases().find(([one]) => one.getBoundingClientRect().bottom > 0) ?? [];
  try {
    if (one && scrollY > 0) sessionStorage.setItem(key(), JSON.stringify({ href, top: one.getBoundingClientRect().top }));
    else sessionStorage.removeItem(key());
  } catch {
    // Nothing can be kept: then the browser's guess has to do.
  }
}

function scrollToSeen() {
  if (!document.documentElement.matches(".untouched")) return;
  document.documentElement.classList.remove("untouched");
  try {
    /** @type {Seen | null} */
    const seen = JSON.parse(sessionStorage.getItem(key()) ?? "null");
    const [one] = cases().find(([, href]) => href === seen?.href) ?? [];
    if (one && seen) scrollBy({ top: one.getBoundingClientRect().top - seen.top, behavior: "instant" });
  } catch {
    // Nothing was kept, or something else: the browser's guess has to do.
  }
}
