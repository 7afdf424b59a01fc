import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSet } from "../../assets/js/bitset.js";
import { countPaired, openContrasts, pairsOf } from "../../assets/js/contrasts.js";
import { CONTRASTS } from "../../assets/js/state.js";
import { readJson } from "./files.js";

/** Counterparts by ordinal, -1 for none. */
const contrast = (counterparts, alikeness) => ({ same: "form", other: "cause", nearest: Uint32Array.from(counterparts, (other) => other + 1), alikeness: Uint32Array.from(alikeness), words: () => [] });
const pairs = (found, size, members) => pairsOf(found, BitSet.of(size, members)).map(({ one, other }) => [one, other]);

test("two cases that are each other's counterparts are one pair, with the newer first", () => {
  const both = contrast([2, -1, 0], [5, 0, 5]);
  assert.deepEqual(pairs(both, 3, [0, 1, 2]), [[0, 2]]);
  assert.equal(countPaired(both, BitSet.full(3)), 2);
});

test("a counterpart may lie outside the selection, and then stands second", () => {
  const both = contrast([2, -1, 0], [5, 0, 5]);
  assert.deepEqual(pairs(both, 3, [1, 2]), [[2, 0]]);
  assert.deepEqual(pairs(both, 3, [1]), []);
});

test("a case may be the counterpart of several", () => {
  assert.deepEqual(pairs(contrast([1, 0, 1], [7, 7, 9]), 3, [0, 1, 2]), [[2, 1], [0, 1]]);
});

test("the most alike come first, of equal ones the newer", () => {
  assert.deepEqual(pairs(contrast([5, 4, 3, -1, -1, -1], [4, 8, 4, 0, 0, 0]), 6, [0, 1, 2, 3, 4, 5]), [[1, 4], [0, 5], [2, 3]]);
});

test("the index has the contrasts that an address can ask for, each pair alike in one and different in the other facet", () => {
  const contrasts = openContrasts(readJson("index/contrasts.json"));
  assert.deepEqual(contrasts.map(({ same, other }) => `${same},${other}`), [...CONTRASTS]);
  const episodes = readJson("episodes.json");
  const text = (ordinal) => `${episodes[ordinal].name} ${episodes[ordinal].told[0]}`.toLowerCase();
  for (const found of contrasts) {
    const all = pairsOf(found, BitSet.full(episodes.length));
    assert.ok(all.length >= 5, `${found.same}: only ${all.length}`);
    for (const { one, other, alikeness } of all) {
      const [a, b] = [episodes[one].values, episodes[other].values];
      assert.deepEqual([...a[found.same]].sort(), [...b[found.same]].sort());
      if (found.other === "cause") assert.ok(a.cause.every((key) => !b.cause.includes(key)), "causes differ altogether");
      else assert.notDeepEqual([a.status, a.resolver], [b.status, b.resolver]);
      assert.ok(alikeness > 0);
      const words = found.words(one);
      assert.ok(words.length > 0 && words.length <= 3);
      for (const word of words) assert.ok(text(one).includes(word) && text(other).includes(word), word);
    }
  }
});
