/**
 * The approach of the study's own viewer, written anew from a description of what it does: one file of light records,
 * on every change filtered one value a facet and sorted with numeric `localeCompare`; the search looks for a
 * normalised substring of the title; no counts.
 */
const FACETS = ["source", "validation", "invalid", "workflow", "agent", "goal", "form", "cause", "tier", "severity", "locus", "status", "resolver"];

/** @param {string} text */
const normalise = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

/** @param {any} document */
function makeLight({ id, key, name, facets }) {
  const [source, repository, session, number] = key.split("/");
  return { id, name, source, repository, session, number, ...Object.fromEntries(FACETS.map((facet) => [facet, facets[facet]])) };
}

/** @param {any} a @param {any} b */
function compare(a, b) {
  for (const part of ["source", "repository", "session", "number", "id"]) {
    const order = String(a[part] ?? "").localeCompare(String(b[part] ?? ""), undefined, { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}

/** @param {any[]} documents */
export async function open(documents) {
  const light = documents.map(makeLight);

  /** @param {string} typed @param {[string, string][]} selection */
  function both(typed, selection) {
    const wanted = normalise(typed);
    const kept = light.filter((record) => selection.every(([facet, value]) => !FACETS.includes(facet) || [record[facet]].flat().includes(value)) && normalise(record.name).includes(wanted));
    return { total: kept.length, page: kept.sort(compare).slice(0, 50) };
  }
  return {
    /** @param {[string, string][]} selection */
    toggle: (selection) => both("", selection),
    /** @param {string} typed */
    query: (typed) => both(typed, []),
    both,
    parts: () => [JSON.stringify(light)],
  };
}
