import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, readCited, readIds, writeCited } from "../../assets/js/cited.js";
import { change, choose, EMPTY, keepCited, parse, questionOf, serialise } from "../../assets/js/state.js";
import { makeRandom, pick, readJson } from "./files.js";

const MARK = "9f3c2ab1d04e77c5";
const stateOf = (address) => parse(address).state;

test("the link of a result carries release, count and fingerprint, each perhaps alone with those before it", () => {
  for (const value of ["2026.11.0", "2026.11.0:214", `2026.11.0:214:${MARK}`, `unreleased:0:${MARK}`]) {
    const { state, notices } = parse(`form=S3&r=${value}`);
    assert.deepEqual([state.cited, notices], [value, []]);
    assert.equal(writeCited(readCited(value)), value);
    assert.equal(serialise(state), `form=S3&r=${value}`);
  }
  assert.deepEqual(readCited("2026.11.0"), { release: "2026.11.0", count: null, print: "", isCut: false });
  assert.deepEqual(readCited(`v1:7:${MARK}`), { release: "v1", count: 7, print: MARK, isCut: false });
  assert.equal(writeCited({ release: "", count: 3, print: MARK }), `unreleased:3:${MARK}`);
});

test("what is no citation is kept in the address and named", () => {
  for (const value of ["", "2026.11.0:", "2026.11.0:x", `2026.11.0::${MARK}`, `2026.11.0:${MARK}`, `2026.11.0:214:${MARK}:`, `2026.11.0:214:${MARK} x`, "a/b", "%3Cb%3E"]) {
    const { state, notices } = parse(`r=${value}`);
    assert.equal(state.cited, "", value);
    assert.deepEqual(notices.map(({ kind, key }) => [kind, key]), [["bad-value", "r"]], value);
    assert.equal(serialise(state), `r=${value}`, value);
  }
});

test("a fingerprint may have capitals and the point of a sentence; one that is not whole leaves release and count", () => {
  for (const mark of [MARK.toUpperCase(), `${MARK}.`, `${MARK}),`]) {
    assert.deepEqual(readCited(stateOf(`r=2026.11.0:214:${mark}`).cited), { release: "2026.11.0", count: 214, print: MARK, isCut: false }, mark);
  }
  for (const mark of ["", "9f3c", MARK.slice(1), `${MARK}0`, `${MARK.slice(1)}g`, `x${MARK}`]) {
    assert.deepEqual(readCited(stateOf(`r=2026.11.0:214:${mark}`).cited), { release: "2026.11.0", count: 214, print: "", isCut: true }, mark);
  }
});

test("the address of a result has what was chosen and its look, but no page and nothing that is not understood", () => {
  const state = stateOf("page=3&view=table&form=S3&sort=rare&seed=5&colour=red&sort=best&r=2026.01.0:1");
  assert.equal(addressOf(state, { release: "2026.11.0", count: 214, print: MARK }), `?form=S3&sort=rare&view=table&r=2026.11.0:214:${MARK}`);
  assert.equal(addressOf(stateOf("sort=random&seed=5"), { release: "2026.11.0", count: 1, print: MARK }), `?sort=random&seed=5&r=2026.11.0:1:${MARK}`);
  assert.equal(addressOf(stateOf("sample=9&seed=5"), { release: "", count: 9, print: MARK }), `?seed=5&sample=9&r=unreleased:9:${MARK}`);
});

test("a sample is part of the address only where it is listed, and a comparison never", () => {
  const cite = (address) => addressOf(stateOf(address), { release: "1", count: 9, print: MARK });
  const end = `r=1:9:${MARK}`;
  assert.equal(cite("sample=9&seed=5&stratify=form&view=table"), `?seed=5&sample=9&stratify=form&view=table&${end}`);
  assert.equal(cite("form=S3&sample=9&seed=5&stratify=form&view=crosstab"), `?form=S3&view=crosstab&${end}`);
  assert.equal(cite("form=S3&sample=9&seed=5&view=timeline&sort=random"), `?form=S3&sort=random&seed=5&view=timeline&${end}`);
  assert.equal(cite("form=S3&sample=9&seed=5&compare=workflow:IDE,CLI"), `?form=S3&${end}`);
});

test("where a sample is not listed, another result is shown", () => {
  const drawn = stateOf("sample=9&seed=5&stratify=form&r=1:9");
  assert.equal(change(drawn, { view: "table" }).cited, "1:9");
  assert.equal(change(drawn, { view: "crosstab" }).cited, "");
  assert.equal(change(drawn, { compare: { facet: "workflow", a: "=IDE", b: "=CLI" } }).cited, "");
  const whole = stateOf("sample=9&seed=5&view=timeline&r=1:90");
  assert.equal(questionOf(whole), "");
  assert.equal(change(whole, { seed: 6 }).cited, "1:90");
  assert.equal(change(whole, { view: "" }).cited, "");
});

test("a citation goes along while a reader looks at the result, and not to another result", () => {
  const cited = stateOf(`form=S3&r=2026.11.0:214:${MARK}`);
  for (const look of [{ page: 2 }, { view: "table" }, { sort: "random", seed: 4 }, { axes: ["form", "cause"] }, { cols: ["form"] }]) {
    assert.equal(change(cited, look).cited, cited.cited, JSON.stringify(look));
  }
  for (const other of [{ q: "a" }, { from: "2025-01" }, { sample: 5 }, { turns: { min: 1, max: 2 } }]) {
    assert.equal(change(cited, other).cited, "", JSON.stringify(other));
  }
  assert.equal(choose(cited, "form", { include: ["=S7"], exclude: [], all: false }).cited, "");
  assert.equal(choose(cited, "cause", { include: [], exclude: [], all: false }).cited, cited.cited, "nothing was chosen");
  const linked = stateOf("form=S7&r=2026.12.0:1");
  assert.equal(keepCited(cited, linked).cited, "2026.12.0:1", "a link brings its own");
  assert.equal(keepCited(EMPTY, cited), cited);
});

test("what is asked does not depend on order and look", () => {
  const asked = questionOf(stateOf("q=a&form=S3&sample=5&seed=3&stratify=form"));
  assert.equal(asked, "q=a&form=S3&seed=3&sample=5&stratify=form");
  assert.equal(questionOf(stateOf("sort=rare&view=crosstab&axes=form,cause&compare=workflow:IDE,CLI&page=4&seed=3&x=1&r=a")), "");
});

test("any address with a citation has one canonical spelling", () => {
  const random = makeRandom(5);
  const pieces = ["r=", "2026.11.0", ":", "214", MARK, "&", "form=S3", "q=a", "unreleased", "%", "+", "é", "<b>"];
  for (let i = 0; i < 2000; i++) {
    const address = Array.from({ length: 8 }, () => pick(random, pieces)).join("");
    const once = serialise(parse(address).state);
    assert.equal(serialise(parse(once).state), once, address);
  }
});

test("ids stand in the order of the index, check characters and all", () => {
  const ids = readIds(readJson("index/ids.json"));
  assert.deepEqual(ids, readJson("episodes.json").map(({ id }) => id));
  assert.deepEqual(readIds({ ids: "" }), []);
});
