/**
 * How good the lists are: our ranking beside MiniSearch's and Pagefind's, on the same texts and judged queries.
 *
 *     python benchmarks/explorer/prepare.py built data/sample
 *     node benchmarks/explorer/quality.mjs [--losses] [--corpus real]
 *
 * nDCG@10 with gains 2^grade - 1; success@10 is the share of queries with at least one relevant case among the first ten.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "./engines/atlas.mjs";
import { launch } from "./chromium.mjs";
import { BENCH, readDocuments, ROOT } from "./corpus.mjs";
import { build, TUNED, TUNED_OR } from "./engines/minisearch.mjs";
import { writePagefind } from "./engines/pagefind.mjs";
import { serve } from "./serve.mjs";

const DEPTH = 10;
const flags = process.argv.slice(2);
const name = flags.includes("--corpus") ? flags[flags.indexOf("--corpus") + 1] : "sample";
const folder = join(BENCH, name);
const documents = readDocuments(folder);
/** @type {{query: string, kind: string, relevant: Record<string, number>}[]} */
const queries = JSON.parse(readFileSync(join(ROOT, "benchmarks", "judged_queries.json"), "utf8"))[name];
const keys = new Map(documents.map(({ id, key }) => [id, key]));

/** @typedef {(q: string, limit: number) => string[] | Promise<string[]>} Search */

/** @param {string[]} ids @param {Record<string, number>} relevant */
function ndcg(ids, relevant) {
  const gain = (/** @type {number} */ grade, /** @type {number} */ place) => (2 ** grade - 1) / Math.log2(place + 2);
  const got = ids.slice(0, DEPTH).reduce((sum, id, place) => sum + gain(relevant[keys.get(id) ?? ""] ?? 0, place), 0);
  const best = Object.values(relevant).sort((a, b) => b - a).slice(0, DEPTH).reduce((sum, grade, place) => sum + gain(grade, place), 0);
  return got / best;
}

/** @param {Search} search */
async function judge(search) {
  const rows = [];
  for (const { query, kind, relevant } of queries) {
    const ids = await search(query, DEPTH);
    rows.push({ query, kind, ids, ndcg: ndcg(ids, relevant), success: ids.some((id) => (keys.get(id) ?? "") in relevant) });
  }
  return rows;
}

async function judgePagefind() {
  const out = join(folder, "pagefind-site");
  await writePagefind(documents, out);
  const server = await serve(out, { extra: { "/blank": "<title>blank</title>" } });
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(`${server.url}blank`);
  await page.evaluate(async () => {
    // @ts-ignore
    window.pagefind = await import("/pagefind/pagefind.js");
    // @ts-ignore
    await window.pagefind.init();
  });
  const rows = await judge((q, limit) =>
    page.evaluate(
      async ([q, limit]) => {
        // @ts-ignore
        const { results } = await window.pagefind.search(q);
        // @ts-ignore
        const found = await Promise.all(results.slice(0, limit).map((result) => result.data()));
        return found.map(({ url }) => url.replaceAll("/", ""));
      },
      /** @type {[string, number]} */ ([q, limit]),
    ),
  );
  await browser.close();
  await server.close();
  return rows;
}

const atlas = await open(documents, async (path) => JSON.parse(readFileSync(join(folder, "index", path), "utf8")));
const mini = build(documents);
const searchMini = (/** @type {object} */ options) => (/** @type {string} */ q) => mini.search(q, options).slice(0, DEPTH).map(({ id }) => id);
const results = {
  "this explorer": await judge((q, limit) => atlas.search(q, limit)),
  "MiniSearch, defaults": await judge(searchMini({})),
  "MiniSearch, boosts + prefix + fuzzy, AND": await judge(searchMini(TUNED)),
  "MiniSearch, boosts + prefix + fuzzy, OR": await judge(searchMini(TUNED_OR)),
  ...(flags.includes("--no-pagefind") ? {} : { Pagefind: await judgePagefind() }),
};

const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const kinds = ["all", ...new Set(queries.map(({ kind }) => kind))];
const count = (/** @type {string} */ kind) => (kind === "all" ? queries.length : queries.filter((query) => query.kind === kind).length);
console.log(`${name}: ${documents.length} cases, ${queries.length} judged queries; nDCG@10 / success@10\n`);
console.log(`| engine | ${kinds.map((kind) => `${kind} (${count(kind)})`).join(" | ")} |`);
console.log(`|---|${kinds.map(() => "---:|").join("")}`);
for (const [engine, rows] of Object.entries(results)) {
  const cells = kinds.map((kind) => {
    const own = rows.filter((row) => kind === "all" || row.kind === kind);
    return `${mean(own.map((row) => row.ndcg)).toFixed(3)} / ${mean(own.map((row) => Number(row.success))).toFixed(2)}`;
  });
  console.log(`| ${engine} | ${cells.join(" | ")} |`);
}

if (flags.includes("--losses")) {
  const [ours, ...others] = Object.values(results);
  const losses = ours
    .map((row, i) => ({ ...row, best: Math.max(...others.map((rows) => rows[i].ndcg)), relevant: queries[i].relevant }))
    .filter((row) => row.best - row.ndcg > 0.02)
    .sort((a, b) => b.best - b.ndcg - (a.best - a.ndcg));
  console.log(`\n${losses.length} queries that another engine answers better:`);
  for (const row of losses) console.log(`${row.ndcg.toFixed(2)} < ${row.best.toFixed(2)}  ${row.kind}: ${row.query}  [${row.ids.length} found]`);
}
