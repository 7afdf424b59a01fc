import assert from "node:assert/strict";
import { test } from "node:test";
import { Overtaken } from "../../assets/js/phrases.js";
import { phraseTokens, splitChunks, readQuery } from "../../assets/js/terms.js";
import { Searcher } from "../../assets/js/search.js";
import { BitSet } from "../../assets/js/bitset.js";
import { EMPTY } from "../../assets/js/state.js";
import { Reader, shardsFor } from "../../assets/js/text.js";
import { answerScope } from "../../assets/js/query.js";
import { correct, findSlips, MOST_SHARDS } from "../../assets/js/typos.js";
import { makeRandom, pick } from "./files.js";
import { client, episodes, FIELDS, index, ordinals, SPLIT, textOf, urls, withPhrase, withTerm } from "./oracle.js";

const searcher = new Searcher(client);
const find = async (q) => (await searcher.find(index, q)).match?.found.slice();

test("the texts are those of the episodes", () => {
  assert.ok(index.texts.chunks > 1);
  episodes.forEach((episode, ordinal) => {
    assert.equal(textOf(ordinal, "name").join(""), episode.name.split(SPLIT).join(""));
    assert.deepEqual(textOf(ordinal, "quote"), episode.told.slice(1).flatMap((text) => text.split(SPLIT)));
  });
});

test("a phrase finds exactly the episodes whose words stand side by side", async () => {
  const random = makeRandom(5);
  let narrower = 0;
  for (let round = 0; round < 60; round++) {
    const tokens = splitChunks(textOf(Math.floor(random() * episodes.length), pick(random, FIELDS)).join(" "));
    const at = Math.floor(random() * tokens.length);
    const phrase = tokens.slice(at, at + 2 + (round % 3)).join(" ");
    if (phraseTokens(phrase).length < 2 || phraseTokens(phrase).some((token) => token.length > 40)) continue;
    const found = await find(`"${phrase}"`);
    assert.deepEqual(found, withPhrase(phrase), phrase);
    if (found.length < (await find(`${phrase} `)).length) narrower++;
  }
  assert.ok(narrower > 10);
});

test("an excluded phrase leaves the cases that have its words apart", async () => {
  const both = await find("rules tests ");
  const side = withPhrase("rules tests");
  assert.ok(side.length > 0 && side.length < both.length);
  assert.deepEqual(await find('rules tests -"rules tests"'), both.filter((ordinal) => !side.includes(ordinal)));
});

test("a field finds exactly the episodes that have the word in it", async () => {
  for (const field of FIELDS) {
    assert.deepEqual(await find(`${field}:renamed `), withTerm("renam", field), field);
    assert.deepEqual(await find(`${field}:"rules tests"`), withPhrase("rules tests", field), field);
    const all = await find("renamed ");
    const own = withTerm("renam", field);
    assert.deepEqual(await find(`renamed -${field}:renamed`), all.filter((ordinal) => !own.includes(ordinal)), field);
  }
  assert.ok(withTerm("renam", "name").length < withTerm("renam", "quote").length);
});

test("a field knows the starts and the spellings of words too", async () => {
  assert.deepEqual(await find("quote:fetchUse"), withTerm("fetchuserdata", "quote"));
  assert.deepEqual(await find("quote:user_id "), withTerm("userid", "quote"));
  assert.deepEqual(await find("description:组件 "), withTerm("组件", "description"));
});

test("an id finds its case, its start a few", async () => {
  const { id } = episodes[3];
  assert.ok(episodes.some((episode) => /\d-\d/.test(episode.id.slice(4))), "two digits may meet at the hyphen");
  for (const ordinal of ordinals) assert.deepEqual(await find(`id:${episodes[ordinal].id}`), [ordinal]);
  assert.deepEqual(await find(`id:${id.slice(4)}`), [3]);
  const start = id.slice(0, 6);
  assert.deepEqual(await find(`id:${start}`), ordinals.filter((i) => episodes[i].id.startsWith(start)));
  assert.deepEqual(await find("id:renamed"), []);
});

test("what was read is not read again, and only what may have the words is read", async () => {
  urls.length = 0;
  await find('"rules constraint"');
  const fresh = new Searcher(client);
  const seen = [];
  await fresh.find(index, '"rules constraint"', { tell: (done, all) => seen.push([done, all]) });
  assert.deepEqual(urls.filter((url) => url.includes("texts/")), []);
  assert.equal(seen.at(-1)[0], seen.at(-1)[1]);
});

test("a newer question stops the reading", async () => {
  await assert.rejects(new Searcher(client).find(index, '"the agent"', { isWanted: () => false }), Overtaken);
});

test("one slip in a longer word is forgiven when nothing is found", async () => {
  const renamed = await find("renamed ");
  for (const typed of ["renmaed ", "renaed ", "renakmed ", "renaned ", "ernamed ", "rrenamed ", "RENMAED "]) {
    const { match, correction } = await searcher.find(index, typed);
    assert.equal(correction?.right.join(), "renamed", typed);
    assert.deepEqual(match.found.slice(), renamed, typed);
  }
  const { correction, q } = await searcher.find(index, "branch -commit constrint ");
  assert.equal(q, "branch -commit constraint ");
  assert.equal(correction.literal, 'branch -commit "constrint" '.trim());
});

test("a wrong or missing first or second letter is forgiven, too", async () => {
  const expected = await find("constraint ");
  for (const typed of ["onstraint ", "cnstraint ", "vonstraint ", "canstraint ", "QONSTRAINT "]) {
    const { match, correction } = await searcher.find(index, typed);
    assert.equal(correction?.right.join(), "constraint", typed);
    assert.deepEqual(match.found.slice(), expected, typed);
  }
});

test("a slip in a part of a name is forgiven", async () => {
  for (const [typed, right] of [["confgi.json ", "config.json "], ["onfig.json", "config.json"], ["json-confgi ", "json-config "]]) {
    const { match, correction, q } = await searcher.find(index, typed);
    assert.equal(q, right);
    assert.equal(correction.literal, `"${typed.trim()}"`);
    assert.deepEqual(match.found.slice(), await find(right), typed);
  }
});

test("a mend that would list nothing is not taken", async () => {
  assert.equal((await searcher.find(index, "renmaed -renamed ")).correction, null);
  const shards = await client.shards(index.firsts.map((_, number) => number));
  const query = readQuery("renmaed ");
  const reader = new Reader(shards, index.firsts, index.size);
  const slips = findSlips(query, reader);
  const shelf = { open: async () => reader, firsts: index.firsts, isWanted: () => true };
  const { found } = reader.term("renam");
  assert.equal((await correct("renmaed ", query, slips, { ...shelf, among: found.clone() }))?.shown, "renamed ");
  assert.equal(await correct("renmaed ", query, slips, { ...shelf, among: BitSet.full(index.size).andNot(found) }), null);
  const rejected = { ...EMPTY, facets: new Map([["validation", { include: ["=INVALID"], exclude: [], all: false }]]) };
  assert.deepEqual(answerScope(index, EMPTY).total + answerScope(index, rejected).total, index.size);
});

test("the second step fetches few shards, a few at a time", async () => {
  const firsts = [..."abcdefghijklmnopqrstuvwxyz"].flatMap((one) => [..."abcdefghijklmnopqrstuvwxyz"].map((other) => one + other));
  const query = readQuery("qwertzuiop yxcvbnmlk ");
  const fetched = [];
  const open = async (lookups) => {
    fetched.push(shardsFor(lookups, firsts).length);
    return new Reader(new Map(), firsts, index.size);
  };
  const slips = findSlips(query, new Reader(new Map(), firsts, index.size));
  assert.equal(await correct("", query, slips, { open, firsts, among: BitSet.full(index.size), isWanted: () => true }), null);
  assert.deepEqual(fetched.slice(1), [8, 8, 8, 8]);
  assert.equal(MOST_SHARDS, 32);
});

test("a slip is not forgiven in short or quoted words, nor when something is found", async () => {
  for (const typed of ["agnt-x ", '"renmaed"', '"renmaed-table"', "agnt ", "zzzzzzz ", "renmaed zzzzzz ", "renmmaed5 "]) {
    const { match, correction } = await searcher.find(index, typed);
    assert.equal(correction, null, typed);
    assert.deepEqual(match.found.slice(), [], typed);
  }
  assert.equal((await searcher.find(index, "renamed ")).correction, null);
});

test("words longer than any of the index are no slips: trying their spellings would stop the page for seconds", async () => {
  const reader = new Reader(new Map(), index.firsts, index.size);
  const slips = (typed) => findSlips(readQuery(typed), reader).map(({ word }) => word.length);
  assert.deepEqual(slips(`${"x".repeat(40)} ${"y".repeat(41)} `), [40, 41]);
  assert.deepEqual(slips(`${"x".repeat(42)} ${"y".repeat(9000)} `), []);
});

test("no input throws", async () => {
  const random = makeRandom(3);
  const parts = ['"', "-", "quote:", "id:", "name:", " ", " ", "renamed", "branch", "renmaed", "组件", "(", "\\", "*", "c++", "’", "\ud800", "AMA-", "fetchUserData", "9999999999999"];
  for (let round = 0; round < 400; round++) {
    const typed = Array.from({ length: Math.floor(random() * 9) }, () => pick(random, parts)).join("");
    const { match } = await searcher.find(index, typed);
    assert.ok(match === null || match.found.count() <= index.size, typed);
  }
});
