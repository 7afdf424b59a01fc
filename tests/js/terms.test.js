import assert from "node:assert/strict";
import { test } from "node:test";
import { chunkTerms, fold, phraseTokens, readChunk, readQuery, splitChunks } from "../../assets/js/terms.js";
import { makeRandom, pick, readJson } from "./files.js";

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

test("a quoted phrase must stand side by side, and its words are looked up", () => {
  const query = readQuery("“not  done” yet");
  assert.deepEqual(query.groups.map(({ field, tokens, isNegative }) => [field, tokens, isNegative]), [["", ["not", "done"], false]]);
  assert.equal(query.clauses.length, 3);
  assert.deepEqual(readQuery('"done" x').groups, [], "one word needs no neighbours");
  const not = readQuery('the -"not done"');
  assert.equal(not.clauses.length, 1, "the words of an excluded phrase may occur");
  assert.deepEqual(not.groups.map(({ isNegative, clauses }) => [isNegative, clauses.length, clauses[0].isNegative]), [[true, 2, false]]);
});

test("a field is named before a word or a phrase", () => {
  const fields = (typed) => readQuery(typed).clauses.map(({ field, words }) => [field, ...words.flatMap(({ parts }) => parts)]);
  assert.deepEqual(fields("quote:undo rest "), [["quote", "undo"], ["", "rest"]]);
  assert.deepEqual(fields('Name:"wrong branch"'), [["name", "wrong"], ["name", "branch"]]);
  assert.deepEqual(fields("-reason:undo"), [], "excluded by the texts, not by the index");
  assert.deepEqual(readQuery("-reason:undo").groups.map(({ field, isNegative }) => [field, isNegative]), [["reason", true]]);
  assert.deepEqual(readQuery("name:undo").groups, [], "the index knows the words of names");
  assert.deepEqual(fields("error:undo https://x.org"), [["", "error"], ["", "undo"], ["", "http"], ["", "x", "org"]]);
  assert.deepEqual(fields("quote:"), [["", "quot"]]);
});

test("an id is found by its start, with or without AMA", () => {
  for (const typed of ["id:AMA-12", "id:ama12", "id:12", "ID:ama-12"]) {
    assert.deepEqual(readQuery(typed).clauses.map(({ whole, isPrefix, field }) => [whole, isPrefix, field]), [["ama12", true, "id"]], typed);
  }
  assert.equal(readQuery("id:???").isEmpty, true);
});

test("what may be an id of the source is looked up as one, and little else", () => {
  const source = (typed) => readQuery(typed).clauses.map((clause) => clause.source);
  assert.deepEqual(source("812304417 session_004"), ["@812304417", "@session004"]);
  assert.deepEqual(source("550e8400-e29b-41d4-a716-446655440000"), ["@550e8400e29b41d4a716446655440000"]);
  for (const typed of ["2345", "TS2345", "utf-8", "user_id", "2025-06-01", "package.json", "name:812304417"]) assert.deepEqual(source(typed), [""], typed);
  const id = (typed) => readQuery(typed).clauses.map(({ whole, source, isPrefix }) => [whole, source, isPrefix]).flat();
  assert.deepEqual(id("id:session_0"), ["amasession0", "@session0", true]);
  assert.deepEqual(id('id:"81230441"'), ["", "@81230441", false], "a number in quotation marks is a repository's, whole");
  assert.deepEqual(id('id:"1b2c"'), ["ama1b2c", "", true]);
  assert.deepEqual(id("id:AMA-1b"), ["ama1b", "", true]);
});

test("phrases are compared word by word, whatever stands between", () => {
  assert.deepEqual(phraseTokens("Don’t rename src/userCard.tsx, never_ever!"), ["dont", "renam", "src", "user", "card", "tsx", "never", "ever"]);
  assert.deepEqual(phraseTokens("使用React组件 C++"), ["使", "用", "react", "组", "件", "c++"]);
  assert.deepEqual(phraseTokens("the the"), ["the", "the"]);
});

test("punctuation alone is nothing to look for", () => {
  for (const typed of ["", " ", "???", '"', "-", "--", "...", "’", "🙂"]) assert.equal(readQuery(typed).isEmpty, true, typed);
});

test("a word that is not indexed stays a clause that nothing fulfils", () => {
  const { clauses, isEmpty } = readQuery("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b ");
  assert.equal(isEmpty, false);
  assert.equal(clauses.length, 1);
  assert.deepEqual([clauses[0].words, clauses[0].whole, clauses[0].isPrefix], [[], "", false]);
});

test("no input throws", () => {
  const random = makeRandom(11);
  const alphabet = ['"', "“", "-", ":", "quote:", "id:", "name:", " ", "a", "B", "(", "[", "\\", "*", "+", "#", "'", "’", "_", ".", "\u0000", "\ud800", "\udc00", "𠮷", "中", "ß", "e\u0301", "1", "🙂", "\u202e", "AMA-"];
  for (let round = 0; round < 4000; round++) {
    const typed = Array.from({ length: Math.floor(random() * 12) }, () => pick(random, alphabet)).join("");
    const query = readQuery(typed);
    assert.equal(query.isEmpty, query.clauses.length + query.groups.length === 0);
    for (const text of [typed, typed.repeat(40)]) phraseTokens(text);
  }
  readQuery("a".repeat(50_000));
  readQuery('"'.repeat(50_000));
});
