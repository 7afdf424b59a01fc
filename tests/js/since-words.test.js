import assert from "node:assert/strict";
import { test } from "node:test";
import { isExact, tellChanges, tellSame, tellUnknown, titleLists, whyUnknown } from "../../assets/js/since-words.js";

const CITED = { release: "2026.09.0", count: 214, print: "9f3c2ab1d04e77c5" };
const NOW = { count: 221, print: "0".repeat(16), one: "case", word: "cases", isSample: false, hasWords: false };
const SINCE = { release: "2026.09.0", date: "2026-09-14", published: 9102 };
const NONE = { added: [], withdrawn: [], removed: [], left: [], joined: [], revised: [] };
const LIST = { certain: 214, likely: 214, doubtful: 0, isProven: true, isOfLabels: true };
const BASE = "Release 2026.09.0 (14 Sep 2026) had 9,102 cases.";
const many = (count) => Array.from({ length: count }, (_, i) => `AMA-${i}`);

test("then and now, and what came and went", () => {
  const changes = { ...NONE, added: many(9), withdrawn: many(2) };
  assert.deepEqual(tellChanges(CITED, NOW, changes, SINCE, LIST), {
    head: "214 then, 221 now: 9 added, 2 withdrawn.",
    note: "",
    proof: "Release 2026.09.0 (14 Sep 2026) had 9,102 cases. The list of then is exact: it has the fingerprint of the link.",
  });
  const all = { added: many(1234), withdrawn: many(2), removed: many(1), left: many(3), joined: many(4), revised: many(5) };
  assert.equal(tellChanges(CITED, NOW, all, SINCE, LIST).head, "214 then, 221 now: 1,234 added, 2 withdrawn, 1 taken down, 3 relabelled out of it, 4 relabelled into it.");
  assert.match(tellChanges(CITED, NOW, all, SINCE, { ...LIST, isOfLabels: false }).head, /3 revised out of it, 4 revised into it\.$/);
});

test("a list that cannot be restored is told as far as it is known", () => {
  const worded = { ...NOW, hasWords: true };
  const told = tellChanges(CITED, worded, { ...NONE, added: many(9) }, SINCE, { certain: 200, likely: 212, doubtful: 30, isProven: false, isOfLabels: false });
  assert.equal(told.head, "214 then, 221 now. As far as can be told: 9 added, 2 gone or revised, it is not known which.");
  assert.match(told.note, /could not be restored: none has the fingerprint of the link\. Release files hold no texts/);
  const more = tellChanges(CITED, NOW, NONE, SINCE, { certain: 212, likely: 214, doubtful: 3, isProven: false, isOfLabels: true });
  assert.equal(more.head, "214 then, 221 now.");
  assert.match(more.note, /It is not recorded of every case/);
});

test("without count, what labels prove is said as a fact, and everything else with its doubt", () => {
  const bare = { release: "2026.09.0", count: null, print: "" };
  const list = { ...LIST, isProven: false };
  const changes = { ...NONE, added: many(7) };
  assert.deepEqual(tellChanges(bare, NOW, changes, SINCE, list), {
    head: "214 then, 221 now: 7 added.",
    note: "",
    proof: `${BASE} The link has no fingerprint, so the list of then is worked out from the labels of that release.`,
  });
  assert.equal(tellChanges(bare, NOW, changes, SINCE, { ...list, certain: 1213, doubtful: 2 }).head, "1,213 to 1,215 then, 221 now. As far as can be told: 7 added.");
  const worded = tellChanges(bare, { ...NOW, hasWords: true }, changes, SINCE, list);
  assert.equal(worded.head, "about 214 then, 221 now. As far as can be told: 7 added.");
  assert.match(worded.note, /Release files hold no texts/);
  assert.equal(worded.proof, BASE);
});

test("a count or a fingerprint that the question cannot have had is not believed", () => {
  const tell = (count, list, hasWords = false, print = CITED.print) => tellChanges({ ...CITED, count, print }, { ...NOW, hasWords }, NONE, SINCE, { ...LIST, isProven: false, ...list });
  const apart = "so link and question do not belong together.";
  assert.deepEqual(tell(9_999_999, {}), { head: "214 then, 221 now.", note: `The link says that 9,999,999 were listed, ${apart}`, proof: BASE });
  assert.deepEqual(tell(213, {}), { head: "214 then, 221 now.", note: `In that release this question listed 214, the link says 213, ${apart}`, proof: BASE });
  assert.deepEqual(tell(217, { doubtful: 2 }, false, ""), { head: "214 to 216 then, 221 now.", note: `In that release this question listed 214 to 216, the link says 217, ${apart}`, proof: BASE });
  assert.equal(tell(216, { doubtful: 2 }).head, "216 then, 221 now. As far as can be told: 2 gone or revised, it is not known which.");
  assert.equal(tell(214, {}).note, `The fingerprint of the link is of another list than this question had in that release, ${apart}`);
  assert.equal(tell(300, {}, true).head, "300 then, 221 now.", "words may have found others");
  assert.deepEqual(tell(9103, {}, true), { head: "about 214 then, 221 now.", note: `The link says that 9,103 were listed, ${apart}`, proof: BASE });
});

test("a fingerprint that is not whole is said to be so", () => {
  const cut = { ...CITED, print: "", isCut: true };
  const told = tellChanges(cut, NOW, NONE, SINCE, { ...LIST, isProven: false });
  assert.deepEqual([told.head, told.proof], ["214 then, 221 now.", `${BASE} The fingerprint in the link is not whole, so the list of then is worked out from the labels of that release.`]);
  assert.equal(tellUnknown(cut, NOW, "Reason.").note, "Reason. The fingerprint in the link is not whole.");
  assert.equal(tellSame(cut, NOW, 0).note, "The fingerprint in the link is not whole.");
});

test("lists are called as in the sentence, and only what is known was listed then", () => {
  const all = { added: many(1), withdrawn: many(1), removed: many(1), left: many(1), joined: many(1), revised: many(1) };
  assert.deepEqual(titleLists(all, "relabelled", true), [
    ["added", "added"], ["withdrawn", "withdrawn"], ["left", "relabelled out of it"], ["joined", "relabelled into it"], ["revised", "listed then and now, revised since"],
  ]);
  assert.deepEqual(titleLists({ ...NONE, revised: many(2) }, "revised", false), [["revised", "listed now, revised since"]]);
  const open = { ...LIST, isProven: false };
  assert.deepEqual([isExact(LIST, { ...NOW, hasWords: true }), isExact(open, NOW), isExact({ ...open, doubtful: 1 }, NOW), isExact(open, { ...NOW, hasWords: true })], [true, true, false, false]);
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
  assert.equal(why({ release: "2026.10.0" }, {}), "It names the release that is shown here, so the link was altered.");
  assert.match(why({ release: "2026.10.0" }, { hasWords: true }), /the link was altered, or its words were searched by other rules\.$/);
  assert.match(why({ release: "2031.01.0" }, {}), /knows no release 2031\.01\.0/);
  assert.match(why({}, { isSample: true }), /A sample is drawn/);
  assert.match(why({}, { word: "rejected candidates" }), /no lasting ids/);
  assert.match(whyUnknown(CITED, NOW, [], ""), /no release files/);
  assert.equal(tellUnknown(CITED, { ...NOW, count: 214 }, "x").head, "214 then, 214 now, but not the same list.");
  assert.equal(tellUnknown({ ...CITED, count: null, print: "" }, NOW, "x").head, "221 cases now.");
});
