/** What is asked in a measurement, drawn from the documents, the same for the same documents. */

/**
 * One choice of every value, and pairs with a second facet. `validation` and `invalid` are left out: every document is a case.
 * @param {any[]} documents @returns {[string, string][][]}
 */
export function makeSelections(documents) {
  /** @type {Map<string, Set<string>>} */
  const values = new Map();
  for (const { facets } of documents) {
    for (const [facet, own] of Object.entries(facets)) {
      if (["validation", "invalid", "month"].includes(facet)) continue;
      const known = values.get(facet) ?? new Set();
      for (const value of /** @type {string[]} */ (own)) known.add(value);
      values.set(facet, known);
    }
  }
  /** @type {[string, string][]} */
  const single = [...values].flatMap(([facet, own]) => [...own].sort().map((value) => /** @type {[string, string]} */ ([facet, value])));
  const pairs = single.map((one, i) => [one, single[(i * 7 + 3) % single.length]]).filter(([a, b]) => a[0] !== b[0]);
  return [...single.map((one) => [one]), ...pairs];
}

/**
 * Words as they stand in descriptions: one, two or three of one document, and one cut off in the middle, as while typing.
 * @param {any[]} documents @param {number} [count]
 */
export function makeQueries(documents, count = 60) {
  return Array.from({ length: count }, (_, i) => {
    const words = documents[(i * 7919 + 13) % documents.length].description.toLowerCase().match(/[a-z]{4,}/g) ?? ["agent"];
    const first = words[(i * 31) % words.length];
    const second = words[(i * 17 + 5) % words.length];
    const third = words[(i * 13 + 11) % words.length];
    return [first, `${first} ${second}`, `${first} ${second} ${third}`, first.slice(0, 4)][i % 4];
  });
}
