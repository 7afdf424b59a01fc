/** The folders that prepare.py lays out. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {{id: string, key: string, name: string, description: string, quotes: string, contexts: string,
 *   reasonings: string, facets: Record<string, string[]>}} Document
 */

export const ROOT = new URL("../../", import.meta.url).pathname;
export const BENCH = join(ROOT, "build", "bench");

/** Fields that hold text, the most telling first. */
export const TEXTS = ["name", "description", "quotes", "contexts", "reasonings"];

/** @param {string} folder @returns {Document[]} */
export function readDocuments(folder) {
  const path = join(folder, "documents.jsonl");
  if (!existsSync(path)) throw new Error(`${path} is not there; lay the corpus out with prepare.py first (benchmarks/README.md)`);
  return readFileSync(path, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
}
