/** Measures one engine in a process of its own: node engine.mjs <name> <folder>. Called by run.mjs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { measure } from "./clock.mjs";
import { readDocuments } from "./corpus.mjs";
import { makeQueries, makeSelections } from "./questions.mjs";

const [name, folder] = process.argv.slice(2);
const documents = readDocuments(folder);
const selections = makeSelections(documents);
const queries = makeQueries(documents);
const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
const megabytes = () => process.memoryUsage().rss / 2 ** 20;
const zipped = (/** @type {string | Buffer} */ data) => gzipSync(data, { level: 9 }).length;

/** @type {string[]} */
let fetched = [];
const read = async (/** @type {string} */ path) => {
  fetched.push(path);
  return JSON.parse(readFileSync(join(folder, "index", path), "utf8"));
};
const sizeOf = (/** @type {string} */ path) => zipped(readFileSync(join(folder, "index", path)));

const { open } = await import(`./engines/${name.split("-")[0]}.mjs`);
const [before, start] = [megabytes(), seconds()];
const engine = await open(documents, read, { isText: name !== "itemsjs-facets" });
/** @type {Record<string, any>} */
const result = { build: seconds() - start, memory: megabytes() - before };

if (name === "atlas") {
  const facts = JSON.parse(readFileSync(join(folder, "facts.json"), "utf8"));
  Object.assign(result, { open: result.build, build: facts.seconds, memory: facts.memory });
  result.facets = fetched.reduce((sum, path) => sum + sizeOf(path), 0);
  result.firstText = result.facets + (await firstText());
  const files = ["index.json", "turns.json", ...readdirSync(join(folder, "index", "terms")).map((file) => `terms/${file}`)];
  result.size = files.reduce((sum, path) => sum + sizeOf(path), 0);
  for (const q of queries) await engine.prepare(q);
} else {
  result.size = (await engine.parts()).reduce((/** @type {number} */ sum, /** @type {string} */ part) => sum + zipped(part), 0);
  result.facets = engine.toggle && name !== "viewer" ? result.size : null;
  result.firstText = engine.query ? result.size : null;
}
result.perEpisode = result.size / documents.length;

/** Median bytes that a query of one word fetches beyond index.json, without cards. */
async function firstText() {
  const bytes = [];
  for (const q of queries.filter((query) => !query.includes(" "))) {
    fetched = [];
    await (await open(documents, read)).prepare(q);
    bytes.push(fetched.filter((path) => path.startsWith("terms/")).reduce((sum, path) => sum + sizeOf(path), 0));
  }
  return bytes.sort((a, b) => a - b)[bytes.length >> 1];
}

if (engine.toggle) result.toggle = await measure(selections, engine.toggle);
if (engine.query) result.query = await measure(queries, engine.query);
if (engine.both) result.both = await measure(queries.map((q, i) => /** @type {const} */ ([q, selections[i % selections.length]])), ([q, selection]) => engine.both(q, selection));
result.cpu = seconds() - start;
console.log(JSON.stringify(result));
