import assert from "node:assert/strict";
import { test } from "node:test";
import { cellState, crossTab, expectedIn, measureOf, narrow } from "../../assets/js/cross-tab.js";
import { answer, membersOf } from "../../assets/js/query.js";
import { AXES, parse, serialise } from "../../assets/js/state.js";
import { valuesOf } from "../../assets/js/decode.js";
import { makeRandom, openFixture, pick } from "./files.js";

const index = openFixture();
const matchesOf = (state) => answer(index, state, null, null).matches;
const stateOf = (address) => parse(address).state;
const narrowed = (address, axis, key) => {
  const state = narrow(stateOf(address), axis, key);
  return state && serialise(state);
};

/** As a table of 2 by 2: 10 of 40 cases have both, 20 have the row's value, 16 the column's. */
const TAB = { axes: ["form", "cause"], rows: ["=S1"], columns: ["=C1"], cells: [[10]], rowTotals: [20], columnTotals: [16], total: 40 };

test("shares and lift", () => {
  assert.equal(measureOf(TAB, "", 0, 0), 10);
  assert.equal(measureOf(TAB, "rows", 0, 0), 0.5);
  assert.equal(measureOf(TAB, "columns", 0, 0), 0.625);
  assert.equal(measureOf(TAB, "lift", 0, 0), 1.25);
  assert.equal(expectedIn(TAB, 0, 0), 8);
  assert.equal(measureOf({ ...TAB, rowTotals: [0], cells: [[0]] }, "lift", 0, 0), null);
});

test("every cell counts the cases that have both values, one by one", () => {
  const random = makeRandom(5);
  for (let i = 0; i < 60; i++) {
    const [row, column] = [pick(random, AXES), pick(random, AXES)];
    const state = stateOf(pick(random, ["", "form=S3", "workflow=-CLI", "form=S3,S7&form.match=all", "validation=VALID,INVALID", "from=2025-02&to=2025-04"]));
    const matches = matchesOf(state);
    const tab = crossTab(index, matches, row, column);
    const counts = new Map();
    matches.forEach((ordinal) => {
      for (const one of valuesOf(index, row, ordinal)) for (const other of valuesOf(index, column, ordinal)) counts.set(`${one} ${other}`, (counts.get(`${one} ${other}`) ?? 0) + 1);
    });
    const shown = tab.rows.flatMap((one, r) => tab.columns.map((other, c) => [`${one} ${other}`, tab.cells[r][c]])).filter(([, count]) => count > 0);
    assert.deepEqual(new Map(shown.sort()), new Map([...counts].sort()), `${row} ${column} ${serialise(state)}`);
    assert.equal(tab.total, matches.count());
  }
});

test("the list of a cell has as many cases as the cell says", () => {
  const random = makeRandom(9);
  const addresses = ["", "form=S3", "form=S3,S7", "form=S3,-S7", "form=S3,S7&form.match=all", "cause=C6:direct,C2", "cause=C6&tier=direct", "from=2025-02&to=2025-04", "validation=INVALID", "validation=VALID,INVALID", "severity=DS1,DS2", "agent=none,-na"];
  let reached = 0;
  for (let i = 0; i < 120; i++) {
    const state = stateOf(pick(random, addresses));
    const tab = crossTab(index, matchesOf(state), pick(random, AXES), pick(random, AXES));
    tab.rows.forEach((row, r) =>
      tab.columns.forEach((column, c) => {
        const list = cellState(state, tab, row, column);
        if (tab.cells[r][c] === 0 || !list) return;
        reached += 1;
        assert.equal(answer(index, list, null, null).total, tab.cells[r][c], `${serialise(state)} + ${tab.axes} ${row} ${column} = ${serialise(list)}`);
      }),
    );
  }
  assert.ok(reached > 1000, String(reached));
});

test("a value that was chosen among others stands alone, another is added to one", () => {
  assert.equal(narrowed("", "form", "=S3"), "form=S3");
  assert.equal(narrowed("form=S3,S7", "form", "=S3"), "form=S3");
  assert.equal(narrowed("form=S3", "form", "=S7"), "form=S3,S7&form.match=all");
  assert.equal(narrowed("form=S3,S7", "form", "=S1"), null, "S1 and one of S3 and S7 has no words");
  assert.equal(narrowed("form=S3,S7&form.match=all", "form", "=S1"), "form=S1,S3,S7&form.match=all");
});

test("months become a range and joined values a cause; views and samples are left behind", () => {
  assert.equal(narrowed("view=crosstab&sample=5&page=3", "month", "=2025-03"), "from=2025-03&to=2025-03");
  assert.equal(narrowed("", "month", "?none"), null);
  assert.equal(narrowed("axes=form,cause", "cause:tier", "=C6:direct"), "cause=C6:direct");
});

test("joined values have members of their own", () => {
  const tab = crossTab(index, matchesOf(stateOf("")), "cause:tier", "workflow");
  assert.ok(tab.rows.every((key) => key.includes(":")));
  assert.equal(tab.rowTotals[0], matchesOf(stateOf("")).countAnd(membersOf(index, "cause", tab.rows[0])));
});
