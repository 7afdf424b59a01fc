/** FlexSearch, a full-text engine without facets. One field, as its index grows with each. */
import FlexSearch from "flexsearch";
import { TEXTS } from "./minisearch.mjs";

/** @param {any[]} documents */
export async function open(documents) {
  const engine = new FlexSearch.Document({ document: { id: "id", index: ["text"] } });
  for (const document of documents) engine.add({ id: document.id, text: ["id", ...TEXTS].map((name) => document[name]).join("\n") });
  return {
    /** @param {string} q */
    query: (q) => engine.search(q, { limit: 40, merge: true }),
    parts: async () => {
      /** @type {string[]} */
      const parts = [];
      await engine.export((/** @type {string} */ _key, /** @type {unknown} */ data) => {
        if (data !== undefined) parts.push(typeof data === "string" ? data : JSON.stringify(data));
      });
      return parts;
    },
  };
}
