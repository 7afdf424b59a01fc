import assert from "node:assert/strict";
import { test } from "node:test";
import { agreementOf, isSame, kappa, problemsOf, readCodings, toldAxes, writeCodings } from "../../assets/js/coding.js";

const NAMES = new Map([["form", "Form"], ["cause", "Cause"], ["severity", "Severity"], ["status", "Resolution status"]]);
const KNOWN = new Map([["form", ["S1", "S2", "S3", "S8"]], ["cause", ["C1", "C2", "C3", "C7"]], ["severity", ["DS1", "DS2"]], ["status", ["RS1", "RS2"]]]);
const codes = (more = {}) => ({ form: ["S1"], cause: ["C1"], severity: ["DS1"], status: ["RS2"], ...more });
const decisions = (counts) => counts.flatMap(([own, study, count]) => Array.from({ length: count }, () => [own, study]));

test("Cohen's kappa of two by two counts", () => {
  const found = kappa([decisions([["yes", "yes", 20], ["yes", "no", 5], ["no", "yes", 10], ["no", "no", 15]])]);
  assert.ok(Math.abs(found - 0.4) < 1e-12);
});

test("Cohen's kappa of three categories: 0.7 observed, 0.48 expected", () => {
  const found = kappa([decisions([["a", "a", 5], ["a", "b", 1], ["b", "b", 1], ["b", "a", 1], ["c", "c", 1], ["c", "a", 1]])]);
  const expected = 0.6 * 0.7 + 0.2 * 0.2 + 0.2 * 0.1;
  assert.ok(Math.abs(found - (0.7 - expected) / (1 - expected)) < 1e-12);
});

test("kappa is 1 for full agreement, less than 0 for less than chance, and left out where chance agrees throughout", () => {
  assert.equal(kappa([[["a", "a"], ["b", "b"]]]), 1);
  assert.equal(kappa([[["a", "b"], ["b", "a"]]]), -1);
  assert.equal(kappa([[["a", "a"], ["a", "a"]]]), null);
  assert.equal(kappa([[]]), null);
  assert.equal(kappa([]), null);
});

test("codes that neither ever chooses make no agreement", () => {
  const study = [...Array.from({ length: 9 }, () => ["S3"]), ["S1"]];
  const pairs = study.map((form) => ({ own: codes({ form: ["S3"], severity: ["DS1"] }), study: codes({ form, severity: form[0] === "S1" ? ["DS2"] : ["DS1"] }) }));
  assert.deepEqual(agreementOf("form", pairs, KNOWN.get("form")), { size: 10, same: 9, kappa: 0 });
  assert.deepEqual(agreementOf("severity", pairs, KNOWN.get("severity")), { size: 10, same: 9, kappa: 0 });
  assert.equal(agreementOf("form", pairs.slice(0, 5), KNOWN.get("form")).kappa, null);
});

test("an axis by which the cases were chosen is told", () => {
  assert.deepEqual(toldAxes((facet) => ["tier", "workflow", "resolver"].includes(facet)), ["cause", "status"]);
  assert.deepEqual(toldAxes(() => false), []);
});

test("where a case may have several codes, each code is a question", () => {
  const pairs = [{ own: codes({ form: ["A"] }), study: codes({ form: ["A", "B"] }) }, { own: codes({ form: ["B"] }), study: codes({ form: ["B"] }) }];
  assert.deepEqual(agreementOf("form", pairs, ["A", "B"]), { size: 2, same: 1, kappa: 0.5 });
});

test("a case that the study did not code on an axis is not compared there", () => {
  const pairs = [{ own: codes(), study: codes({ severity: [] }) }, { own: codes(), study: codes({ severity: ["DS2"] }) }];
  assert.deepEqual(agreementOf("severity", pairs, ["DS1", "DS2"]), { size: 1, same: 0, kappa: 0 });
  assert.equal(agreementOf("severity", [], ["DS1", "DS2"]).size, 0);
});

test("sets of codes are the same in any order", () => {
  assert.equal(isSame(["S1", "S2"], ["S2", "S1"]), true);
  assert.equal(isSame(["S1"], ["S2", "S1"]), false);
  assert.equal(isSame(["S1", "S3"], ["S2", "S1"]), false);
});

test("a coding is complete and keeps to the study's rules", () => {
  assert.deepEqual(problemsOf(codes(), NAMES), []);
  assert.deepEqual(problemsOf(codes({ form: [], status: [] }), NAMES), ["Not chosen yet: form, resolution status."]);
  assert.deepEqual(problemsOf(codes({ form: ["S1", "S8"] }), NAMES), ["S8 stands alone."]);
  assert.deepEqual(problemsOf(codes({ cause: ["C1", "C7"] }), NAMES), ["C7 stands alone."]);
  assert.deepEqual(problemsOf(codes({ cause: ["C1", "C2", "C3"] }), NAMES), ["At most 2 causes."]);
});

test("what was stored is read again", () => {
  const codings = new Map([["AMA-1", codes()], ["AMA-2", codes({ form: ["S2", "S3"] })]]);
  assert.deepEqual(readCodings(writeCodings(codings), KNOWN), codings);
});

test("what is no coding is left out, and nothing throws", () => {
  const mixed = JSON.stringify({ version: 1, codings: [{ id: "AMA-1", own: codes() }, { id: "AMA-2", own: { form: ["S1"] } }, { id: 3, own: codes() }, null, { id: "AMA-4", own: codes({ severity: ["DS9"] }) }] });
  assert.deepEqual([...readCodings(mixed, KNOWN).keys()], ["AMA-1"]);
  for (const stored of [null, "", "{", "[]", '{"version":2,"codings":[]}', '{"version":1,"codings":{}}', '{"version":1,"codings":[{"id":"a","own":null}]}']) {
    assert.equal(readCodings(stored, KNOWN).size, 0);
  }
});
