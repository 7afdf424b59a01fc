import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSet } from "../../assets/js/bitset.js";
import { bestFirst, pageOf } from "../../assets/js/rank.js";
import { chunkTerms, readChunk, readQuery, splitChunks } from "../../assets/js/terms.js";
import { evaluate, lookupsOf, Reader, shardsFor } from "../../assets/js/text.js";
import { openFixture, readJson, readShards } from "./files.js";

const index = openFixture();
const episodes = readJson("episodes.json");
const shards = readShards();
const terms = episodes.map((episode) => new Set([episode.name, ...episode.told, ...episode.rest].map((text) => text.replace(/\[[A-Z]+_\d+\]/g, " ")).flatMap((text) => splitChunks(text).flatMap((chunk) => chunkTerms(readChunk(chunk))))));

const withTerm = (test) => terms.flatMap((set, i) => ([...set].some(test) ? [i] : []));
const find = (typed, loaded = shards) => evaluate(readQuery(typed), new Reader(loaded, index.firsts, index.size));
const found = (typed) => find(typed)?.found.slice();

/** With only those shards that the client would fetch for the query. */
function foundWithFetched(typed) {
  const wanted = shardsFor(lookupsOf(readQuery(typed)), index.firsts);
  return find(typed, new Map(wanted.map((number) => [number, shards.get(number)])))?.found.slice();
}

test("the fixture has several shards", () => assert.ok(shards.size >= 3));

test("every term of every text finds exactly the episodes that have it", () => {
  const all = new Set(terms.flatMap((set) => [...set]));
  const reader = new Reader(shards, index.firsts, index.size);
  for (const term of all) assert.deepEqual(reader.term(term).found.slice(), withTerm((other) => other === term), term);
});

test("the start of a term finds all terms that begin like it, across shards", () => {
  const reader = new Reader(shards, index.firsts, index.size);
  for (const prefix of ["re", "que", "a", "s", "使", "ts"]) {
    const expected = withTerm((term) => term.startsWith(prefix));
    const actual = reader.prefix(prefix).found.slice();
    assert.deepEqual(actual.filter((i) => expected.includes(i)), expected, prefix);
  }
});

test("words are joined by AND, a minus excludes", () => {
  const has = (term) => withTerm((other) => other === term);
  const renamed = has("renam");
  assert.ok(renamed.length > 10);
  assert.deepEqual(found("renamed branch "), renamed.filter((i) => has("branch").includes(i)));
  assert.deepEqual(found("renamed -branch "), renamed.filter((i) => !has("branch").includes(i)));
  assert.equal(found("-branch ").length, index.size - has("branch").length);
});

test("the forms of a word meet, at every step of typing", () => {
  const queries = withTerm((term) => term === "queri");
  for (const typed of ["queries", "query", "querie", "queri", "queries "]) assert.deepEqual(found(typed), queries, typed);
  const renamed = withTerm((term) => term === "renam");
  for (const typed of ["renam", "rename", "renamed", "renami", "renamin", "renaming", "renames "]) assert.deepEqual(found(typed), renamed, typed);
});

test("an identifier is found whole, by its parts, and spelled otherwise", () => {
  const expected = withTerm((term) => term === "fetchuserdata");
  assert.ok(expected.length > 3);
  for (const typed of ["fetchUserData ", "fetch_user_data ", "fetchuserdata", "fetchUserDa", "fetchUse"]) assert.deepEqual(found(typed), expected, typed);
  assert.ok(found("config.json ").length > 3);
  assert.deepEqual(found("config.json "), found("configjson "));
});

test("accents, quotes and case do not matter", () => {
  assert.deepEqual(found("NAÏVE "), found("naive "));
  assert.deepEqual(found("don’t "), found("dont "));
});

test("characters without blanks are found by pairs and alone", () => {
  const expected = episodes.flatMap((e, i) => ([e.name, ...e.told, ...e.rest].some((text) => text.includes("组件")) ? [i] : []));
  assert.deepEqual(found("组件"), expected);
  const single = episodes.flatMap((e, i) => ([e.name, ...e.told, ...e.rest].some((text) => text.includes("件")) ? [i] : []));
  assert.deepEqual(found("件"), single);
});

test("a case is found by its id", () => {
  episodes.slice(0, 20).forEach((episode, i) => assert.ok(found(episode.id).includes(i), episode.id));
});

test("a code is found whole and by its number", () => {
  const expected = withTerm((term) => term === "ts2345");
  assert.ok(expected.length > 3);
  for (const typed of ["TS2345 ", "ts2345", "2345 ", "2345", "TS23"]) assert.deepEqual(found(typed), expected, typed);
  assert.deepEqual(found("345 "), []);
  assert.deepEqual(readQuery("TS2345 ").clauses[0].words.map(({ parts, whole }) => [parts, whole]), [[["ts2345"], ""]], "the whole is asked for as one");
});

test("the source's numbers of repositories and ids of sessions find their cases, whole or by their start after id:", () => {
  const having = (test) => episodes.flatMap((episode, i) => (test(episode) ? [i] : []));
  const numbers = [...new Set(episodes.map(({ repository }) => repository))];
  assert.ok(numbers.some((number) => number.length === 10), "longer numbers are left out of texts");
  for (const number of numbers) {
    const expected = having(({ repository }) => repository === number);
    for (const typed of [number, `${number} `, `id:${number}`, `id:"${number}"`]) assert.deepEqual(foundWithFetched(typed), expected, typed);
    assert.deepEqual(found(number.slice(0, -1)), [], "only the whole number without id:");
  }
  assert.equal(found('id:"81230441"').length, 0);
  assert.equal(found("id:8123044").length, index.size);
  assert.equal(found("id:no. 8123044").length, 0);
  const session = having((episode) => episode.session === "session_004");
  for (const typed of ["session_004 ", "session_004", "SESSION-004", "id:session_004", 'id:"session_004"']) assert.deepEqual(found(typed), session, typed);
  assert.equal(found("id:session").length, index.size);
  for (const typed of ["session ", "session_00", "004 ", "name:812304411", "@812304411x"]) assert.deepEqual(found(typed), [], typed);
  assert.deepEqual(found(`${episodes[session[0]].repository} session_004 `), session.filter((i) => episodes[i].repository === episodes[session[0]].repository));
});

test("the shards that the client fetches are enough", () => {
  for (const typed of ["renamed branch", "quer", "fetchUserData", "config.js", "组件", "件", "naïve -branch", "zzz", "AMA", "TS2345", "c++"]) {
    assert.deepEqual(foundWithFetched(typed), found(typed), typed);
  }
});

test("one word takes one request", () => {
  for (const typed of ["renamed ", "constraint ", "queries ", "TS2345 ", "2345 "]) assert.equal(shardsFor(lookupsOf(readQuery(typed)), index.firsts).length, 1, typed);
});

test("nothing to look for finds everything, an unindexed word finds nothing", () => {
  assert.equal(find("???"), null);
  assert.deepEqual(found("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b "), []);
});

test("a hit in the name comes before hits elsewhere", () => {
  const match = find("deleted ");
  const [best] = pageOf(match.found, bestFirst(match.scores), 0, 1);
  assert.ok(splitChunks(episodes[best].name).includes("deleted"));
});

test("a page is the same whether few or all are put in order", () => {
  const keys = Float64Array.from({ length: 1000 }, (_, i) => (i * 7919) % 13);
  const members = BitSet.of(1000, Array.from({ length: 500 }, (_, i) => 2 * i));
  const all = pageOf(members, keys, 0, 500);
  assert.deepEqual(pageOf(members, keys, 40, 80), all.slice(40, 80));
  assert.deepEqual(all, members.slice().sort((a, b) => keys[a] - keys[b] || a - b));
});
