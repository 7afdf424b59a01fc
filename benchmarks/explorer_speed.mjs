/**
 * How long the browser's part of the explorer computes, in Node.
 *
 *     python benchmarks/index_size.py 16118 --write /tmp/index-16k
 *     node benchmarks/explorer_speed.mjs /tmp/index-16k/index
 *
 * Every figure is the best of several rounds: p50 and p95 over the operations of a round.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { openIndex, Shard } from "../assets/js/decode.js";
import { answer } from "../assets/js/query.js";
import { bestFirst, pageOf } from "../assets/js/rank.js";
import { FACETS, parse } from "../assets/js/state.js";
import { readQuery } from "../assets/js/terms.js";
import { evaluate, lookupsOf, Reader, shardsFor } from "../assets/js/text.js";

const ROUNDS = 7;
const folder = process.argv[2];
const read = (path) => JSON.parse(readFileSync(join(folder, path), "utf8"));

const started = performance.now();
const index = openIndex(read("index.json"));
console.log(`open index.json: ${(performance.now() - started).toFixed(1)} ms, ${index.size.toLocaleString("en")} episodes`);

const shards = new Map(index.firsts.map((_, i) => [i, new Shard(read(`terms/${i}.json`))]));
const reader = new Reader(shards, index.firsts, index.size);
const shardStarted = performance.now();
new Shard(read("terms/0.json"));
console.log(`open one shard: ${(performance.now() - shardStarted).toFixed(2)} ms`);

const addresses = [];
for (const name of FACETS) for (const key of index.facets.get(name)?.keys ?? []) if (key.startsWith("=")) addresses.push(`${name}=${encodeURIComponent(key.slice(1))}`);
const toggles = addresses.flatMap((one, i) => [one, `${one}&${addresses[(i * 7 + 3) % addresses.length]}`, `${one}&cause=C6:direct&workflow=CLI`]);
const typed = ["the", "agent", "developer test", "tests", "rules", "commit file", "function existing ", "tes", "err", "not asked instead", "then line remove did", "add fix no run "];
const facets = "&form=S3&workflow=CLI";

report("facet toggle, all counts", toggles.map((address) => parse(address).state), (state) => answer(index, state, null, null));
report("text query, page of 40", typed, (q) => {
  const match = evaluate(readQuery(q), reader);
  return pageOf(match.found, bestFirst(match.scores), 0, 40);
});
report("text and facets, all counts", typed, (q) => {
  const match = evaluate(readQuery(q), reader);
  const result = answer(index, parse(facets).state, match.found, null);
  return pageOf(result.matches, bestFirst(match.scores), 0, 40);
});
for (const q of ["tests ", "rul", "commit "]) console.log(`“${q}”: ${shardsFor(lookupsOf(readQuery(q)), index.firsts).length} request(s)`);

function report(name, inputs, run) {
  let best = { p50: Infinity, p95: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    const times = inputs.flatMap((input) => Array.from({ length: 5 }, () => time(() => run(input)))).sort((a, b) => a - b);
    const at = (share) => times[Math.floor(share * (times.length - 1))];
    if (at(0.95) < best.p95) best = { p50: at(0.5), p95: at(0.95) };
  }
  console.log(`${name}: p50 ${best.p50.toFixed(3)} ms, p95 ${best.p95.toFixed(3)} ms`);
}

function time(run) {
  const begun = performance.now();
  run();
  return performance.now() - begun;
}
