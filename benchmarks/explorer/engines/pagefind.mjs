/** Pagefind: indexes pages as it would find them on a site, and searches them in Chromium, where its engine runs. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as pagefind from "pagefind";

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A case as a page: the name as its heading, which Pagefind weighs more, and every facet value as a filter. @param {import("../corpus.mjs").Document} document */
export function pageOfDocument({ id, name, description, quotes, contexts, reasonings, facets }) {
  const filters = Object.entries(facets).flatMap(([facet, values]) =>
    values.map((value) => `<i data-pagefind-filter="${facet}[data-v]" data-v="${escape(value)}"></i>`),
  );
  const paragraphs = [description, quotes, contexts, reasonings, id].map((text) => `<p>${escape(text)}</p>`);
  return `<!doctype html><html lang="en"><title>${escape(name)}</title><body data-pagefind-body><h1>${escape(name)}</h1>${paragraphs.join("")}${filters.join("")}</body></html>`;
}

/** Writes `pagefind/` into a folder. @param {import("../corpus.mjs").Document[]} documents @param {string} folder */
export async function writePagefind(documents, folder) {
  const { index, errors } = await pagefind.createIndex({});
  if (!index) throw new Error(errors.join("; "));
  for (const document of documents) await index.addHTMLFile({ url: `/${document.id}/`, content: pageOfDocument(document) });
  mkdirSync(folder, { recursive: true });
  await index.writeFiles({ outputPath: join(folder, "pagefind") });
  await pagefind.close();
}
