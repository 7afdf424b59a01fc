/** The basket: where it is kept, and the panel that lists it. */
import { add, annotate, KEY, readBasket, remove, writeBasket, writeShared } from "../basket.js";
import { thousands } from "../words.js";
import { make } from "./dom.js";

/** @typedef {import("../basket.js").Basket} Basket */

/** Kept in this browser; where that is not allowed, until the page is left. */
export class Store {
  /** @param {() => void} changed called after every change, also one made in another tab */
  constructor(changed) {
    this.changed = changed;
    /** @type {Basket} */
    this.basket = this.#read();
    this.isLasting = true;
    window.addEventListener("storage", (event) => {
      if (event.key !== KEY && event.key !== null) return;
      this.basket = this.#read();
      changed();
    });
  }

  /** @returns {Basket} */
  #read() {
    try {
      return readBasket(localStorage.getItem(KEY));
    } catch {
      return [];
    }
  }

  /** @param {Basket} basket @param {boolean} [isQuiet] nothing has to be drawn anew */
  keep(basket, isQuiet = false) {
    this.basket = basket;
    try {
      localStorage.setItem(KEY, writeBasket(basket));
      this.isLasting = true;
    } catch {
      this.isLasting = false;
    }
    if (!isQuiet) this.changed();
  }
}

/** @param {number} count */
export const casesWords = (count) => `${thousands(count)} ${count === 1 ? "case" : "cases"}`;

/**
 * @typedef {object} Panel
 * @property {Store} store
 * @property {string} root
 * @property {(text: string) => void} say announces
 * @property {(of: "basket") => HTMLElement} exporter
 */

/** @param {HTMLElement} place @param {Panel} panel */
export function showBasket(place, panel) {
  const { store } = panel;
  const { basket } = store;
  const nothing = "Nothing is kept yet. “Keep” on a card or a case page puts the case here; it stays in this browser only.";
  const words = basket.length === 0 ? nothing : `${casesWords(basket.length)}, kept in this browser${store.isLasting ? "" : " until you leave the page: it does not allow more"}.`;
  const tools = basket.length === 0 ? [] : [makeTools(place, panel)];
  place.replaceChildren(make("p", { class: "hint" }, words), ...tools, make("ol", { class: "kept" }, ...basket.map((item) => makeItem(item, place, panel))));
}

/** @param {HTMLElement} place @param {Panel} panel */
function makeTools(place, panel) {
  const { store, say } = panel;
  const share = make("button", { type: "button" }, "Copy link");
  share.addEventListener("click", async () => {
    const address = new URL(`${panel.root || "./"}${writeShared(store.basket)}`, location.href.replace(/[?#].*$/, "")).href;
    try {
      await navigator.clipboard.writeText(address);
      say("Link copied; notes are not part of it");
    } catch {
      const field = make("input", { type: "text", readonly: true, value: address, "aria-label": "Link to the basket", class: "kept-link" });
      share.replaceWith(field);
      field.select();
    }
  });
  const clear = make("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => {
    const before = store.basket;
    store.keep([]);
    const undo = make("button", { type: "button" }, "Undo");
    undo.addEventListener("click", () => {
      store.keep(before);
      place.tabIndex = -1;
      place.focus();
    });
    place.append(make("p", { class: "notice" }, `${casesWords(before.length)} taken out. `, undo));
    undo.focus();
    say("Basket cleared; it can be undone");
  });
  return make("div", { class: "kept-tools" }, share, clear, make("span", { class: "hint" }, "Export:"), panel.exporter("basket"));
}

/** @param {import("../basket.js").Item} item @param {HTMLElement} place @param {Panel} panel */
function makeItem({ id, name, note }, place, { store, root, say }) {
  const field = make("textarea", { rows: "1", "aria-label": `Note on ${id}`, placeholder: "Note", maxlength: "2000" });
  field.value = note;
  field.addEventListener("input", () => store.keep(annotate(store.basket, id, field.value), true));
  const out = make("button", { type: "button", "aria-label": `Remove ${id}` }, "Remove");
  out.addEventListener("click", () => {
    store.keep(remove(store.basket, id));
    const next = place.querySelector(".kept button, .kept-tools button");
    if (next instanceof HTMLElement) next.focus();
    say(`${id} taken out`);
  });
  return make("li", { "data-id": id }, makeLink(id, name, root), field, out);
}

/** Said beside cases that stand there already, so that a note that is being written stays. @param {HTMLElement} place @param {Map<string, {remark: string}>} found id -> what is to be said, if anything */
export function showRemarks(place, found) {
  for (const item of place.querySelectorAll(".kept > li")) {
    const remark = item instanceof HTMLElement && found.get(item.dataset.id ?? "")?.remark;
    const link = item.querySelector(".kept-case");
    if (remark && link && !link.querySelector(".hint")) link.append(makeRemark(remark));
  }
}

/** @param {string} remark */
function makeRemark(remark) {
  return make("span", { class: "hint" }, ` ${remark}`);
}

/** @param {string} id @param {string} name @param {string} root @param {string} [remark] */
function makeLink(id, name, root, remark = "") {
  const more = [name ? make("span", { class: "id" }, ` ${id}`) : "", ...(remark ? [makeRemark(remark)] : [])];
  return make("span", { class: "kept-case" }, make("a", { href: `${root}c/${id.toLowerCase()}/` }, name || id), ...more);
}

/**
 * Somebody else's basket, to read and perhaps to add. What is not published has a remark instead of a name.
 * @typedef {{id: string, name: string, remark?: string}} Shared
 * @param {HTMLElement} place @param {Shared[]} cases @param {number} wrong ids that are none @param {Panel} panel
 */
export function showShared(place, cases, wrong, { store, root, say }) {
  const published = cases.filter(({ remark }) => !remark);
  const bare = cases.length - published.length;
  const all = make("button", { type: "button" }, bare > 0 ? `Add the ${thousands(published.length)} published to my basket` : "Add all to my basket");
  all.addEventListener("click", () => {
    const before = store.basket.length;
    store.keep(add(store.basket, published));
    all.replaceWith(make("span", { class: "hint" }, `${casesWords(store.basket.length - before)} added.`));
    say(`${casesWords(store.basket.length - before)} added to your basket`);
  });
  const unknown = wrong > 0 ? [make("p", { class: "notice" }, `${thousands(wrong)} of the ids in the address ${wrong === 1 ? "is" : "are"} mistyped and left out.`)] : [];
  const items = cases.map(({ id, name, remark }) => make("li", {}, makeLink(id, name, root, remark)));
  const missing = bare > 0 ? `, ${thousands(bare)} of which ${bare === 1 ? "is" : "are"} not published` : "";
  place.replaceChildren(
    make("p", { class: "hint" }, `A basket that somebody shared: ${casesWords(cases.length)}${missing}. `, ...(published.length > 0 ? [all] : [])),
    ...unknown,
    make("ol", { class: "kept" }, ...items),
  );
}
