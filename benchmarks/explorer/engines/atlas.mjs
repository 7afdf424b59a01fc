/** This project's explorer: the modules that the browser runs, on an index that the build wrote. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { IndexClient } from "../../../assets/js/index-client.js";
import { answer } from "../../../assets/js/query.js";
import { bestFirst, pageOf } from "../../../assets/js/rank.js";
import { parse } from "../../../assets/js/state.js";
import { readQuery } from "../../../assets/js/terms.js";
import { evaluate, lookupsOf, Reader, shardsFor } from "../../../assets/js/text.js";

/** @param {string} folder as prepare.py lays it out */
export async function openAtlas(folder) {
  /** @type {string[]} */
  const fetched = [];
  const client = new IndexClient("", async (path) => {
    fetched.push(path);
    return JSON.parse(readFileSync(join(folder, "index", path), "utf8"));
  });
  const index = await client.index();

  /** @param {string} q */
  async function find(q) {
    const query = readQuery(q);
    if (query.isEmpty) return null;
    const shards = await client.shards(shardsFor(lookupsOf(query), index.firsts));
    return evaluate(query, new Reader(shards, index.firsts, index.size));
  }

  return {
    index,
    client,
    fetched,
    find,
    /** Case ids, best first. @param {string} q @param {number} limit */
    async search(q, limit) {
      const match = await find(q);
      const { matches } = answer(index, parse("").state, match?.found ?? null, null);
      const ordinals = pageOf(matches, match ? bestFirst(match.scores) : null, 0, limit);
      const cards = await client.cards(index, ordinals);
      return cards.map((card) => card.id);
    },
  };
}

/** Bytes after gzip of every file of the index. @param {string} folder */
export function sizesOf(folder) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  const root = join(folder, "index");
  for (const part of ["", "terms", "cards"]) {
    for (const file of readdirSync(join(root, part), { withFileTypes: true })) {
      if (file.isFile()) sizes.set(join(part, file.name), gzipSync(readFileSync(join(root, part, file.name)), { level: 9 }).length);
    }
  }
  return sizes;
}
