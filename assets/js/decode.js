/** Reads what `atlas_build/search` writes; the format is described in docs/index-format.md. */
import { BitSet } from "./bitset.js";

export const FORMAT = 2;

const STOPS = 62;
const CONTINUERS = 31;
const SYMBOLS = new Uint8Array(128);
{
  let next = 0;
  for (let code = 0x20; code < 0x7f; code++) if (code !== 0x22 && code !== 0x5c) SYMBOLS[code] = next++;
}

/** All numbers of a dense-coded string. @param {string} text */
export function readNumbers(text) {
  const numbers = new Uint32Array(text.length);
  let count = 0;
  let pending = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = SYMBOLS[text.charCodeAt(i)];
    if (symbol < STOPS) {
      numbers[count++] = pending * STOPS + symbol;
      pending = 0;
    } else {
      pending = pending * CONTINUERS + symbol - STOPS + 1;
    }
  }
  return numbers.subarray(0, count);
}

/** Front-coded terms: a capital for the number of characters shared with the term before. @param {string} text */
export function readFrontCoded(text) {
  /** @type {string[]} */
  const terms = [];
  let before = "";
  for (const entry of text.match(/[A-Z][^A-Z]*/g) ?? []) {
    before = before.slice(0, entry.charCodeAt(0) - 65) + entry.slice(1);
    terms.push(before);
  }
  return terms;
}

/**
 * @typedef {{terms: string, lengths: string, gaps: string, classes: string}} ShardFile
 * @typedef {{ordinals: Uint32Array, classes: Uint8Array}} PostingList
 */

/** One file of the inverted index. Terms and offsets are decoded at once, postings when they are asked for. */
export class Shard {
  /** @param {ShardFile} file */
  constructor(file) {
    this.terms = readFrontCoded(file.terms);
    this.lengths = readNumbers(file.lengths);
    this.gaps = file.gaps;
    this.classes = file.classes;
    this.starts = new Uint32Array(this.terms.length + 1);
    this.offsets = offsetsOf(file.gaps, this.lengths);
    this.terms.forEach((_, i) => (this.starts[i + 1] = this.starts[i] + this.lengths[i] + 1));
    /** @type {Map<number, PostingList>} */
    this.read = new Map();
  }

  /** Places of the terms that begin with a prefix, as [from, to). @param {string} prefix */
  range(prefix) {
    const from = lowerBound(this.terms, prefix);
    let to = from;
    while (to < this.terms.length && this.terms[to].startsWith(prefix)) to++;
    return [from, to];
  }

  /** The place of a term, or -1. @param {string} term */
  find(term) {
    const place = lowerBound(this.terms, term);
    return this.terms[place] === term ? place : -1;
  }

  /** @param {number} place @returns {PostingList} */
  postings(place) {
    const known = this.read.get(place);
    if (known) return known;
    const ordinals = readNumbers(this.gaps.slice(this.offsets[place], this.offsets[place + 1]));
    for (let i = 1; i < ordinals.length; i++) ordinals[i] += ordinals[i - 1] + 1;
    const list = { ordinals, classes: this.#classesOf(place) };
    this.read.set(place, list);
    return list;
  }

  /** @param {number} place */
  #classesOf(place) {
    const start = this.starts[place];
    const classes = new Uint8Array(this.lengths[place] + 1);
    for (let i = 0, at = start; i < classes.length; i++, at++) {
      classes[i] = (SYMBOLS[this.classes.charCodeAt((at / 3) | 0)] >>> (2 * (at % 3))) & 3;
    }
    return classes;
  }
}

/** Where the gaps of each term begin. @param {string} gaps @param {Uint32Array} lengths */
function offsetsOf(gaps, lengths) {
  const offsets = new Uint32Array(lengths.length + 1);
  let at = 0;
  for (let term = 0; term < lengths.length; term++) {
    for (let left = lengths[term] + 1; left > 0; at++) if (SYMBOLS[gaps.charCodeAt(at)] < STOPS) left--;
    offsets[term + 1] = at;
  }
  return offsets;
}

/** The first place whose term is not before the given one. @param {string[]} terms @param {string} term */
export function lowerBound(terms, term) {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (terms[middle] < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A value of a facet as a key: "=S3" for the value S3, "?none" and "?na" for the two ways of having none.
 * @param {string | {missing: string}} value
 */
export function keyOf(value) {
  return typeof value === "string" ? `=${value}` : `?${value.missing}`;
}

/**
 * @typedef {{name: string, title: string, multiple: boolean, values: (string | {missing: string})[],
 *   names?: Record<string, string>, pages?: boolean}} FacetFile
 * @typedef {{facets: string[], entries: number[][][], codes: string}} ColumnFile
 * @typedef {{format: number, tokenizer: number, episodes: number, cases: number,
 *   cards: {size: number, chunks: number}, texts: {size: number, chunks: number}, terms: {count: number, firsts: string[]},
 *   placeholders: Record<string, string>, facets: FacetFile[], columns: ColumnFile[]}} IndexFile
 *
 * @typedef {object} Facet
 * @property {string} name
 * @property {string} title
 * @property {boolean} multiple an episode may have several values
 * @property {boolean} pages its labels have a page in the codebook
 * @property {string[]} keys its values in canonical order
 * @property {Map<string, BitSet>} sets which episodes have a value
 * @property {Map<string, string>} names what a value is called
 *
 * @typedef {object} Column
 * @property {string[]} facets
 * @property {number[][][]} entries code -> facet -> numbers of values
 * @property {Uint32Array} codes ordinal -> code
 *
 * @typedef {object} Index
 * @property {number} size how many episodes, with rejected candidates
 * @property {number} cases how many of them are cases
 * @property {Map<string, Facet>} facets
 * @property {Map<string, Column>} columns facet -> the column it stands in
 * @property {{size: number, chunks: number}} cards
 * @property {{size: number, chunks: number}} texts
 * @property {string[]} firsts the first term of each shard
 * @property {Map<string, string>} placeholders kind -> what a reader is told
 */

/** Facets as bit sets. @param {IndexFile} file @returns {Index} */
export function openIndex(file) {
  if (file.format !== FORMAT) throw new Error(`index format ${file.format}, this script reads ${FORMAT}`);
  /** @type {Map<string, Facet>} */
  const facets = new Map(file.facets.map((facet) => [facet.name, openFacet(facet, file.episodes)]));
  /** @type {Map<string, Column>} */
  const columns = new Map();
  for (const column of file.columns) {
    const opened = { facets: column.facets, entries: column.entries, codes: readNumbers(column.codes) };
    fillSets(opened, facets);
    for (const name of column.facets) columns.set(name, opened);
  }
  return {
    size: file.episodes,
    cases: file.cases,
    facets,
    columns,
    cards: file.cards,
    texts: file.texts,
    firsts: file.terms.firsts,
    placeholders: new Map(Object.entries(file.placeholders)),
  };
}

/** @param {FacetFile} file @param {number} size @returns {Facet} */
function openFacet(file, size) {
  const keys = file.values.map(keyOf);
  const names = Object.entries(file.names ?? {}).map(([code, name]) => /** @type {[string, string]} */ ([`=${code}`, name]));
  return {
    name: file.name,
    title: file.title,
    multiple: file.multiple,
    pages: file.pages ?? false,
    keys,
    sets: new Map(keys.map((key) => [key, new BitSet(size)])),
    names: new Map(names),
  };
}

/** @param {Column} column @param {Map<string, Facet>} facets */
function fillSets(column, facets) {
  const targets = column.entries.map((entry) =>
    entry.flatMap((numbers, i) => {
      const facet = /** @type {Facet} */ (facets.get(column.facets[i]));
      return numbers.map((number) => /** @type {BitSet} */ (facet.sets.get(facet.keys[number])).words);
    }),
  );
  const codes = column.codes;
  for (let ordinal = 0; ordinal < codes.length; ordinal++) {
    const sets = targets[codes[ordinal]]; // an iterator here would cost a page's start milliseconds
    const bit = 1 << (ordinal & 31);
    for (let i = 0; i < sets.length; i++) sets[i][ordinal >>> 5] |= bit;
  }
}

/** The keys of an episode in one facet, in the annotator's order. @param {Index} index @param {string} name @param {number} ordinal */
export function valuesOf(index, name, ordinal) {
  const column = index.columns.get(name);
  const facet = index.facets.get(name);
  if (!column || !facet) return [];
  const numbers = column.entries[column.codes[ordinal]][column.facets.indexOf(name)];
  return numbers.map((number) => facet.keys[number]);
}
