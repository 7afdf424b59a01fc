/** What the views share: replacing their content without losing the focus, and taking a table away. */
import { toCsv, toLatex } from "../table-export.js";
import { make } from "./dom.js";

/**
 * @typedef {import("../table-export.js").ExportTable} ExportTable
 * @typedef {import("../state.js").State} State
 *
 * @typedef {object} Context what a view draws from
 * @property {State} state
 * @property {State} said the same with the words that were searched for, for captions
 * @property {import("../decode.js").Index} index
 * @property {import("../bitset.js").BitSet} matches all cases of the state, whatever the page or the sample
 * @property {string} sample how the listed cases were drawn, in words, or ""
 * @property {number} start place of the first listed case, from 1
 * @property {number} total how many cases are listed on all pages
 * @property {import("../index-client.js").Card[]} cards of this page; only for lists
 * @property {import("./result-list.js").Look} look
 * @property {(state: State) => Promise<{set: import("../bitset.js").BitSet, said: State}>} select the cases of another state, and it as it was answered
 * @property {import("../index-client.js").IndexClient} client
 * @property {HTMLTemplateElement} template of a card
 * @property {() => boolean} isWanted false once a newer state is to be shown
 * @property {(state: State) => void} go
 */

const CONFIRMED = 2000;

/** Elements with the same data-key keep the focus and stay unfolded. @param {HTMLElement} place @param {(Node | string)[]} content */
export function redraw(place, content) {
  const focused = document.activeElement instanceof HTMLElement && place.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  const open = [...place.querySelectorAll("details[open][data-key]")].map((details) => details.getAttribute("data-key"));
  place.replaceChildren(...content);
  for (const element of place.querySelectorAll("[data-key]")) {
    const key = element.getAttribute("data-key");
    if (element instanceof HTMLDetailsElement && open.includes(key)) element.open = true;
    if (focused && key === focused && element instanceof HTMLElement) element.focus({ preventScroll: true });
  }
}

/** @param {string} key @param {string} label @param {readonly {value: string, name: string}[]} options @param {string} chosen @param {(value: string) => void} changed */
export function makeSelect(key, label, options, chosen, changed) {
  const select = make("select", { "data-key": key, autocomplete: "off" }, ...options.map(({ value, name }) => make("option", { value, selected: value === chosen }, name)));
  select.addEventListener("change", () => changed(select.value));
  return make("label", {}, `${label} `, select);
}

/** Copy as CSV or LaTeX, or download. @param {ExportTable} table */
export function makeTakeAway(table) {
  const status = make("span", { role: "status" });
  const copy = (/** @type {string} */ name, /** @type {() => string} */ read) => {
    const button = make("button", { type: "button", "data-key": `copy ${name}` }, `Copy as ${name}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(read());
        status.textContent = `${name} copied.`;
      } catch {
        status.textContent = `${name} could not be copied; download it instead.`;
      }
      setTimeout(() => (status.textContent = ""), CONFIRMED);
    });
    return button;
  };
  const latex = () => toLatex(table, location.href);
  return make(
    "p",
    { class: "take-away" },
    copy("CSV", () => toCsv(table)),
    copy("LaTeX", latex),
    makeDownload("CSV", `${table.name}.csv`, "text/csv", () => toCsv(table)),
    makeDownload("LaTeX", `${table.name}.tex`, "application/x-tex", latex),
    status,
  );
}

/** @param {string} name @param {string} file @param {string} type @param {() => string} read */
function makeDownload(name, file, type, read) {
  const button = make("button", { type: "button", "data-key": `download ${name}` }, `Download ${name}`);
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([read()], { type: `${type};charset=utf-8` }));
    make("a", { href: address, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(address), CONFIRMED);
  });
  return button;
}
