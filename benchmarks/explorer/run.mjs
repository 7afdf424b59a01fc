/**
 * The explorer beside its rivals, in one run.
 *
 *     node benchmarks/explorer/run.mjs [--size 16118] [--only atlas,pagefind] [--pages atlas] [--minutes 5] [--gigabytes 8]
 *
 * Lays the corpus out first where it is missing or older than the index (PYTHON names the interpreter). Every engine runs in a
 * process of its own; one that fails, or needs more CPU time or memory than allowed, is reported as such and the run goes on.
 * --pages names those that are measured in Chromium too (of more than 20,000 episodes only this one). Prints the tables of
 * docs/performance.md and writes them, with all figures, beside the corpus: results.md, results.json.
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

if (isStale(folder)) layOut("made", flags.size);
if (isPage("atlas")) layOut("built", join("data", "sample"));

/** @type {Record<string, any>} */
const results = {};
for (const name of chosen) {
  const started = Date.now();
  results[name] = await (name === "pagefind" ? runPagefind() : runEngine(name)).catch((error) => ({ why: firstLine(error) }));
  loads.push(loadavg()[0]);
  save();
  console.error(`${NAMES[/** @type {keyof typeof NAMES} */ (name)]}: ${Math.round((Date.now() - started) / 1000)} s${results[name].why ? `, ${results[name].why}` : ""}`);
}
if (isPage("atlas")) results.atlas.explorer = await measureExplorer(sample, folder).catch((error) => ({ why: firstLine(error) }));
loads.push(loadavg()[0]);

save();
const report = [...tables(), ...pageTable()].join("\n");
writeFileSync(join(folder, "results.md"), `${report}\n`);
console.log(report);

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

/** Whether the index of a corpus is missing, or was made by an older version of what makes it. @param {string} place */
function isStale(place) {
  const made = ["index/index.json", "facts.json"].map((file) => join(place, file));
  if (!made.every((file) => existsSync(file))) return true;
  const search = join(ROOT, "atlas_build", "search");
  const sources = readdirSync(search).filter((file) => file.endsWith(".py")).map((file) => join(search, file));
  const changed = Math.max(...[...sources, join(ROOT, "benchmarks", "make_corpus.py")].map((file) => statSync(file).mtimeMs));
  return statSync(made[0]).mtimeMs < changed;
}

/** @param {string} kind @param {string} what */
function layOut(kind, what) {
  execFileSync(process.env.PYTHON ?? join(ROOT, ".venv", "bin", "python"), [join(HERE, "prepare.py"), kind, what], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
}

/** @param {unknown} error */
function firstLine(error) {
  return String(error).split("\n")[0];
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
    return { page: null, pageWhy: firstLine(error) };
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
    return { ...result, pageWhy: firstLine(error) };
  }
}

/** Its files are compressed already. @param {string} place */
function sizesOfPagefind(place) {
  const files = readdirSync(place, { recursive: true, encoding: "utf8" }).map((path) => ({ path, ...statSync(join(place, path)) }));
  const sum = (/** @type {(path: string) => boolean} */ test) => files.filter(({ path }) => test(path)).reduce((total, { size }) => total + size, 0);
  const size = sum((path) => /pf_index$|pf_filter$|pf_meta$/.test(path));
  return { size, perEpisode: size / Number(flags.size), fragments: sum((path) => path.endsWith("pf_fragment")) };
}

/** @returns {string[]} */
function tables() {
  const facts = factsOf();
  const times = ["toggle", "query", "both"];
  const inPage = (/** @type {any} */ result, /** @type {"full" | "quarter"} */ speed) => times.map((what) => pair(result.page?.[speed]?.[what]) || (result.pageWhy ?? "-"));
  return [
    `## ${facts.episodes.toLocaleString("en")} episodes`,
    "",
    `${facts.cpu}; Node ${facts.node}; load average ${facts.load}.`,
    ...table(["to the first counts", "to the first text result", "index, bytes an episode", "built in, CPU s", "memory for it, MB"], (r) => [
      kilobytes(r.facets), kilobytes(r.firstText), fixed(r.perEpisode, 0), fixed(r.build, 1), fixed(r.memory ?? r.peak, 0),
    ]),
    ...table(["in Node: toggle", "text", "both"], (r) => times.map((what) => pair(r[what]))),
    ...(pages.some(isPage) ? table(["in Chromium: toggle", "text", "both", "toggle, 1/4 speed", "text, 1/4 speed", "both, 1/4 speed"], (r) => [...inPage(r, "full"), ...inPage(r, "quarter")]) : []),
  ];
}

/** @returns {string[]} */
function pageTable() {
  const { explorer } = results.atlas ?? {};
  if (!explorer) return [];
  if (explorer.why) return [`The page itself could not be measured: ${explorer.why}`];
  const { shell, facets, screen, typing, first, cold, least } = explorer;
  const line = (/** @type {string} */ what, /** @type {any} */ full, /** @type {any} */ quarter) => `| ${what} | ${[full.least, full.p50, full.p95, quarter?.p50].map((time) => fixed(time, 0) || "-").join(" | ")} |`;
  const { cold: rival } = results.pagefind ?? {};
  return [
    "",
    "| the page itself | best | p50 | p95 | p50 at 1/4 speed |",
    "|---|---:|---:|---:|---:|",
    line("click on a value to the frame with counts and the screen's cards", screen.full, screen.quarter),
    line("a key in the search field to the frame with its letter, at a letter every 150 ms", typing.full, typing.quarter),
    line("first question to an open page, nothing of the index fetched before, until the count is on screen", first.full.counted, first.quarter.counted),
    line("the same, until the first cards are", first.full.begun, first.quarter.begun),
    line("fresh page with a word in its address, until the count is on screen", cold.full.counted, cold.quarter.counted),
    line("the same, until the first cards are", cold.full.begun, cold.quarter.begun),
    line("the same, until all forty are", cold.full.listed, cold.quarter.listed),
    ...(rival ? [line("Pagefind, fresh page to ten results without counts", rival.full, rival.quarter)] : []),
    line("the least fresh page: one script, one fetch, one line", least.full, least.quarter),
    "",
    `HTML, CSS and scripts are ${kilobytes(shell.bytes)} in ${shell.requests} requests; the counts take ${kilobytes(facets.bytes)} in ${facets.requests} more, the first list of cards ${kilobytes(facets.cards)}.`,
  ];
}

/** @param {string[]} columns @param {(result: any) => (string | undefined)[]} row @returns {string[]} */
function table(columns, row) {
  const lines = Object.entries(results).map(([name, result]) => {
    const cells = result.why ? [result.why, ...columns.slice(1).map(() => "")] : row(result);
    return `| ${NAMES[/** @type {keyof typeof NAMES} */ (name)]} | ${cells.map((cell) => cell || "-").join(" | ")} |`;
  });
  return ["", `| | ${columns.join(" | ")} |`, `|---|${columns.map(() => "---:|").join("")}`, ...lines];
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
