import assert from "node:assert/strict";
import { test } from "node:test";
import { joinTables, readNumber } from "../../assets/js/page-table.js";

const row = (given) => ({ code: "", name: "", about: "", cells: [], all: null, ...given });
const table = (given) => ({ part: "", heads: ["Label", "Cases"], of: null, whole: null, rows: [], ...given });
const words = (given = {}) => ({ name: "x", caption: "Cases, of 125.", by: "", head: "", about: "About", ...given });

test("a number is read as it is written for people, and nothing else is one", () => {
  const read = Object.fromEntries(["1,204", "\u22123", "+3", "40.0 %", "0"].map((text) => [text, readNumber(text)]));
  assert.deepEqual(read, { "1,204": 1204, "\u22123": -3, "+3": 3, "40.0 %": 40, 0: 0 });
  for (const text of ["", "=", "S3", "Apr 2026", "2026.11.0", "3 cases", "1.5.2"]) assert.equal(readNumber(text), null, text);
});

test("code, name and gloss of a row's head have columns of their own", () => {
  const rows = [row({ code: "S3", name: "Violation", about: "a rule", cells: ["50"] }), row({ name: "IDE", cells: ["7"] })];
  const { columns, rows: cells } = joinTables(words({ about: "Gloss" }), [table({ rows })]);
  assert.deepEqual(columns.map(({ title }) => title), ["Code", "Label", "Cases", "Gloss"]);
  assert.deepEqual(cells, [["S3", "Violation", 50, "a rule"], ["", "IDE", 7, ""]]);
});

test("a code without any name stands under the head's own title", () => {
  const { columns } = joinTables(words(), [table({ rows: [row({ code: "MIT", cells: ["72"] })] })]);
  assert.deepEqual(columns.map(({ title }) => title), ["Label", "Cases"]);
});

test("a share follows from its base, and no column is left empty", () => {
  const rows = [row({ name: "Read", cells: ["1,200", ""] }), row({ name: "Valid", cells: ["300", ""] })];
  const { columns, rows: cells } = joinTables(words(), [table({ heads: ["Step", "Records", "Nothing"], of: 1200, rows })]);
  assert.deepEqual(columns, [{ title: "Step" }, { title: "Records", digits: 0 }, { title: "Share, %", digits: 1 }]);
  assert.deepEqual(cells, [["Read", 1200, 100], ["Valid", 300, 25]]);
});

test("several tables become one, each row with shares of its own table's bases, and lift by hand", () => {
  const form = table({ part: "Form", heads: ["Form", "Share here", "Cases"], of: 50, whole: 125, rows: [row({ code: "S7", name: "Reporting", cells: ["", "10"], all: 20 })] });
  const tier = table({ part: "Tier", heads: ["Tier", "Share here", "Cases"], of: 40, whole: 160, rows: [row({ name: "Direct", cells: ["", "10"], all: 80 })] });
  const { columns, rows } = joinTables(words({ by: "Facet", head: "Value" }), [form, tier]);
  assert.deepEqual(columns.map(({ title }) => title), ["Facet", "Code", "Value", "Cases", "Share, %", "All cases", "Share of all, %", "Lift"]);
  // 125 * 10 / (50 * 20) and (10 / 40) / (80 / 160)
  assert.deepEqual(rows, [["Form", "S7", "Reporting", 10, 20, 20, 16, 1.25], ["Tier", "", "Direct", 10, 25, 80, 50, 0.5]]);
});

test("decimals stay as many as they were shown, and a column with words in it is text", () => {
  const rows = [row({ name: "Form", cells: ["0.84", "2"] }), row({ name: "Locus", cells: ["1.00", "few"] })];
  const { columns, rows: cells } = joinTables(words(), [table({ heads: ["Axis", "Accuracy", "Cases"], rows })]);
  assert.deepEqual(columns, [{ title: "Axis" }, { title: "Accuracy", digits: 2 }, { title: "Cases" }]);
  assert.deepEqual(cells, [["Form", 0.84, "2"], ["Locus", 1, "few"]]);
});

test("where nothing can be divided there is no number", () => {
  const { columns } = joinTables(words(), [table({ of: 0, whole: 0, rows: [row({ name: "A", cells: ["0"], all: 0 })] })]);
  assert.deepEqual(columns.map(({ title }) => title), ["Label", "Cases", "All cases"]);
});
