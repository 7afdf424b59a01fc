import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSet } from "../../assets/js/bitset.js";
import { keyOf, valuesOf } from "../../assets/js/decode.js";
import { readNumbers } from "../../assets/js/decode.js";
import { answer, unknownValues } from "../../assets/js/query.js";
import { FACETS, parse } from "../../assets/js/state.js";
import { makeRandom, pick, readJson } from "./files.js";
import { countOf, countOfMonth, episodes, index, JOINED, matching, ordinals, randomAddress } from "./oracle.js";

const turns = readNumbers(readJson("index/turns.json").turns);

/** Words stand for any set of episodes that a search finds; here it is who has the word in the name. */
const named = (word) => ordinals.filter((i) => word === "" || episodes[i].name.split(" ").includes(word));

test("the columns hold the values of every episode", () => {
  episodes.forEach((episode, ordinal) => {
    for (const name of [...FACETS, "month", JOINED]) assert.deepEqual(valuesOf(index, name, ordinal), episode.values[name], `${name} of ${ordinal}`);
  });
});

test("turns are exact, and missing ones are told from none", () => {
  assert.deepEqual([...turns].map((count) => (count === 0 ? null : count - 1)), episodes.map((episode) => episode.turns));
});

test("by default rejected candidates are left out, and found when asked for", () => {
  const rejected = episodes.filter((episode) => episode.values.validation[0] === "=INVALID").length;
  assert.ok(rejected > 5);
  assert.equal(answer(index, parse("").state, null, null).total, episodes.length - rejected);
  assert.equal(answer(index, parse("validation=INVALID").state, null, null).total, rejected);
  assert.equal(index.cases, episodes.length - rejected);
});

test("400 random combinations match what a brute force finds, and so does every count of every facet", () => {
  const random = makeRandom(3);
  let found = 0;
  for (let i = 0; i < 400; i++) {
    const word = random() < 0.3 ? pick(random, pick(random, episodes).name.split(" ")) : "";
    const { state } = parse(`${randomAddress(random)}&q=${encodeURIComponent(word)}`);
    const text = named(state.q);
    const result = answer(index, state, state.q ? BitSet.of(index.size, text) : null, turns);
    const expected = matching(state, text);
    assert.deepEqual(result.matches.slice(), expected);
    found += expected.length > 0 ? 1 : 0;
    for (const name of FACETS) {
      for (const [key, count] of result.counts.get(name) ?? []) assert.equal(count, countOf(state, text, name, key), `${name} ${key}`);
    }
    for (const [key, count] of result.counts.get(JOINED)) assert.equal(count, countOf(state, text, "cause", key), `${JOINED} ${key}`);
    for (const [key, count] of result.counts.get("month")) if (key.startsWith("=")) assert.equal(count, countOfMonth(state, text, key.slice(1)), key);
  }
  assert.ok(found > 100, "most combinations should not be empty");
});

test("a cause joined with its tier asks for both on one label", () => {
  const cases = episodes.filter((episode) => episode.values.validation[0] === "=VALID");
  let apart = 0;
  for (const cause of ["C1", "C2", "C3", "C4", "C5", "C6"]) {
    for (const tier of ["direct", "contextual", "speculative"]) {
      const both = cases.filter((e) => e.values.cause.includes(`=${cause}`) && e.values.tier.includes(`=${tier}`)).length;
      const joined = cases.filter((e) => e.values[JOINED].includes(`=${cause}:${tier}`)).length;
      assert.equal(answer(index, parse(`cause=${cause}:${tier}`).state, null, null).total, joined);
      assert.equal(answer(index, parse(`cause=${cause}&tier=${tier}`).state, null, null).total, both);
      apart += both > joined ? 1 : 0;
    }
  }
  assert.ok(apart > 0, "the corpus must tell the two questions apart");
});

test("values that no episode can have are named, possible ones are not", () => {
  const { state } = parse("form=S99,S3&agent=none,%6Eone&cause=C5:speculative,C9:direct&severity=DS0");
  assert.deepEqual(unknownValues(index, state), [{ facet: "form", key: "=S99" }, { facet: "cause", key: "=C9:direct" }]);
  assert.equal(answer(index, parse("form=S99").state, null, null).total, 0);
});

test("missing values are keys of their own", () => {
  assert.equal(keyOf("none"), "=none");
  assert.equal(keyOf({ missing: "none" }), "?none");
});
