/** Which words of a shown text are hits of a query. It marks generously: any word that any of the query's terms finds. */
import { chunkTerms, fold, possibleTerms, readChunk, splitChunks } from "./terms.js";

/** @typedef {{text: string, isHit: boolean}} Segment */

const WORD = /[\p{L}\p{N}\p{M}_'\u2019\u02bc]+(?:\+\+|#)?/gu;
const UNSPACED = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}]+$/u;

/** @param {import("./terms.js").TextQuery} query @returns {(text: string) => Segment[]} */
export function makeHighlighter(query) {
  const wanted = collect(query);
  if (query.isEmpty) return (text) => [{ text, isHit: false }];
  return (text) => {
    /** @type {Segment[]} */
    const segments = [];
    let end = 0;
    for (const { index, length } of hits(text, wanted)) {
      if (index > end) segments.push({ text: text.slice(end, index), isHit: false });
      segments.push({ text: text.slice(index, index + length), isHit: true });
      end = index + length;
    }
    if (end < text.length) segments.push({ text: text.slice(end), isHit: false });
    return segments;
  };
}

/** @typedef {{terms: Set<string>, prefixes: string[], runs: string[], read: Map<string, boolean>}} Wanted read: words that were looked at, as texts repeat them */

/** @param {import("./terms.js").TextQuery} query @returns {Wanted} */
function collect(query) {
  /** @type {Wanted} */
  const wanted = { terms: new Set(), prefixes: [], runs: [], read: new Map() };
  for (const { words, whole, isNegative } of query.clauses) {
    if (isNegative) continue;
    if (whole) wanted.terms.add(whole);
    for (const word of words) {
      for (const part of word.parts) {
        if (UNSPACED.test(part)) wanted.runs.push(part);
        else wanted.terms.add(part);
      }
      if (word.whole) wanted.terms.add(word.whole);
      if (word.prefix && !UNSPACED.test(word.prefix)) {
        wanted.prefixes.push(word.prefix);
        for (const term of possibleTerms(word.prefix)) wanted.terms.add(term);
      }
    }
  }
  return wanted;
}

/** @param {string} text @param {Wanted} wanted */
function* hits(text, wanted) {
  for (const match of text.matchAll(WORD)) {
    if (isHit(match[0], wanted)) yield { index: match.index, length: match[0].length };
    else yield* hitsInRun(match[0], match.index, wanted.runs);
  }
}

/** @param {string} word @param {Wanted} wanted */
function isHit(word, { terms, prefixes, read }) {
  const known = read.get(word);
  if (known !== undefined) return known;
  const own = splitChunks(word).flatMap((chunk) => chunkTerms(readChunk(chunk)));
  const found = own.some((term) => terms.has(term) || prefixes.some((prefix) => term.startsWith(prefix)));
  read.set(word, found);
  return found;
}

/** Characters of a script without blanks are marked where a pair of the query stands. @param {string} word @param {number} start @param {string[]} runs */
function* hitsInRun(word, start, runs) {
  if (runs.length === 0) return;
  const folded = fold(word);
  if (folded.length !== word.length) return;
  const marked = new Array(word.length).fill(false);
  for (const run of runs) {
    for (let at = folded.indexOf(run); at >= 0; at = folded.indexOf(run, at + 1)) marked.fill(true, at, at + run.length);
  }
  for (let from = marked.indexOf(true); from >= 0; from = marked.indexOf(true, from)) {
    let to = from;
    while (marked[to]) to++;
    yield { index: start + from, length: to - from };
    from = to;
  }
}
