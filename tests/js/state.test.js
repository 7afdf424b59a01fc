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
  const { state, notices } = parse("colour=red&sort=best&view=globe&page=0&from=2025-13&form.match=most");
  assert.deepEqual(notices.map(({ kind, key }) => [kind, key]), [
    ["unknown-key", "colour"], ["bad-value", "sort"], ["bad-value", "view"], ["bad-value", "page"], ["bad-value", "from"], ["bad-value", "form.match"],
  ]);
  assert.equal(serialise(state), "form.match=most&from=2025-13&sort=best&view=globe&page=0&colour=red");
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

test("what is chosen stands in one order, whatever the order of the clicks", () => {
  const clicked = ["=S4", "=S1", "=S3"].reduce((state, key) => toggle(state, "form", key), EMPTY);
  assert.deepEqual(clicked.facets.get("form")?.include, ["=S1", "=S3", "=S4"]);
  assert.deepEqual(toggleNot(toggleNot(EMPTY, "form", "=S7"), "form", "=S2").facets.get("form")?.exclude, ["=S2", "=S7"]);
});

test("a change goes back to the first page, turning pages does not", () => {
  const second = change(EMPTY, { page: 2 });
  assert.equal(second.page, 2);
  assert.equal(choose(second, "form", { include: ["=S1"], exclude: [], all: false }).page, 1);
});

test("views, axes, columns and samples go through the address", () => {
  const address = "seed=7&sample=50&stratify=form&view=crosstab&axes=form,cause:tier,lift&cols=turns,form";
  const { state, notices } = parse(address);
  assert.deepEqual(notices, []);
  assert.deepEqual([state.sample, state.stratify, state.view], [50, "form", "crosstab"]);
  assert.deepEqual([state.axes, state.cols], [["form", "cause:tier", "lift"], ["turns", "form"]]);
  assert.equal(serialise(state), address);
  assert.equal(canonical("view=cards&cols=form,form"), "cols=form", "the default view is not written, a column is shown once");
  assert.equal(canonical("axes=form,form"), "axes=form,form", "a facet may meet itself");
});

test("a view, axis, column or sample that does not exist is kept and named", () => {
  for (const pair of ["view=globe", "axes=form", "axes=form,colour", "axes=form,cause,mean", "axes=form,cause,rows,lift", "cols=colour", "sample=0", "sample=x", "stratify=turns"]) {
    const { state, notices } = parse(pair);
    assert.deepEqual(notices.map(({ kind }) => kind), ["bad-value"], pair);
    assert.equal(serialise(state), pair, pair);
  }
});

test("pairs have axes of their own", () => {
  const { state, notices } = parse("view=pairs&axes=cause,status");
  assert.deepEqual([state.view, state.axes, notices], ["pairs", ["cause", "status"], []]);
  assert.equal(serialise(state), "view=pairs&axes=cause,status");
  const odd = parse("axes=form,workflow&view=pairs");
  assert.deepEqual([odd.state.axes, odd.notices], [[], [{ kind: "bad-value", key: "axes", value: "form,workflow" }]]);
  assert.equal(serialise(odd.state), "view=pairs&axes=form,workflow", "it stays in the address");
});

test("a comparison names two values of a facet", () => {
  assert.deepEqual(parse("compare=workflow:IDE,CLI").state.compare, { facet: "workflow", a: "=IDE", b: "=CLI" });
  assert.deepEqual(parse("compare=cause%3AC6:direct,none").state.compare, { facet: "cause", a: "=C6:direct", b: "?none" });
  assert.equal(canonical("compare=agent:A%2C+B,%6Eone"), "compare=agent:A%2C+B,%6Eone");
});

test("a comparison holds the address of another selection, which is read like any other", () => {
  const { state, notices } = parse("workflow=CLI&compare=page%3D3%26form%3DS7%2CS3%26q%3Da%252Bb%26sort%3Drare%26colour%3Dred");
  assert.deepEqual(state.compare, { query: "q=a%2Bb&form=S3,S7&colour=red" });
  assert.deepEqual(notices, [{ kind: "unknown-key", key: "colour", value: "red" }]);
  assert.equal(serialise(state), "workflow=CLI&compare=q%3Da%252Bb%26form%3DS3%2CS7%26colour%3Dred");
  assert.deepEqual(parse("compare=all").state.compare, { query: "" });
  assert.equal(canonical("compare=all"), "compare=all");
  assert.equal(canonical("compare="), "");
});

test("comparisons inside comparisons are not read", () => {
  const nested = "compare%3Dcompare%253Dform".repeat(300);
  assert.equal(canonical(`compare=${nested}`), "compare=all");
  assert.equal(parse("compare=compare%3Dall%26form%3DS3").state.compare?.query, "form=S3");
});

test("any address has one canonical spelling, which reads as the same state", () => {
  const random = makeRandom(11);
  const pieces = ["form", "cause", "q", "page", "=", "&", ",", "-", "S3", "none", "%6E", "%", "+", "é", "..", "5", "sort", "rare", "all", ".match", "#", "<b>", "x", "view", "axes", "cols", "compare", "workflow:", "pairs", "sample", "stratify", "table", "month", "lift"];
  for (let i = 0; i < 2000; i++) {
    const address = Array.from({ length: 14 }, () => pick(random, pieces)).join("");
    const once = canonical(address);
    assert.equal(canonical(once), once, address);
  }
});

test("every facet of the language goes through the address", () => {
  for (const name of FACETS) assert.equal(canonical(`${name}=a,-b,none`), `${name}=a,none,-b`);
});
