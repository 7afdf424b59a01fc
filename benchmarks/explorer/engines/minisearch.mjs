/** MiniSearch, a full-text engine without facets: counts come from a loop of ours over stored fields. */
import MiniSearch from "minisearch";

export const TEXTS = ["name", "description", "quotes", "contexts", "reasonings"];
export const TUNED = { boost: { name: 4, description: 2 }, prefix: true, fuzzy: 0.2, combineWith: "AND" };
export const TUNED_OR = { ...TUNED, combineWith: "OR" };

/** @param {any[]} documents */
export function build(documents) {
  const engine = new MiniSearch({ fields: ["id", ...TEXTS], storeFields: ["facets"] });
  engine.addAll(documents);
  return engine;
}

/** @param {any[]} documents */
export async function open(documents) {
  const engine = build(documents);

  /** @param {any} q @param {[string, string][]} selection */
  function both(q, selection) {
    const found = engine.search(q, { filter: ({ facets }) => selection.every(([facet, value]) => facets[facet].includes(value)) });
    return { counts: count(found), found: found.slice(0, 40) };
  }
  return {
    /** @param {[string, string][]} selection */
    toggle: (selection) => both(MiniSearch.wildcard, selection),
    /** @param {string} q */
    query: (q) => engine.search(q).slice(0, 40),
    both,
    parts: () => [JSON.stringify(engine)],
  };
}

/** @param {any[]} found */
export function count(found) {
  /** @type {Record<string, Record<string, number>>} */
  const counts = {};
  for (const { facets } of found) {
    for (const facet in facets) {
      const own = (counts[facet] ??= {});
      for (const value of facets[facet]) own[value] = (own[value] ?? 0) + 1;
    }
  }
  return counts;
}
