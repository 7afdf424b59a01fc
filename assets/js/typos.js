/**
 * Forgives one slip in a word of five letters or more: a letter too many, missing or wrong, or two neighbours swapped.
 * Used only when a query finds nothing. In the first two letters only a letter too many and a swap are forgiven, because
 * the terms of the index are kept by how they begin.
 */
import { BitSet } from "./bitset.js";
import { fold, stem } from "./terms.js";
import { findClause } from "./text.js";

/**
 * @typedef {import("./terms.js").TextQuery} TextQuery
 * @typedef {import("./terms.js").Clause} Clause
 * @typedef {import("./text.js").Reader} Reader
 * @typedef {import("./text.js").Lookup} Lookup
 * @typedef {import("./search.js").Correction} Correction
 */

const SHORTEST = 5;
const START = 2;
const WORD = /^[\p{L}\p{M}]+$/u;

/** Words that no episode has and that are long enough to be a slip. @param {TextQuery} query @param {Reader} reader */
export function findSlips(query, reader) {
  const words = query.clauses.filter((clause) => clause.written && clause.words.length === 1 && clause.words[0].parts.length === 1);
  const long = words.filter(({ written }) => WORD.test(written) && [...written].length >= SHORTEST);
  return [...new Set(long.filter((clause) => findClause(clause, reader).found.count() === 0).map(({ written }) => written))];
}

/** What must be loaded to judge slips. @param {string[]} slips @returns {Lookup[]} */
export function lookupsOfSlips(slips) {
  return slips.flatMap((slip) => {
    const letters = [...slip.toLowerCase()];
    const others = [...removals(letters), ...swaps(letters)].map((term) => ({ term: stem(term), isPrefix: false }));
    return [{ term: letters.slice(0, START).join(""), isPrefix: true }, ...others];
  });
}

/** The query with every slip mended, or null. @param {string} typed @param {TextQuery} query @param {string[]} slips @param {Reader} reader @returns {Correction | null} */
export function correct(typed, query, slips, reader) {
  const others = query.clauses.filter((clause) => !clause.isNegative && !slips.includes(clause.written));
  const right = slips.map((slip) => mend(slip, reader, others));
  if (right.includes("")) return null;
  const end = /\s$/.test(typed) ? " " : "";
  const replace = (/** @type {(place: number) => string} */ by) =>
    query.pieces.map((piece) => slips.reduce((text, slip, i) => fold(text).replaceAll(slip, () => by(i)), piece)).join(" ");
  const literal = query.pieces.map((piece) => (slips.some((slip) => fold(piece) === slip) ? `"${piece}"` : piece)).join(" ");
  return { typed, shown: replace((i) => right[i]) + end, literal: literal === query.pieces.join(" ") ? `${literal} ` : literal, wrong: slips, right };
}

/** The word one slip away that goes best with the others, then the one that most episodes have; "" for none. @param {string} slip @param {Reader} reader @param {Clause[]} others */
function mend(slip, reader, others) {
  const around = others.reduce((set, clause) => set.and(findClause(clause, reader).found), BitSet.full(reader.size));
  const letters = [...slip.toLowerCase()];
  const known = new Map(reader.terms(letters.slice(0, START).join("")).map(({ term, count }) => [term, count]));
  const alphabet = new Set([...known.keys()].flatMap((term) => [...term]));
  let best = "";
  let most = 0;
  for (const word of new Set(neighbours(letters, alphabet))) {
    const term = stem(word);
    const count = known.get(term) ?? reader.term(term).found.count();
    const weight = count === 0 ? 0 : count + reader.size * reader.term(term).found.countAnd(around);
    if (weight > most || (weight === most && weight > 0 && word < best)) [best, most] = [word, weight];
  }
  return best;
}

/** @param {string[]} letters @param {Set<string>} alphabet */
function* neighbours(letters, alphabet) {
  yield* swaps(letters);
  yield* removals(letters);
  for (let at = START; at <= letters.length; at++) {
    for (const letter of alphabet) {
      yield [...letters.slice(0, at), letter, ...letters.slice(at)].join("");
      if (at < letters.length) yield [...letters.slice(0, at), letter, ...letters.slice(at + 1)].join("");
    }
  }
}

/** @param {string[]} letters */
const removals = (letters) => letters.map((_, at) => [...letters.slice(0, at), ...letters.slice(at + 1)].join(""));

/** @param {string[]} letters */
const swaps = (letters) => letters.slice(1).map((letter, at) => [...letters.slice(0, at), letter, letters[at], ...letters.slice(at + 2)].join(""));
