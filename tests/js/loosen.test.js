import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesFor } from "../../assets/js/notices.js";
import { bestFirst, pageOf } from "../../assets/js/rank.js";
import { Searcher } from "../../assets/js/search.js";
import { EMPTY } from "../../assets/js/state.js";
import { readQuery } from "../../assets/js/terms.js";
import { makeRandom, pick } from "./files.js";
import { client, episodes, index, termOf, terms, withMost, withPhrase, withTerm } from "./oracle.js";

const searcher = new Searcher(client);
const withWord = (word) => withTerm(termOf(word));
const withMostOf = (words) => withMost(words.map(withWord));
const find = async (q) => (await searcher.find(index, q)).match;
const listed = async (q) => {
  const { found, scores } = await find(q);
  return pageOf(found, bestFirst(scores), 0, 200);
};

const RARE = ["parser", "branch", "renamed"];
const all = withWord("parser").filter((i) => terms[i].has(termOf("branch")) && terms[i].has(termOf("renamed")));

test("the words of the example occur, and seldom together", () => {
  for (const word of RARE) assert.ok(withWord(word).length > 3, word);
  assert.ok(all.length > 0 && all.length < 10);
});

test("where few have all words, those with most of their weight follow", async () => {
  const match = await find(`${RARE.join(" ")} `);
  assert.deepEqual(match.found.slice(), withMostOf(RARE));
  assert.deepEqual(match.full.slice(), all);
  const order = await listed(`${RARE.join(" ")} `);
  assert.deepEqual(order.slice(0, all.length).sort((a, b) => a - b), all);
});

test("any words give what brute force gives, those with all words first", async () => {
  const random = makeRandom(11);
  const words = [...new Set(terms.flatMap((set) => [...set]))].filter((term) => /^[a-z]{4,9}$/.test(term) && termOf(term) === term).sort();
  let loosened = 0;
  let mixed = 0;
  for (let round = 0; round < 80; round++) {
    const chosen = [...new Set(Array.from({ length: 3 + (round % 3) }, () => pick(random, words)))];
    const { found, full } = await find(`${chosen.join(" ")} `);
    const whole = episodes.flatMap((_, i) => (chosen.every((word) => terms[i].has(word)) ? [i] : []));
    assert.deepEqual(found.slice(), whole.length < 10 ? withMostOf(chosen) : whole, chosen.join(" "));
    assert.deepEqual(full?.slice(), whole.length < 10 ? whole : undefined);
    assert.deepEqual((await listed(`${chosen.join(" ")} `)).slice(0, whole.length).sort((a, b) => a - b), whole);
    if (full) loosened++;
    if (full && whole.length > 0) mixed++;
  }
  assert.ok(loosened > 20 && mixed > 3, `${loosened} ${mixed}`);
});

test("where enough have all words, no other is shown", async () => {
  const both = withWord("renamed").filter((i) => terms[i].has(termOf("branch")));
  assert.ok(both.length >= 10);
  const match = await find("renamed branch ");
  assert.deepEqual(match.found.slice(), both);
  assert.equal(match.full, undefined);
});

test("a word that no episode has does not matter", async () => {
  assert.deepEqual((await find("xq parser branch renamed ")).found.slice(), withMostOf(RARE));
});

test("a single word is never loosened", async () => {
  assert.deepEqual((await find("constraint ")).found.slice(), withWord("constraint"));
});

test("quoted words must occur, excluded words must not", async () => {
  const quoted = await find('"branch" parser renamed ');
  assert.deepEqual(quoted.found.slice(), withMostOf(RARE).filter((i) => terms[i].has(termOf("branch"))));
  const without = await find("parser branch renamed -queries ");
  assert.deepEqual(without.found.slice(), withMostOf(RARE).filter((i) => !terms[i].has(termOf("queries"))));
  assert.deepEqual((await find('"parser" "branch" "renamed"')).found.slice(), all);
});

test("what may not stand in a field or side by side does not, among those with most of the words either", async () => {
  const most = withMostOf(RARE);
  for (const [typed, excluded] of [["-quote:tests", withTerm("test", "quote")], ["-description:tests", withTerm("test", "description")], ['-"failed ignored"', withPhrase("failed ignored")]]) {
    const rest = most.filter((i) => !excluded.includes(i));
    assert.ok(rest.length < most.length, typed);
    assert.deepEqual((await new Searcher(client).find(index, `parser branch renamed ${typed} `)).match.found.slice(), rest, typed);
  }
});

test("the last word need not occur while it has one or two letters", async () => {
  assert.deepEqual((await find("renamed zq")).found.slice(), withWord("renamed"));
  assert.deepEqual((await find("renamed branch z")).found.slice(), (await find("renamed branch ")).found.slice());
  assert.deepEqual((await find("zq")).found.slice(), []);
});

test("an option of a command is not an exclusion", () => {
  const isExcluded = (typed) => readQuery(typed).clauses.some((clause) => clause.isNegative);
  for (const typed of ["rm -rf ", "vitest run -u", "docker compose down -v"]) assert.equal(isExcluded(typed), false, typed);
  for (const typed of ["renamed -branch", "a -bug", "组件 -件", '-"rf" rm']) assert.equal(isExcluded(typed), true, typed);
});

test("an id is found without AMA", async () => {
  for (const { id } of episodes.slice(0, 20).filter((episode) => /\d/.test(episode.id))) {
    const [best] = await listed(id.slice(4));
    assert.equal(episodes[best].id, id);
  }
});

test("an identifier comes before its parts apart", async () => {
  const whole = withWord("fetchuserdata");
  const order = await listed("fetchUserData ");
  assert.deepEqual(order.slice(0, whole.length).sort((a, b) => a - b), whole);
});

test("the page says how many have all words and leads to them alone", async () => {
  const search = await searcher.find(index, "branch constraint -renamed ");
  const say = (found) => messagesFor(index, { ...EMPTY, q: search.q }, [], search, found);
  assert.deepEqual(say({ whole: 4, total: 4 }), []);
  assert.equal(say({ whole: 0, total: 7 })[0].text, "No case has all the words; these have most of them.");
  const [message] = say({ whole: 2, total: 7 });
  assert.equal(message.text, "2 of these 7 cases have all the words, the others most of them.");
  assert.equal(new URLSearchParams(message.link.href).get("q"), '"branch" "constraint" -renamed');
});
