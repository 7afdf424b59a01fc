import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSet } from "../../assets/js/bitset.js";
import { pageOf, randomOrder } from "../../assets/js/rank.js";
import { allocate, drawSample, sampleWords } from "../../assets/js/sampling.js";
import { openFixture } from "./files.js";

const index = openFixture();
const cases = index.facets.get("validation").sets.get("=VALID");

test("seats go by whole quotas, then by the largest remainders", () => {
  // Quotas of 10 seats: 4.7, 1.6, 1.58, 1.2, 0.61, 0.31.
  assert.deepEqual(allocate([47, 16, 15.8, 12, 6.1, 3.1].map((share) => share * 10), 10), [5, 2, 1, 1, 1, 0]);
  assert.deepEqual(allocate([3, 3, 4], 5), [2, 1, 2], "equal remainders: the first of equally large strata");
  assert.deepEqual(allocate([4, 6], 99), [4, 6]);
  assert.deepEqual(allocate([], 5), []);
});

test("an allocation has the size asked for and takes no more than there is", () => {
  for (let size = 1; size < 60; size++) {
    const sizes = [1, 1, 2, 30, 0, 25];
    const counts = allocate(sizes, size);
    assert.equal(counts.reduce((sum, count) => sum + count, 0), Math.min(size, 59));
    assert.ok(counts.every((count, i) => count <= sizes[i]));
  }
});

test("the same seed draws the same cases, and a larger sample holds the smaller", () => {
  const small = drawSample(index, cases, 20, 7, "").set;
  const large = drawSample(index, cases, 50, 7, "").set;
  assert.deepEqual(drawSample(index, cases, 20, 7, "").set.slice(), small.slice());
  assert.equal(small.count(), 20);
  assert.equal(small.countAnd(large), 20);
  assert.equal(small.countAnd(cases), 20);
  assert.notDeepEqual(drawSample(index, cases, 20, 8, "").set.slice(), small.slice());
  assert.deepEqual(small.slice(), pageOf(cases, randomOrder(index, 7), 0, 20).sort((a, b) => a - b), "it is the start of the random order");
});

test("these cases are drawn with seed 7 for ever", () => {
  const hundred = { size: 100, facets: new Map(), columns: new Map() };
  assert.deepEqual(drawSample(hundred, BitSet.full(100), 5, 7, "").set.slice(), [3, 54, 77, 80, 97]);
});

test("over many seeds every case is drawn about as often as any other", () => {
  const drawn = new Uint32Array(index.size);
  const seeds = 2000;
  for (let seed = 0; seed < seeds; seed++) drawSample(index, cases, 30, seed, "").set.forEach((ordinal) => drawn[ordinal]++);
  const expected = (30 * seeds) / cases.count();
  const chi = [...cases.slice()].reduce((sum, ordinal) => sum + (drawn[ordinal] - expected) ** 2 / expected, 0);
  const freedom = cases.count() - 1;
  assert.ok(Math.abs(chi - freedom) < 5 * Math.sqrt(2 * freedom), `${chi} of ${freedom}`);
});

test("strata are sets of labels, in proportion, each case in one", () => {
  const { set, strata } = drawSample(index, cases, 40, 3, "form");
  assert.equal(set.count(), 40);
  assert.equal(strata.reduce((sum, { size }) => sum + size, 0), cases.count());
  for (const { size, drawn } of strata) assert.ok(Math.abs(drawn - (40 * size) / cases.count()) < 1);
  const ids = strata.map(({ keys }) => keys.join("+"));
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.some((id) => id.includes("+")));
});

test("the words say how many of how many, and the seed", () => {
  assert.equal(sampleWords(50, 213, 7, ""), "a sample of 50 of 213, seed 7");
  assert.equal(sampleWords(50, 2130, 7, "Form"), "a sample of 50 of 2,130, divided by form, seed 7");
  assert.equal(sampleWords(13, 13, 7, ""), "a sample would hold all 13");
});
