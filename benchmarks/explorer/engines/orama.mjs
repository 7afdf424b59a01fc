/** Orama, full text and facets in one index. */
import { create, insertMultiple, save, search } from "@orama/orama";
import { TEXTS } from "./minisearch.mjs";

/** @param {any[]} documents */
export async function open(documents) {
  const facetNames = Object.keys(documents[0].facets);
  const schema = { id: "string", ...Object.fromEntries(TEXTS.map((name) => [name, "string"])), ...Object.fromEntries(facetNames.map((name) => [name, "enum[]"])) };
  const engine = create({ schema: /** @type {any} */ (schema) });
  await insertMultiple(engine, documents.map(({ facets, key, ...texts }) => ({ ...texts, ...facets })), 500);
  const facets = Object.fromEntries(facetNames.map((name) => [name, {}]));

  /** @param {string} term @param {[string, string][]} selection */
  const both = (term, selection) =>
    search(engine, /** @type {any} */ ({
      term, limit: 40, properties: TEXTS, facets,
      where: Object.fromEntries(selection.map(([facet, value]) => [facet, { containsAny: [value] }])),
    }));
  return {
    /** @param {[string, string][]} selection */
    toggle: (selection) => both("", selection),
    /** @param {string} term */
    query: (term) => search(engine, { term, limit: 40, properties: /** @type {any} */ (TEXTS) }),
    both,
    parts: () => [JSON.stringify(save(engine))],
  };
}
