/**
 * The explorer beside its rivals, in one run.
 *
 *     node benchmarks/explorer/run.mjs [--size 16118] [--only atlas,pagefind] [--pages atlas] [--minutes 5] [--gigabytes 8]
 *
 * Lays the corpus out first if it is not there (PYTHON names the interpreter). Every engine runs in a process of its own;
 * one that needs more CPU time or memory than allowed is stopped and reported as such. --pages names those that are measured
 * in Chromium too (of more than 20,000 episodes only this one). Prints Markdown tables and writes results.json beside the
 * corpus.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureExplorer, measureInPage, measurePagefind } from "./browser.mjs";
import { BENCH, readDocuments, ROOT } from "./corpus.mjs";
import { run } from "./process.mjs";
import { makeQueries, makeSelections } from "./questions.mjs";

const HERE = join(ROOT, "benchmarks", "explorer");
const ENGINES = ["atlas", "viewer", "itemsjs-facets", "itemsjs", "orama", "flexsearch", "minisearch", "pagefind"];
const NAMES = {
  atlas: "this explorer", pagefind: "Pagefind", minisearch: "MiniSearch", orama: "Orama", flexsearch: "FlexSearch",
  "itemsjs-facets": "itemsjs, facets only", itemsjs: "itemsjs with text", viewer: "approach of the study's viewer",
};

const { values: flags } = parseArgs({
  options: {
    size: { type: "string", default: "16118" },
    only: { type: "string", default: ENGINES.join(",") },
    pages: { type: "string" },
    minutes: { type: "string", default: "5" },
    gigabytes: { type: "string", default: "8" },
  },
});
const limits = { minutes: Number(flags.minutes), gigabytes: Number(flags.gigabytes) };
const chosen = ENGINES.filter((name) => flags.only.split(",").includes(name));
const pages = (flags.pages ?? (Number(flags.size) > 20_000 ? "atlas" : ENGINES.join(","))).split(",");
const folder = join(BENCH, flags.size);
const sample = join(BENCH, "sample");
const loads = [loadavg()[0]];

layOut(folder, "made", flags.size);
if (isPage("atlas")) layOut(sample, "built", join("data", "sample"));

/** @type {Record<string, any>} */
const results = {};
for (const name of chosen) {
  const started = Date.now();
  results[name] = await (name === "pagefind" ? runPagefind() : runEngine(name));
  loads.push(loadavg()[0]);
  save();
  console.error(`${NAMES[/** @type {keyof typeof NAMES} */ (name)]}: ${Math.round((Date.now() - started) / 1000)} s${results[name].why ? `, ${results[name].why}` : ""}`);
}
if (isPage("atlas")) results.atlas.explorer = await measureExplorer(sample, folder);
loads.push(loadavg()[0]);

save();
print();

function factsOf() {
  const load = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  return { episodes: Number(flags.size), node: process.version, cpu: `${cpus().length} x ${cpus()[0].model}`, load };
}

/** After every engine, so that a run that is broken off has said something. */
function save() {
  writeFileSync(join(folder, "results.json"), JSON.stringify({ facts: factsOf(), results }, null, 1));
}

/** Whether an engine is measured in Chromium. @param {string} name */
function isPage(name) {
  return chosen.includes(name) && pages.includes(name);
}

/** @param {string} place @param {string} kind @param {string} what */
function layOut(place, kind, what) {
  if (existsSync(join(place, "documents.jsonl"))) return;
  execFileSync(process.env.PYTHON ?? join(ROOT, ".venv", "bin", "python"), [join(HERE, "prepare.py"), kind, what], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
}

/** @param {string} name */
async function runEngine(name) {
  const { ok, out, why, memory } = await run([join(HERE, "engine.mjs"), name, folder], limits);
  if (!ok) return { why };
  const result = { ...JSON.parse(out), peak: memory };
  if (isPage(name)) Object.assign(result, await inPage(name));
  return result;
}

/** @param {string} name */
async function inPage(name) {
  try {
    return { page: await measureInPage(name, folder) };
  } catch (error) {
    return { page: null, pageWhy: String(error).split("\n")[0] };
  }
}

async function runPagefind() {
  const { ok, why, memory, seconds } = await run([join(HERE, "pagefind-build.mjs"), folder], limits);
  if (!ok) return { why, peak: memory };
  const result = { build: seconds, peak: memory, ...sizesOfPagefind(join(folder, "pagefind-site", "pagefind")) };
  if (!isPage("pagefind")) return result;
  const documents = readDocuments(folder);
  try {
    const measured = await measurePagefind(folder, makeQueries(documents), makeSelections(documents));
    return {
      ...result, ...measured, page: { full: measured.full, quarter: measured.quarter },
      facets: measured.facets.bytes, firstText: measured.firstText.bytes,
    };
  } catch (error) {
    return { ...result, pageWhy: String(error).split("\n")[0] };
  }
}

/** Its files are compressed already. @param {string} place */
function sizesOfPagefind(place) {
  const files = readdirSync(place, { recursive: true, encoding: "utf8" }).map((path) => ({ path, ...statSync(join(place, path)) }));
  const sum = (/** @type {(path: string) => boolean} */ test) => files.filter(({ path }) => test(path)).reduce((total, { size }) => total + size, 0);
  const size = sum((path) => /pf_index$|pf_filter$|pf_meta$/.test(path));
  return { size, perEpisode: size / Number(flags.size), fragments: sum((path) => path.endsWith("pf_fragment")) };
}

function print() {
  const facts = factsOf();
  console.log(`${facts.episodes.toLocaleString("en")} episodes; ${facts.cpu}; load average ${facts.load}; Node ${facts.node}\n`);
  table("Bytes (gzip) and building", ["to the first counts", "to the first text result", "index, bytes an episode", "index built, CPU s", "memory for it, MB"], (r) => [
    kilobytes(r.facets), kilobytes(r.firstText), fixed(r.perEpisode, 0), fixed(r.build, 1), fixed(r.memory ?? r.peak, 0),
  ]);
  table("In Node, warm: p50 / p95 ms", ["facet toggle", "text query", "text with facets"], (r) => [pair(r.toggle), pair(r.query), pair(r.both)]);
  if (!pages.some(isPage)) return;
  const cells = (/** @type {"full" | "quarter"} */ speed) => (/** @type {any} */ r) => ["toggle", "query", "both"].map((what) => pair(r.page?.[speed]?.[what]) || (r.pageWhy ?? "-"));
  table("In Chromium, warm: p50 / p95 ms", ["facet toggle", "text query", "text with facets"], cells("full"));
  table("In Chromium at a quarter of the speed: p50 / p95 ms", ["facet toggle", "text query", "text with facets"], cells("quarter"));
  const { explorer } = results.atlas ?? {};
  if (!explorer) return;
  console.log(`The page: HTML, CSS and scripts ${kilobytes(explorer.shell.bytes)} in ${explorer.shell.requests} requests; ${kilobytes(explorer.facets.bytes)} in ${explorer.facets.requests} request(s) until all counts, cards of the first list ${kilobytes(explorer.facets.cards)}.`);
  const three = (/** @type {any} */ times) => `best ${fixed(times.least, 0)}, p50 ${fixed(times.p50, 0)}, p95 ${fixed(times.p95, 0)} ms`;
  console.log(`Click to frame with counts and cards: ${three(explorer.screen.full)}; throttled ${three(explorer.screen.quarter)}.`);
  for (const what of ["counted", "listed"]) console.log(`Fresh page with a word in its address, until ${what}: ${three(explorer.cold.full[what])}; throttled ${three(explorer.cold.quarter[what])}.`);
  if (results.pagefind?.cold) console.log(`Pagefind, fresh page to ten results without counts: ${three(results.pagefind.cold)}.`);
}

/** @param {string} title @param {string[]} columns @param {(result: any) => (string | undefined)[]} row */
function table(title, columns, row) {
  console.log(`### ${title}\n\n| | ${columns.join(" | ")} |\n|---|${columns.map(() => "---:|").join("")}`);
  for (const [name, result] of Object.entries(results)) {
    const cells = result.why ? [result.why, ...columns.slice(1).map(() => "")] : row(result);
    console.log(`| ${NAMES[/** @type {keyof typeof NAMES} */ (name)]} | ${cells.map((cell) => cell || "-").join(" | ")} |`);
  }
  console.log("");
}

/** @param {number | null | undefined} value @param {number} digits */
function fixed(value, digits) {
  return value === null || value === undefined ? "" : value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** @param {number | null | undefined} bytes */
function kilobytes(bytes) {
  return bytes === null || bytes === undefined ? "" : `${fixed(bytes / 1000, 1)} KB`;
}

/** @param {{p50: number, p95: number} | undefined} times */
function pair(times) {
  return times ? `${fixed(times.p50, 2)} / ${fixed(times.p95, 2)}` : "";
}
