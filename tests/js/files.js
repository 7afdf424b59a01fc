/** The fixtures that tests/search_corpus.py writes. */
import { readFileSync, readdirSync } from "node:fs";
import { openIndex, Shard } from "../../assets/js/decode.js";

const FIXTURES = new URL("./fixtures/", import.meta.url);

export const readJson = (path) => JSON.parse(readFileSync(new URL(path, FIXTURES), "utf8"));

export const openFixture = () => openIndex(readJson("index/index.json"));

export const readShards = () => {
  const count = readdirSync(new URL("index/terms/", FIXTURES)).length;
  return new Map(Array.from({ length: count }, (_, i) => [i, new Shard(readJson(`index/terms/${i}.json`))]));
};

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function makeRandom(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = (random, list) => list[Math.floor(random() * list.length)];
