/** MiniSearch as it comes, and with the weights and the tolerance that its documentation recommends for such fields. */
import MiniSearch from "minisearch";
import { TEXTS } from "../corpus.mjs";

export const DEFAULTS = {};
export const TUNED = { boost: { name: 4, description: 2 }, prefix: true, fuzzy: 0.2, combineWith: "AND" };
export const TUNED_OR = { ...TUNED, combineWith: "OR" };

/** @param {import("../corpus.mjs").Document[]} documents */
export function buildMiniSearch(documents) {
  const engine = new MiniSearch({ fields: ["id", ...TEXTS], storeFields: [] });
  engine.addAll(documents);
  return engine;
}

/** @param {MiniSearch} engine @param {object} options */
export function searchMiniSearch(engine, options) {
  return (/** @type {string} */ q, /** @type {number} */ limit) => engine.search(q, options).slice(0, limit).map(({ id }) => id);
}
