/** Makes files of cases in the browser: gathers the rows with progress, can be stopped, hands over a file. */
import { valuesOf } from "../decode.js";
import { fileName, FORMATS, LABELS, writeExport } from "../export.js";
import { plainLine } from "../tex.js";
import { thousands } from "../words.js";
import { make } from "./dom.js";

/**
 * @typedef {import("../export.js").Row} Row
 * @typedef {import("../export.js").About} About
 * @typedef {import("../export.js").Format} Format
 * @typedef {import("../decode.js").Index} Index
 *
 * @typedef {object} Source
 * @property {Index} index
 * @property {import("../index-client.js").IndexClient} client
 * @property {number[]} ordinals in the order of the list
 * @property {(text: string) => import("../pieces.js").Piece[]} cut
 * @property {(id: string) => string} address of a case
 */

/** Cards read at a time; in between, the page can be used and the export stopped. */
const STEP = 256;

/** @param {Source} source @param {AbortSignal} signal @param {(done: number) => void} tell @returns {Promise<Row[]>} */
export async function gatherRows({ index, client, ordinals, cut, address }, signal, tell) {
  const plain = (/** @type {string} */ text) => plainLine(cut, text);
  /** @type {Row[]} */
  const rows = [];
  for (let start = 0; start < ordinals.length; start += STEP) {
    signal.throwIfAborted();
    const cards = await client.cards(index, ordinals.slice(start, start + STEP), signal);
    for (const card of cards) {
      rows.push({
        id: card.id, url: address(card.id), name: plain(card.name), date: card.date ?? "", labels: labelsOf(index, card.ordinal),
        userTurns: card.userTurns, agentTurns: card.agentTurns, description: plain(card.description), quote: plain(card.quote),
      });
    }
    tell(rows.length);
    await new Promise((resolve) => setTimeout(resolve));
  }
  signal.throwIfAborted();
  return rows;
}

/** @param {Index} index @param {number} ordinal @returns {Record<string, string[]>} */
function labelsOf(index, ordinal) {
  const recorded = (/** @type {string} */ name) => valuesOf(index, name, ordinal).filter((key) => key.startsWith("=")).map((key) => key.slice(1));
  return Object.fromEntries(LABELS.map((name) => [name, recorded(name)]));
}

/**
 * One button a format, then how far it is.
 * @param {() => Promise<{source: Source, about: (ids: string[]) => About, notes?: Map<string, string>}>} prepare @param {(text: string) => void} say
 */
export function makeExporter(prepare, say) {
  const state = make("span", { class: "export-state" });
  const buttons = FORMATS.map(({ format, name, type }) => {
    const button = make("button", { type: "button", "data-format": format }, name);
    button.addEventListener("click", () => void run(button, format, name, type));
    return button;
  });
  return make("div", { class: "exporter", role: "group", "aria-label": "Export" }, ...buttons, state);

  /** @param {HTMLButtonElement} pressed @param {Format} format @param {string} name @param {string} type */
  async function run(pressed, format, name, type) {
    const stop = new AbortController();
    const hadFocus = pressed === document.activeElement;
    const cancel = make("button", { type: "button" }, "Cancel");
    cancel.addEventListener("click", () => stop.abort());
    const bar = make("progress", { "aria-label": `${name} export` });
    state.replaceChildren(bar, " ", cancel);
    for (const button of buttons) button.disabled = true;
    try {
      const { source, about: describe, notes } = await Promise.race([prepare(), aborted(stop.signal)]);
      bar.max = source.ordinals.length;
      const rows = await gatherRows(source, stop.signal, (done) => (bar.value = done));
      if (notes) for (const row of rows) row.note = notes.get(row.id) ?? "";
      const about = describe(rows.map(({ id }) => id));
      const file = fileName(about, format);
      hand(new Blob([writeExport(format, about, rows)], { type: `${type};charset=utf-8` }), file);
      tell(`${file}: ${thousands(rows.length)} ${rows.length === 1 ? "case" : "cases"}.`);
    } catch {
      tell(stop.signal.aborted ? "Export stopped; nothing was saved." : "The cases could not be loaded, so nothing was saved. Try again.");
    }
    for (const button of buttons) button.disabled = false;
    // What had the focus was disabled, or was “Cancel” and is gone.
    if (hadFocus && document.activeElement === document.body) pressed.focus({ preventScroll: true });
  }

  /** @param {string} text */
  function tell(text) {
    state.replaceChildren(text);
    say(text);
  }
}

/** Rejects when the export is stopped, whatever it waits for. @param {AbortSignal} signal @returns {Promise<never>} */
function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

/** @param {Blob} blob @param {string} name */
function hand(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
