import assert from "node:assert/strict";
import { test } from "node:test";
import { add, annotate, has, readBasket, readShared, remove, whyBare, writeBasket, writeShared } from "../../assets/js/basket.js";
import { BitSet } from "../../assets/js/bitset.js";
import { pickOne } from "../../assets/js/surprise.js";
import { readJson } from "./files.js";

const [ONE, TWO, THREE] = readJson("episodes.json").map((episode) => episode.id);
const basket = add([], [{ id: ONE, name: "One" }, { id: TWO, name: "Two" }]);

test("cases are kept once, in the order they were taken, with notes", () => {
  const noted = annotate(basket, TWO, "why?");
  assert.deepEqual(add(noted, [{ id: TWO, name: "Other" }, { id: THREE, name: "Three" }]).map(({ id, note }) => [id, note]), [[ONE, ""], [TWO, "why?"], [THREE, ""]]);
  assert.equal(has(remove(noted, TWO), TWO), false);
  assert.deepEqual(readBasket(writeBasket(noted)), noted);
});

test("whatever is stored, reading it never throws", () => {
  for (const stored of [null, "", "{", "null", "[]", "7", '{"version":2,"items":[]}', '{"version":1,"items":{}}', '{"version":1,"items":[null,7,{"id":"AMA-0000-0001"},{"id":{}}]}']) {
    assert.deepEqual(readBasket(stored), [], String(stored));
  }
  const [item] = readBasket(JSON.stringify({ version: 1, items: [{ id: ONE.toLowerCase(), name: 7, note: "n".repeat(9999), more: 1 }, { id: ONE, name: "", note: "" }] })).slice(-1);
  assert.deepEqual(item, { id: ONE, name: "", note: "" });
});

test("a shared basket is its ids; notes stay", () => {
  const address = writeShared(annotate(basket, ONE, "secret"));
  assert.equal(address, `#basket=${ONE},${TWO}`);
  assert.deepEqual(readShared(address), { ids: [ONE, TWO], wrong: 0 });
  assert.deepEqual(readShared(`#basket=${ONE.toLowerCase()},AMA-0000-0001,,${ONE}`), { ids: [ONE], wrong: 1 });
  assert.deepEqual(readShared("#basket="), { ids: [], wrong: 0 });
  for (const hash of ["", "#main", "#basket=<img>", "#basket=a b"]) assert.equal(readShared(hash), null, hash);
});

test("a surprise is one of the cases, each as likely", () => {
  const set = BitSet.of(100, [3, 40, 99]);
  assert.deepEqual([0, 0.34, 0.999].map((number) => pickOne(set, () => number)), [3, 40, 99]);
  assert.equal(pickOne(new BitSet(100)), -1);
});

test("of an id without a case it is said what has become of it", () => {
  const gone = [
    { id: ONE, status: "withdrawn", date: "2026-10-20" },
    { id: TWO, status: "suppressed" },
    { id: THREE, status: "withdrawn", date: "2026-10-20", successor: ONE },
  ];
  assert.deepEqual([ONE, TWO, THREE].map((id) => whyBare(id, gone)), [
    "no longer published: withdrawn on 2026-10-20", "no longer published: taken down", `no longer published; continued as ${ONE}`,
  ]);
  assert.equal(whyBare(ONE, []), "no case of this site");
  assert.equal(whyBare(ONE, null), "not published now");
});
