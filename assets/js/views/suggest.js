/** Offers how the word being typed may go on, in the browser's own list of suggestions. */
import { suggestQueries } from "../suggest.js";
import { make } from "./dom.js";

const ID = "q-words";

/** @param {HTMLInputElement} input @param {import("../search.js").Search} search @param {import("../index-client.js").Card[]} cards */
export function showSuggestions(input, { q, query, reader, correction }, cards) {
  if (!reader || correction || input.value !== q) return;
  const list = document.getElementById(ID) ?? make("datalist", { id: ID });
  if (!list.isConnected) {
    input.after(list);
    input.setAttribute("list", ID);
  }
  const found = suggestQueries(q, query, reader, cards.flatMap(({ name, description, quote }) => [name, description, quote]));
  list.replaceChildren(...found.map((value) => make("option", { value })));
}
