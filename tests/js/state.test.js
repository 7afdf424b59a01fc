import assert from "node:assert/strict";
import { test } from "node:test";
import { change, choose, EMPTY, FACETS, isFiltered, parse, serialise, sortOf, toggle, toggleNot } from "../../assets/js/state.js";
import { makeRandom, pick } from "./files.js";

const canonical = (address) => serialise(parse(address).state);

test("the empty address is the empty state", () => {
  assert.deepEqual(parse("").state, EMPTY);
  assert.equal(serialise(EMPTY), "");
});

test("keys come in one order, values sorted, exclusions last", () => {
  assert.equal(canonical("?page=2&form=S7,-S2,S3&q=a&form.match=all&cause=C6:direct"), "q=a&form=S3,S7,-S2&form.match=all&cause=C6:direct&page=2");
});

test("a value is told from a missing value and from an exclusion by its encoding", () => {
  const { state } = parse("agent=%6Eone,none,na,%6ea,%2Dodd,-A%2C%20B");
  assert.deepEqual(state.facets.get("agent"), { include: ["=none", "?none", "?na", "=na", "=-odd"], exclude: ["=A, B"], all: false });
  assert.equal(serialise(state), "agent=%2Dodd,%6Ea,%6Eone,na,none,-A%2C+B");
});

test("a trailing blank of the words is kept, because it ends the last word", () => {
  assert.equal(parse("q=renamed+").state.q, "renamed ");
  assert.equal(canonical("q=renamed%20"), "q=renamed+");
});

test("what is not known is kept and named", () => {
  const { state, notices } = parse("colour=red&sort=best&view=table&page=0&from=2025-13&form.match=most");
  assert.deepEqual(notices.map(({ kind, key }) => [kind, key]), [
    ["unknown-key", "colour"], ["bad-value", "sort"], ["not-yet", "view"], ["bad-value", "page"], ["bad-value", "from"], ["bad-value", "form.match"],
  ]);
  assert.equal(serialise(state), "form.match=most&from=2025-13&sort=best&view=table&page=0&colour=red");
});

test("an unknown code of a known facet is a value like any other", () => {
  assert.deepEqual(parse("form=S99").state.facets.get("form")?.include, ["=S99"]);
});

test("names of object properties are ordinary unknown keys", () => {
  assert.deepEqual(parse("constructor=1&__proto__=2&toString=3").notices.map(({ kind }) => kind), ["unknown-key", "unknown-key", "unknown-key"]);
});

test("broken encoding is kept as it is", () => {
  assert.equal(parse("q=100%").state.q, "100%");
  assert.equal(canonical("q=100%"), "q=100%25");
});

test("ranges of turns", () => {
  assert.deepEqual(parse("turns=5..20").state.turns, { min: 5, max: 20 });
  assert.deepEqual(parse("turns=5..").state.turns, { min: 5, max: null });
  assert.deepEqual(parse("turns=..20").state.turns, { min: null, max: 20 });
  assert.deepEqual(parse("turns=7").state.turns, { min: 7, max: 7 });
  assert.equal(canonical("turns=7..7"), "turns=7");
  assert.equal(parse("turns=..").notices.length, 1);
});

test("the default order is relevance with words and newest without", () => {
  assert.equal(sortOf(parse("q=a").state), "relevance");
  assert.equal(sortOf(parse("form=S3").state), "newest");
  assert.equal(sortOf(parse("q=a&sort=turns").state), "turns");
});

test("choosing, excluding and taking back", () => {
  const chosen = toggle(EMPTY, "form", "=S3");
  assert.equal(serialise(chosen), "form=S3");
  assert.equal(serialise(toggleNot(chosen, "form", "=S3")), "form=-S3");
  assert.equal(serialise(toggle(chosen, "form", "=S3")), "");
  assert.equal(isFiltered(chosen), true);
});

test("a change goes back to the first page, turning pages does not", () => {
  const second = change(EMPTY, { page: 2 });
  assert.equal(second.page, 2);
  assert.equal(choose(second, "form", { include: ["=S1"], exclude: [], all: false }).page, 1);
});

test("any address has one canonical spelling, which reads as the same state", () => {
  const random = makeRandom(11);
  const pieces = ["form", "cause", "q", "page", "=", "&", ",", "-", "S3", "none", "%6E", "%", "+", "é", "..", "5", "sort", "rare", "all", ".match", "#", "<b>", "x"];
  for (let i = 0; i < 2000; i++) {
    const address = Array.from({ length: 14 }, () => pick(random, pieces)).join("");
    const once = canonical(address);
    assert.equal(canonical(once), once, address);
  }
});

test("every facet of the language goes through the address", () => {
  for (const name of FACETS) assert.equal(canonical(`${name}=a,-b,none`), `${name}=a,none,-b`);
});
