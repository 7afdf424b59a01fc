/** How a word that is being typed may go on: words of the cases found, by how many cases have them. Pure. */
import { chunkTerms, fold, readChunk, splitChunks } from "./terms.js";

const MOST = 8;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}_'’.-]*[\p{L}\p{N}]/gu;

/**
 * Whole queries, of which the last word is completed.
 * @param {string} typed @param {import("./terms.js").TextQuery} query @param {import("./text.js").Reader} reader
 * @param {string[]} texts shown texts, in which the words are spelled out
 * @returns {string[]}
 */
export function suggestQueries(typed, query, reader, texts) {
  const prefix = query.clauses.at(-1)?.words.at(-1)?.prefix ?? "";
  const start = typed.slice(0, typed.length - prefix.length);
  if (prefix.length < 3 || fold(typed.slice(start.length)).toLowerCase() !== prefix) return [];
  const counts = new Map(reader.terms(prefix).map(({ term, count }) => [term, count]));
  /** @type {Map<string, string>} */
  const spelled = new Map();
  for (const written of texts.flatMap((text) => text.match(WORD) ?? [])) {
    const word = fold(written).toLowerCase();
    if (!word.startsWith(prefix) || word === prefix) continue;
    const term = splitChunks(written).flatMap((chunk) => chunkTerms(readChunk(chunk))).find((one) => counts.has(one)) ?? "";
    const known = spelled.get(term);
    if (term && (known === undefined || word.length < known.length)) spelled.set(term, word);
  }
  const terms = [...spelled.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));
  return terms.slice(0, MOST).map((term) => start + spelled.get(term));
}
