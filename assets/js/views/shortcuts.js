/** What the explorer's keys do on the page. */

/** Titles of cases, in whatever way they are listed. */
const TITLES = ".results-side :is(.card-title a, tbody th a)";

const CASE = ".results-side :is(.card, tbody tr)";

/** @type {WeakRef<Element> | null} the title that had the focus last */
let last = null;

/** @param {import("../keyboard.js").Action} action @param {HTMLInputElement} field @param {() => void} help */
export function act(action, field, help) {
  if (action === "help") help();
  else if (action === "search") focusField(field);
  else if (action === "open") current()?.click();
  else step(action === "next" ? 1 : -1);
}

/** @param {HTMLInputElement} field */
function focusField(field) {
  field.focus();
  field.select();
}

/** The title of the case that the reader is in. */
function current() {
  const titles = listTitles();
  const around = document.activeElement?.closest(CASE);
  return titles.find((title) => title === document.activeElement) ?? titles.find((title) => around?.contains(title));
}

/** @returns {HTMLElement[]} */
function listTitles() {
  return [...document.querySelectorAll(TITLES)].flatMap((title) => (title instanceof HTMLElement && title.checkVisibility() ? [title] : []));
}

/** To the next or the previous title; behind the last one is the link to the next page. @param {number} by */
function step(by) {
  const titles = listTitles();
  const remembered = last?.deref();
  const here = titles.findIndex((title) => title === (current() ?? remembered));
  const next = here < 0 ? titles[0] : titles[here + by];
  if (next) focusTitle(next);
  else if (by > 0) focusPager();
}

/** The whole case comes into view, not only its title. @param {HTMLElement} title */
function focusTitle(title) {
  last = new WeakRef(title);
  title.focus({ preventScroll: true });
  (title.closest(CASE) ?? title).scrollIntoView({ block: "nearest" });
}

function focusPager() {
  const links = document.querySelectorAll(".pager a[rel=next]");
  const link = links[links.length - 1];
  if (link instanceof HTMLElement) link.focus();
}
