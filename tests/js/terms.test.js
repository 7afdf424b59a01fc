import assert from "node:assert/strict";
import { test } from "node:test";
import { chunkTerms, fold, readChunk, readQuery, splitChunks } from "../../assets/js/terms.js";
import { readJson } from "./files.js";

test("every fixture text folds and splits as in Python", () => {
  for (const { text, folded, terms } of readJson("terms.json")) {
    assert.equal(fold(text), folded, text);
    assert.deepEqual(splitChunks(text).map((chunk) => chunkTerms(readChunk(chunk))), terms, text);
  }
});

test("a query says which words must occur and which must not", () => {
  const { clauses } = readQuery("renamed -tests table ");
  assert.deepEqual(clauses.map(({ words, isNegative }) => [words[0].parts[0], isNegative]), [["renam", false], ["test", true], ["tabl", false]]);
});

test("only the last word may go on, and only if nothing closes it", () => {
  const prefixes = (typed) => readQuery(typed).clauses.flatMap(({ words }) => words.map(({ prefix }) => prefix));
  assert.deepEqual(prefixes("table renam"), ["", "renam"]);
  assert.deepEqual(prefixes("table renam "), ["", ""]);
  assert.deepEqual(prefixes('table "renam"'), ["", ""]);
  assert.deepEqual(prefixes("table renam."), ["", "renam"]);
  assert.deepEqual(prefixes("ts"), [""]);
  assert.deepEqual(prefixes("中"), ["中"]);
});

test("a quoted phrase is remembered and its words must occur", () => {
  const query = readQuery("“not  done” yet");
  assert.deepEqual(query.phrases, ["not  done"]);
  assert.equal(query.clauses.length, 3);
});

test("punctuation alone is nothing to look for", () => {
  for (const typed of ["", " ", "???", '"', "-", "--", "...", "’", "🙂"]) assert.equal(readQuery(typed).isEmpty, true, typed);
});

test("a word that is not indexed stays a clause that nothing fulfils", () => {
  const { clauses, isEmpty } = readQuery("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b ");
  assert.equal(isEmpty, false);
  assert.deepEqual(clauses, [{ words: [], whole: "", isPrefix: false, isNegative: false }]);
});

test("no input throws", () => {
  for (const typed of ["\ud800", "a".repeat(5000), "c++", "(", "[", "\\", "\u0000", "-“", "'".repeat(50), "𠮷", "e\u0301"]) readQuery(typed);
});
