import assert from "node:assert/strict";
import { test } from "node:test";
import { compareSets, dividing, keepAsA, pairOf, selectionsOf, swap } from "../../assets/js/compare.js";
import { answer } from "../../assets/js/query.js";
import { parse, serialise } from "../../assets/js/state.js";
import { openFixture } from "./files.js";

const index = openFixture();
const matchesOf = (state) => answer(index, state, null, null).matches;
const sides = (address) => Object.values(selectionsOf(parse(address).state)).map(serialise);

test("two values of a facet divide the selection, whatever was chosen in that facet", () => {
  assert.deepEqual(sides("form=S3&workflow=CLI&page=2&compare=workflow:IDE,CLI"), ["form=S3&workflow=IDE", "form=S3&workflow=CLI"]);
});

test("the address in compare is A, the page's own is B", () => {
  assert.deepEqual(sides("form=S3&view=table&compare=q%3Dcommit%26workflow%3DCLI"), ["q=commit&workflow=CLI", "form=S3"]);
  assert.deepEqual(sides("form=S3&compare=all"), ["", "form=S3"]);
});

test("keeping a selection makes it A, and what is chosen next is B", () => {
  const kept = keepAsA(parse("form=S3&sort=rare&view=table").state);
  assert.equal(serialise(kept), "form=S3&sort=rare&view=table&compare=form%3DS3");
  assert.equal(serialise(keepAsA(parse("").state)), "compare=all");
});

test("swapping twice gives the first back", () => {
  for (const address of ["form=S3&compare=workflow:CLI,IDE", "form=S3&sort=rare&compare=q%3Da%26from%3D2025-02"]) {
    const state = parse(address).state;
    assert.deepEqual(Object.values(selectionsOf(swap(state))).map(serialise), sides(address).reverse());
    assert.equal(serialise(swap(swap(state))), address);
  }
});

test("every label has its numbers in both, in the order of the codebook", () => {
  const state = parse("compare=workflow:IDE,CLI").state;
  const { a, b } = selectionsOf(state);
  const { groups, sizes, shared } = compareSets(index, matchesOf(a), matchesOf(b), dividing(state));
  assert.deepEqual(sizes, [matchesOf(a).count(), matchesOf(b).count()]);
  assert.equal(shared, 0);
  assert.deepEqual(groups.map(({ facet }) => facet), ["form", "cause", "tier", "severity", "locus", "status", "resolver", "goal", "confidence", "source"]);
  const keys = groups[0].lines.map(({ key }) => key);
  assert.deepEqual(keys, [...keys].sort());
  for (const { facet, lines } of groups) {
    for (const { key, a: inA, interval } of lines) {
      assert.equal(inA, matchesOf(a).countAnd(index.facets.get(facet).sets.get(key)));
      assert.ok(interval && interval.low <= interval.difference && interval.difference <= interval.high);
    }
  }
});

test("selections with common cases have no intervals, nor has an empty one", () => {
  const all = matchesOf(parse("").state);
  const some = matchesOf(parse("workflow=CLI").state);
  const none = matchesOf(parse("form=S3,-S3").state);
  const overlapping = compareSets(index, all, some);
  assert.equal(overlapping.shared, some.count());
  for (const { groups } of [overlapping, compareSets(index, all, none)]) {
    assert.ok(groups.every(({ lines }) => lines.every(({ interval }) => interval === null)));
  }
});

test("chosen values are offered first, then the most frequent ones", () => {
  assert.equal(pairOf(index, parse("form=S8").state, "form")[0], "=S8");
  assert.equal(pairOf(index, parse("").state, "form").length, 2);
});
