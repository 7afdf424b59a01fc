import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "../../assets/js/query.js";
import { parse } from "../../assets/js/state.js";
import { between, countMonths } from "../../assets/js/timeline.js";
import { openFixture } from "./files.js";

const index = openFixture();
const matchesOf = (address) => answer(index, parse(address).state, null, null).matches;

test("months in between are there, over the end of a year", () => {
  assert.deepEqual(between("2024-11", "2025-02"), ["2024-11", "2024-12", "2025-01", "2025-02"]);
  assert.deepEqual(between("2025-05", "2025-05"), ["2025-05"]);
});

test("every case is in one month of one row, or undated", () => {
  for (const address of ["", "form=S3", "workflow=CLI", "validation=INVALID"]) {
    const matches = matchesOf(address);
    const { totals, rows, dated, undated, largest } = countMonths(index, matches);
    assert.equal(dated + undated, matches.count(), address);
    assert.equal(undated, matches.countAnd(index.facets.get("month").sets.get("?none")));
    assert.equal(rows.reduce((sum, { total }) => sum + total, 0), matches.count());
    assert.deepEqual(totals, totals.map((_, i) => rows.reduce((sum, { counts }) => sum + counts[i], 0)));
    assert.equal(largest, Math.max(...rows.flatMap(({ counts }) => counts)));
  }
});

test("a month's column is the length of the list that it opens", () => {
  const { months, totals } = countMonths(index, matchesOf("form=S3"));
  months.forEach((month, i) => assert.equal(matchesOf(`form=S3&from=${month}&to=${month}`).count(), totals[i]));
});

test("nothing has no months", () => {
  const { months, largest, dated } = countMonths(index, matchesOf("form=S3,-S3"));
  assert.deepEqual([months, largest, dated], [[], 0, 0]);
});
