/** The “keep” button of a case page. */
import { add, has, remove } from "../basket.js";
import { oneLine } from "../tex.js";
import { casesWords, Store } from "./basket.js";
import { make } from "./dom.js";

/** @type {Store | null} */
let store = null;

/** @param {HTMLElement} button @param {boolean} isClick */
export function useKeep(button, isClick) {
  const id = button.dataset.id ?? "";
  store ??= new Store(() => show(button, id));
  const status = document.querySelector("#kept-status") ?? make("p", { id: "kept-status", class: "vh", role: "status" });
  if (!status.isConnected) button.after(status);
  if (isClick) {
    const { basket } = store;
    const name = oneLine(document.querySelector(".plate h1")?.textContent ?? "");
    store.keep(has(basket, id) ? remove(basket, id) : add(basket, [{ id, name }]));
    status.textContent = has(store.basket, id) ? `Kept: ${casesWords(store.basket.length)} in the basket` : "Taken out of the basket";
  }
  show(button, id);
}

/** @param {HTMLElement} button @param {string} id */
function show(button, id) {
  const { basket } = /** @type {Store} */ (store);
  button.setAttribute("aria-pressed", String(has(basket, id)));
  const link = button.parentElement?.querySelector(".keep-link");
  if (link instanceof HTMLElement) {
    link.hidden = basket.length === 0;
    link.textContent = `Basket (${basket.length})`;
  }
}
