/**
 * Forgives one slip in a word of five letters or more: a letter too many, missing or wrong, or two neighbours swapped.
 * Used only when a query finds nothing. The terms of the index are kept by how they begin. Most slips leave a word in the
 * part of the index where it would be looked for anyway; a letter that is wrong or missing among the first two does not,
 * and is a second step: the parts that can hold such a word are fetched, the likeliest first, until one holds it.
 */
import { BitSet } from "./bitset.js";
import { fold, LONGEST_WORD, readChunk, readQuery, stem } from "./terms.js";
import { findClause, lookupsOf, shardOf } from "./text.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./state.js").State} State
 * @typedef {import("./terms.js").TextQuery} TextQuery
 * @typedef {import("./terms.js").Clause} Clause
 * @typedef {import("./text.js").Reader} Reader
 * @typedef {import("./text.js").Lookup} Lookup
 * @typedef {import("./search.js").Correction} Correction
 * @typedef {{clause: Clause, word: string, beside: Clause[]}} Slip a word as written, the clause it is of, and what else
 *   stands in that
 *
 * @typedef {object} Shelf
 * @property {(lookups: Lookup[]) => Promise<Reader>} open fetches what is looked up
 * @property {string[]} firsts the first term of each shard
 * @property {BitSet} among episodes that can be listed
 * @property {() => boolean} isWanted false once a newer question has come up
 */

const SHORTEST = 5;
const START = 2;
const WORD = /^[\p{L}\p{M}]+$/u;
const JOINTS = /[._-]+/;
/** How many shards the second step fetches for a query at most, and how many of them at a time. */
export const MOST_SHARDS = 32;
const AT_ONCE = 8;
/** The letters by how many English words begin with them, and by how many have them second. */
const FIRST_LETTERS = "scpadrmbtfiehglunowvkjqyzx";
const SECOND_LETTERS = "eaoriuhlntpcsmdxywvgbkqfjz";
/** How most English words begin: a vowel and a consonant, a consonant and a vowel, and pairs such as "st". */
const USUAL_START = /^(?:[aeiou][^aeiouy]|[^aeiou][aeiouy]|[bcfgkps]l|[bcdfgkptw]r|[cgpstw]h|[gks]n|s[ckmpqtw]|[dt]w|a[iu]|e[aiu]|io|o[aiu])/;
const KEYS = Object.freeze(["qwertyuiop", "asdfghjkl", "zxcvbnm"]);

/** Words that no episode has and that are long enough to be a slip. @param {TextQuery} query @param {Reader} reader @returns {Slip[]} */
export function findSlips(query, reader) {
  const slips = query.clauses.filter(({ written }) => written !== "").flatMap((clause) => slipsOf(clause, reader));
  return slips.filter(({ word }, i) => slips.findIndex((other) => other.word === word) === i);
}

/** Of names such as package.json every word is looked at. @param {Clause} clause @param {Reader} reader @returns {Slip[]} */
function slipsOf(clause, reader) {
  if (isFound(clause, reader)) return [];
  const words = clause.written.split(JOINTS).filter((word) => word !== "");
  const own = words.map((word, i) => readQuery(clause.isPrefix && i === words.length - 1 ? word : `${word} `).clauses[0]);
  const beside = own.filter((one) => one && isFound(one, reader));
  return words.flatMap((word, i) => (isLong(word) && !beside.includes(own[i]) ? [{ clause, word, beside }] : []));
}

/** @param {Clause} clause @param {Reader} reader */
const isFound = (clause, reader) => findClause(clause, reader).found.count() > 0;

/** Long enough, and not longer than a word of the index with a letter too many: what is tried grows with the square of the length. @param {string} word */
function isLong(word) {
  const { length } = [...word];
  return WORD.test(word) && length >= SHORTEST && length <= LONGEST_WORD + 1 && readChunk(word).words.every(({ parts }) => parts.length === 1);
}

/** The query with every slip mended, or null. @param {string} typed @param {TextQuery} query @param {Slip[]} slips @param {Shelf} shelf @returns {Promise<Correction | null>} */
export async function correct(typed, query, slips, shelf) {
  const reader = await shelf.open([...lookupsOf(query), ...slips.flatMap(({ word }) => lookupsOfSlip(word))]);
  const allowance = { left: MOST_SHARDS };
  const right = [];
  for (const slip of slips) {
    const around = episodesAround(slip, query, slips, reader);
    const letters = [...slip.word.toLowerCase()];
    const mended = best(neighbours(letters, reader), reader, around, shelf.among) || (await mendStart(letters, around, shelf, allowance));
    if (mended === "") return null;
    right.push(mended);
  }
  return describe(typed, query, slips.map(({ word }) => word), right, slips);
}

/** @param {string} typed @param {TextQuery} query @param {string[]} wrong @param {string[]} right @param {Slip[]} slips @returns {Correction} */
function describe(typed, query, wrong, right, slips) {
  const end = /\s$/.test(typed) ? " " : "";
  const shown = query.pieces.map((piece) => wrong.reduce((text, word, i) => fold(text).replaceAll(word, () => right[i]), piece)).join(" ");
  const literal = query.pieces.map((piece) => (slips.some(({ clause }) => fold(piece) === clause.written) ? `"${piece}"` : piece)).join(" ");
  return { typed, shown: shown + end, literal: literal === query.pieces.join(" ") ? `${literal} ` : literal, wrong, right };
}

/** Episodes that have all other words. @param {Slip} slip @param {TextQuery} query @param {Slip[]} slips @param {Reader} reader */
function episodesAround({ beside }, query, slips, reader) {
  const others = query.clauses.filter((clause) => !clause.isNegative && slips.every((slip) => slip.clause !== clause));
  return [...others, ...beside].reduce((set, clause) => set.and(findClause(clause, reader).found), BitSet.full(reader.size));
}

/** What must be loaded for the first step. @param {string} slip @returns {Lookup[]} */
function lookupsOfSlip(slip) {
  const letters = [...slip.toLowerCase()];
  const others = [...removals(letters), ...swaps(letters)].map((term) => ({ term: stem(term), isPrefix: false }));
  return [{ term: letters.slice(0, START).join(""), isPrefix: true }, ...others];
}

/** The second step: a few shards at a time, until a word is found. @param {string[]} letters @param {BitSet} around @param {Shelf} shelf @param {{left: number}} allowance shards that may still be fetched @returns {Promise<string>} */
async function mendStart(letters, around, { open, firsts, among, isWanted }, allowance) {
  /** @type {Map<number, string[]>} */
  const byShard = new Map();
  for (const word of likeliestFirst(letters)) {
    const number = shardOf(stem(word), firsts);
    byShard.set(number, [...(byShard.get(number) ?? []), word]);
  }
  const shards = [...byShard.values()];
  for (let at = 0; at < shards.length && allowance.left > 0 && isWanted(); at += AT_ONCE) {
    const some = shards.slice(at, at + Math.min(AT_ONCE, allowance.left));
    allowance.left -= some.length;
    const words = some.flat();
    const mended = best(words, await open(words.map((word) => ({ term: stem(word), isPrefix: false }))), around, among);
    if (mended !== "") return mended;
  }
  return "";
}

/** The word that goes best with the others, then the one that most episodes have, rather a word than its stem; "" for none. @param {Iterable<string>} words @param {Reader} reader @param {BitSet} around @param {BitSet} among */
function best(words, reader, around, among) {
  let found = "";
  let most = 0;
  const rank = (/** @type {string} */ word) => Number(word === stem(word)) + word;
  for (const word of new Set(words)) {
    const term = stem(word);
    if (reader.count(term) === 0) continue;
    const members = reader.term(term).found.and(among);
    const weight = members.count() + reader.size * members.countAnd(around);
    if (weight > most || (weight === most && weight > 0 && rank(word) < rank(found))) [found, most] = [word, weight];
  }
  return found;
}

/** @param {string[]} letters @param {Reader} reader */
function* neighbours(letters, reader) {
  const alphabet = new Set(reader.terms(letters.slice(0, START).join("")).flatMap(({ term }) => [...term]));
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
function likeliestFirst(letters) {
  const words = [...new Set(otherStarts(letters))];
  return [...words.filter((word) => USUAL_START.test(word)), ...words.filter((word) => !USUAL_START.test(word))];
}

/** Other letters at the first two places, and one more: the second place first, since that is kept together. @param {string[]} letters */
function* otherStarts(letters) {
  const [first, second] = letters;
  const rest = letters.slice(START).join("");
  for (const letter of SECOND_LETTERS) yield* [first + letter + rest, first + letter + second + rest];
  for (const letter of FIRST_LETTERS) if (isBeside(letter, first)) yield letter + second + rest;
  for (const letter of FIRST_LETTERS) yield* [letter + first + second + rest, letter + second + rest];
}

/** Whether two letters are near each other on a keyboard. @param {string} one @param {string} other */
function isBeside(one, other) {
  const [row, otherRow] = [one, other].map((letter) => KEYS.findIndex((keys) => keys.includes(letter)));
  return row >= 0 && otherRow >= 0 && Math.abs(row - otherRow) <= 1 && Math.abs(KEYS[row].indexOf(one) - KEYS[otherRow].indexOf(other)) <= 1;
}

/** @param {string[]} letters */
const removals = (letters) => letters.map((_, at) => [...letters.slice(0, at), ...letters.slice(at + 1)].join(""));

/** @param {string[]} letters */
const swaps = (letters) => letters.slice(1).map((letter, at) => [...letters.slice(0, at), letter, letters[at], ...letters.slice(at + 2)].join(""));
