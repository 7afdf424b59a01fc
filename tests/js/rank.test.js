import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSet } from "../../assets/js/bitset.js";
import { openIndex, readNumbers } from "../../assets/js/decode.js";
import { IndexClient } from "../../assets/js/index-client.js";
import { mostTurnsFirst, oldestFirst, pageOf, rarestFirst } from "../../assets/js/rank.js";
import { makeRandom, readJson } from "./files.js";

const episodes = readJson("episodes.json");
const file = readJson("index/index.json");
const client = new IndexClient("index/", async (url) => readJson(url));
const index = await client.index();
const ordinals = episodes.map((_, ordinal) => ordinal);
const dates = (await client.cards(index, ordinals)).map(({ date }) => date);
const all = BitSet.full(index.size);
const whole = (keys) => pageOf(all, keys, 0, index.size);

/** Straight from what the orders promise: lower first, equal ones in reading order. */
const sorted = (list, keyOf) => list.map((one) => [keyOf(one), one]).sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : i - j)).map(([, one]) => one);

test("without an order of its own a list is in reading order: newest first, undated last", () => {
  const dated = ordinals.filter((i) => dates[i]);
  const undated = ordinals.filter((i) => !dates[i]);
  assert.ok(undated.length > 5);
  assert.deepEqual(whole(null), [...dated, ...undated]);
  dated.slice(1).forEach((i, place) => assert.ok(dates[i] <= dates[dated[place]]));
  assert.ok(new Set(dates).size < dated.length, "some share their date");
});

test("the oldest come first, day by day, and undated ones stay at the end in reading order", () => {
  const dated = ordinals.filter((i) => dates[i]);
  const order = whole(oldestFirst(index));
  assert.deepEqual(order, [...dated.toReversed(), ...ordinals.filter((i) => !dates[i])]);
  order.slice(1, dated.length).forEach((i, place) => assert.ok(dates[order[place]] <= dates[i]));
});

test("the most turns come first, equal ones in reading order, unrecorded ones after those with none", async () => {
  const order = whole(mostTurnsFirst(await client.turns()));
  assert.deepEqual(order, sorted(ordinals, (i) => -(episodes[i].turns ?? -1)));
  assert.ok(new Set(episodes.map(({ turns }) => turns)).size < 20, "many have the same number of turns");
  assert.ok(episodes.some(({ turns }) => turns === null));
  assert.deepEqual(pageOf(BitSet.full(4), mostTurnsFirst(Uint32Array.of(0, 1, 3, 1)), 0, 4), [2, 1, 3, 0]);
});

/** What stands in one column of the index counts together. */
const TOGETHER = [["form"], ["cause", "tier", "cause:tier"], ["severity", "locus"], ["status", "resolver"], ["workflow", "agent", "source"]];

test("the rarest combinations of labels come first, equally rare ones in reading order", () => {
  const combinations = TOGETHER.map((names) => episodes.map(({ values }) => JSON.stringify(names.map((name) => values[name]))));
  const counts = combinations.map((column) => column.map((one) => column.filter((other) => other === one).length));
  const product = (i) => counts.reduce((sum, column) => sum * column[i], 1);
  assert.deepEqual(whole(rarestFirst(index)), sorted(ordinals, product));
  assert.ok(new Set(ordinals.map(product)).size < ordinals.length, "some are equally rare");
});

test("made-up columns: the order is exactly that of how many share each combination, multiplied", () => {
  const random = makeRandom(29);
  const names = ["form", "severity", "workflow"];
  const facet = (name) => ({ name, title: name, multiple: false, values: ["a", "b", "c", "d", "e", "f", "g", "h"] });
  for (let round = 0; round < 20; round++) {
    const codes = names.map(() => Array.from({ length: 90 }, () => Math.floor(random() ** 2 * 8)));
    const columns = names.map((name, i) => ({ facets: [name], entries: facet(name).values.map((_, value) => [[value]]), codes: codes[i].map((code) => " !#$%&'("[code]).join("") }));
    const made = openIndex({ ...file, episodes: 90, facets: names.map(facet), columns });
    const product = (i) => codes.reduce((rest, column) => rest * column.filter((code) => code === column[i]).length, 1);
    assert.deepEqual(pageOf(BitSet.full(90), rarestFirst(made), 0, 90), sorted([...codes[0].keys()], product));
  }
});

test("a label that all have in common makes none rarer, and a column that is not there is left out", () => {
  const column = (name, codes) => ({ facets: [name], entries: [[[0]], [[1]], [[2]]], codes });
  const facet = (name) => ({ name, title: name, multiple: false, values: ["a", "b", "c"] });
  const made = openIndex({ ...file, episodes: 6, facets: [facet("form"), facet("status")], columns: [column("form", "!!! #!"), column("status", "!!!!!!")] });
  assert.deepEqual([...readNumbers("!!! #!")], [1, 1, 1, 0, 2, 1]);
  assert.deepEqual(pageOf(BitSet.full(6), rarestFirst(made), 0, 6), [3, 4, 0, 1, 2, 5]);
});

test("any page of any part of a list is that of the whole order", async () => {
  const random = makeRandom(17);
  const orders = [null, oldestFirst(index), mostTurnsFirst(await client.turns()), rarestFirst(index)];
  for (let round = 0; round < 40; round++) {
    const some = ordinals.filter(() => random() < 0.6);
    for (const keys of orders) {
      const order = whole(keys).filter((i) => some.includes(i));
      const start = Math.floor(random() * some.length);
      assert.deepEqual(pageOf(BitSet.of(index.size, some), keys, start, start + 40), order.slice(start, start + 40));
      assert.deepEqual(pageOf(BitSet.of(index.size, some), keys, start, start + 300), order.slice(start));
    }
  }
});
