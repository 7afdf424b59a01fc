/** Fetches the parts of the index, each once. What fails is forgotten, so that it can be tried again. */
import { openIndex, readNumbers, Shard } from "./decode.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {{first: number, ids: string[], names: string[], descriptions: string[], quotes: string[], notes: string[], evidence: number[],
 *   dates: (string | null)[], userTurns: (number | null)[], agentTurns: (number | null)[]}} ChunkFile
 *
 * @typedef {object} Card
 * @property {number} ordinal
 * @property {string} id
 * @property {string} name
 * @property {string} description
 * @property {string} quote "" if no developer is quoted
 * @property {string} note why a candidate was rejected, "" for a case
 * @property {number} evidence how many quotes the case has
 * @property {string | null} date
 * @property {number | null} userTurns
 * @property {number | null} agentTurns
 */

/** A part that could not be loaded. */
export class LoadError extends Error {}

/** A module that cannot be loaded is a part like any other. @template T @param {Promise<T>} module @returns {Promise<T>} */
export function loaded(module) {
  return module.catch(() => {
    throw new LoadError("module");
  });
}

/** @param {string} url @param {AbortSignal} [signal] @returns {Promise<any>} */
async function fetchJson(url, signal) {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new LoadError(`${response.status}`);
    return await response.json();
  } catch (error) {
    throw error instanceof LoadError ? error : new LoadError("no answer");
  }
}

export class IndexClient {
  /** @param {string} base address of the index, with a slash at the end @param {(url: string, signal?: AbortSignal) => Promise<any>} [read] */
  constructor(base, read = fetchJson) {
    this.base = base;
    this.read = read;
    /** @type {Map<string, Promise<any>>} */
    this.parts = new Map();
  }

  /**
   * A request that can be aborted is not shared with others who ask for the same part before it is there.
   * @template T @param {string} path @param {(file: any) => T} open @param {AbortSignal} [signal] @returns {Promise<T>}
   */
  part(path, open, signal) {
    const known = this.parts.get(path);
    if (known) return known;
    const part = this.read(this.base + path, signal).then(open);
    if (signal) void part.then(() => this.parts.set(path, part), () => {});
    else {
      this.parts.set(path, part);
      part.catch(() => this.parts.delete(path));
    }
    return part;
  }

  /** @returns {Promise<Index>} */
  index() {
    return this.part("index.json", openIndex);
  }

  /** One more than the turns of each episode, 0 where none are recorded. */
  turns() {
    return this.part("turns.json", (file) => readNumbers(file.turns));
  }

  /** @param {number[]} numbers @returns {Promise<Map<number, Shard>>} */
  async shards(numbers) {
    const read = numbers.map((number) => this.part(`terms/${number}.json`, (file) => new Shard(file)));
    const shards = await Promise.all(read);
    return new Map(numbers.map((number, i) => [number, shards[i]]));
  }

  /** A range of the episodes' texts. @param {number} number @returns {Promise<import("./phrases.js").TextFile>} */
  texts(number) {
    return this.part(`texts/${number}.json`, (file) => file);
  }

  /** @param {Index} index @param {number[]} ordinals @param {AbortSignal} [signal] @returns {Promise<Card[]>} */
  async cards(index, ordinals, signal) {
    const size = index.cards.size;
    const numbers = [...new Set(ordinals.map((ordinal) => Math.floor(ordinal / size)))];
    const read = numbers.map((number) => this.part(`cards/${number}.json`, (file) => /** @type {ChunkFile} */ (file), signal));
    const chunks = await Promise.all(read);
    const byNumber = new Map(numbers.map((number, i) => [number, chunks[i]]));
    return ordinals.map((ordinal) => readCard(/** @type {ChunkFile} */ (byNumber.get(Math.floor(ordinal / size))), ordinal));
  }
}

/** @param {ChunkFile} chunk @param {number} ordinal @returns {Card} */
function readCard(chunk, ordinal) {
  const place = ordinal - chunk.first;
  return {
    ordinal,
    id: `AMA-${chunk.ids[place]}`,
    name: chunk.names[place],
    description: chunk.descriptions[place],
    quote: chunk.quotes[place],
    note: chunk.notes[place],
    evidence: chunk.evidence[place],
    date: chunk.dates[place],
    userTurns: chunk.userTurns[place],
    agentTurns: chunk.agentTurns[place],
  };
}
