import assert from "node:assert/strict";
import { test } from "node:test";
import { tellChanges, tellSame, tellUnknown, whyUnknown } from "../../assets/js/since-words.js";

const CITED = { release: "2026.09.0", count: 214, print: "9f3c2ab1d04e77c5" };
const NOW = { count: 221, print: "0".repeat(16), one: "case", word: "cases", sample: "" };
const SINCE = { release: "2026.09.0", date: "2026-09-14", published: 9102 };
const NONE = { added: [], withdrawn: [], removed: [], left: [], joined: [], revised: [] };
const LIST = { count: 214, doubtful: 0, isProven: true, isOfLabels: true, hasWords: false };
const many = (count) => Array.from({ length: count }, (_, i) => `AMA-${i}`);

test("then and now, and what came and went", () => {
  const changes = { ...NONE, added: many(9), withdrawn: many(2) };
  assert.deepEqual(tellChanges(CITED, NOW, changes, SINCE, LIST), {
    head: "214 then, 221 now: 9 added, 2 withdrawn.",
    note: "Release 2026.09.0 (14 Sep 2026) had 9,102 cases. The list of then is exact: it has the fingerprint of the link.",
  });
  const all = { added: many(1234), withdrawn: many(2), removed: many(1), left: many(3), joined: many(4), revised: many(5) };
  assert.equal(tellChanges(CITED, NOW, all, SINCE, LIST).head, "214 then, 221 now: 1,234 added, 2 withdrawn, 1 taken down, 3 relabelled out of it, 4 relabelled into it.");
  assert.match(tellChanges(CITED, NOW, all, SINCE, { ...LIST, isOfLabels: false }).head, /3 revised out of it, 4 revised into it\.$/);
});

test("a list that cannot be restored is told as far as it is known", () => {
  const told = tellChanges(CITED, NOW, { ...NONE, added: many(9) }, SINCE, { count: 212, doubtful: 30, isProven: false, isOfLabels: false, hasWords: true });
  assert.equal(told.head, "214 then, 221 now. As far as can be told: 9 added, 2 gone or revised, it is not known which.");
  assert.match(told.note, /could not be restored: none has the fingerprint of the link\. Release files hold no texts/);
  const more = tellChanges(CITED, NOW, NONE, SINCE, { count: 230, doubtful: 3, isProven: false, isOfLabels: true, hasWords: false });
  assert.equal(more.head, "214 then, 221 now.");
  assert.match(more.note, /It is not recorded of every case/);
});

test("a link with less in it is answered with less", () => {
  const changes = { ...NONE, added: many(7) };
  const bare = { release: "2026.09.0", count: null, print: "" };
  assert.equal(tellChanges(bare, NOW, changes, SINCE, { ...LIST, isProven: false }).head, "214 then, 221 now: 7 added.");
  assert.match(tellChanges(bare, NOW, changes, SINCE, { ...LIST, isProven: false }).note, /The link has no fingerprint/);
});

test("the same list is called the same, however many it has", () => {
  assert.deepEqual(tellSame(CITED, { ...NOW, count: 1214 }, 0), { head: "The same 1,214 cases as cited in release 2026.09.0.", note: "" });
  assert.deepEqual(tellSame(CITED, { ...NOW, count: 2 }, 1).note, "1 of them has been revised since.");
  assert.deepEqual(tellSame(CITED, { ...NOW, count: 2 }, 2).note, "All of them have been revised since.");
  assert.deepEqual(tellSame(CITED, { ...NOW, count: 1 }, 1), { head: "The same case as cited in release 2026.09.0.", note: "It has been revised since." });
  assert.equal(tellSame({ ...CITED, release: "unreleased" }, { ...NOW, count: 0 }).head, "No case, just as cited between two releases.");
});

test("what cannot be compared has a reason, and what can has none", () => {
  const why = (/** @type {object} */ cited, /** @type {object} */ now) => whyUnknown({ ...CITED, ...cited }, { ...NOW, ...now }, ["2026.09.0", "2026.10.0"], "2026.10.0");
  assert.equal(why({}, {}), "");
  assert.match(why({ release: "unreleased" }, {}), /between two releases/);
  assert.match(why({ release: "2026.10.0" }, {}), /the link was altered/);
  assert.match(why({ release: "2031.01.0" }, {}), /knows no release 2031\.01\.0/);
  assert.match(why({}, { sample: "a sample of 3" }), /A sample is drawn/);
  assert.match(why({}, { word: "rejected candidates" }), /no lasting ids/);
  assert.match(whyUnknown(CITED, NOW, [], ""), /no release files/);
  assert.equal(tellUnknown(CITED, { ...NOW, count: 214 }, "x").head, "214 then, 214 now, but not the same list.");
  assert.equal(tellUnknown({ ...CITED, count: null, print: "" }, NOW, "x").head, "221 cases now.");
});
