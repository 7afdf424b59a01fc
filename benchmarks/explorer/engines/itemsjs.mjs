/** itemsjs, facets on bit sets and full text by lunr. It indexes in the browser, from the records themselves. */
import itemsjs from "itemsjs";
import { TEXTS } from "./minisearch.mjs";

/** @param {any[]} documents @param {unknown} [_read] @param {{isText?: boolean}} [options] isText: with full text */
export async function open(documents, _read, { isText = true } = {}) {
  const names = Object.keys(documents[0].facets);
  const records = documents.map(({ facets, key, ...texts }) => (isText ? { ...texts, ...facets } : { id: texts.id, name: texts.name, ...facets }));
  const data = JSON.stringify(records);
  const engine = itemsjs(records, {
    searchableFields: isText ? ["id", ...TEXTS] : [],
    native_search_enabled: isText,
    aggregations: Object.fromEntries(names.map((name) => [name, { title: name, size: 1000, conjunction: false }])),
  });

  /** @param {[string, string][]} selection */
  const filters = (selection) => {
    /** @type {Record<string, string[]>} */
    const chosen = {};
    for (const [facet, value] of selection) (chosen[facet] ??= []).push(value);
    return chosen;
  };
  return {
    /** @param {[string, string][]} selection */
    toggle: (selection) => engine.search({ per_page: 40, filters: filters(selection) }),
    ...(isText && {
      /** @param {string} query */
      query: (query) => engine.search({ per_page: 40, query }),
      /** @param {string} query @param {[string, string][]} selection */
      both: (query, selection) => engine.search({ per_page: 40, query, filters: filters(selection) }),
    }),
    parts: () => [data],
  };
}
