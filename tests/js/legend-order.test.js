import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseTier, fits, isUneven, monthsBetween, rareFirst, shownAtFirst } from "../../assets/js/legend-order.js";

test("values are uneven when rare ones drown, whatever never occurs", () => {
  assert.equal(isUneven([14_590, 1_400, 11, 0]), true);
  assert.equal(isUneven([80, 40, 10]), true);
  assert.equal(isUneven([79, 40, 10]), false);
  assert.equal(isUneven([900, 1]), false, "two values are seen at a glance");
  assert.equal(isUneven([900, 1, 0, 0]), false);
  assert.equal(isUneven([]), false);
});

test("rare values come first, absent ones last, missing ones after all, equal ones as they were", () => {
  const counts = new Map([["=a", 30], ["=b", 0], ["=c", 2], ["=d", 30], ["?none", 1], ["=e", 2]]);
  const keys = ["=a", "=b", "=c", "=d", "=e", "?na", "?none"];
  assert.deepEqual(rareFirst(keys, (key) => counts.get(key) ?? 0), ["=c", "=e", "=a", "=d", "=b", "?na", "?none"]);
  assert.deepEqual(keys[0], "=a", "the list that was given stays as it is");
});

test("a long list shows its first values and those in use", () => {
  const keys = Array.from({ length: 23 }, (_, i) => `=${i}`);
  assert.deepEqual([...shownAtFirst(keys, new Set(["=20", "=3"]))], ["=0", "=1", "=2", "=3", "=4", "=5", "=6", "=7", "=20"]);
});

test("a name fits when every typed word occurs in it", () => {
  assert.ok(fits("Claude Code", "code CLA"));
  assert.ok(fits("Copilot CLI", " cli "));
  assert.ok(fits("Göteborg", "gote"));
  assert.ok(fits("Gote", "göt"));
  assert.ok(fits("MIT", ""));
  assert.ok(!fits("Claude Code", "cursor"));
  assert.ok(!fits("Claude Code", "code cursor"));
});

test("months are counted on without gaps", () => {
  assert.deepEqual(monthsBetween("2024-11", "2025-02"), ["2024-11", "2024-12", "2025-01", "2025-02"]);
  assert.deepEqual(monthsBetween("2025-02", "2025-02"), ["2025-02"]);
  assert.deepEqual(monthsBetween("2025-03", "2025-02"), []);
});

test("a tier takes the place of its cause, and the cause that of its last tier", () => {
  const none = { include: [], exclude: [], all: false };
  const choose = (include, joined) => chooseTier({ ...none, include }, "=C6", joined).include;
  assert.deepEqual(choose(["=C6", "=C2"], "=C6:direct"), ["=C2", "=C6:direct"]);
  assert.deepEqual(choose(["=C2", "=C6:direct"], "=C6:contextual"), ["=C2", "=C6:direct", "=C6:contextual"]);
  assert.deepEqual(choose(["=C6:direct", "=C6:contextual"], "=C6:direct"), ["=C6:contextual"]);
  assert.deepEqual(choose(["=C2:direct", "=C6:direct"], "=C6:direct"), ["=C2:direct", "=C6"]);
  assert.deepEqual(chooseTier({ ...none, exclude: ["=C6:direct", "=C1"] }, "=C6", "=C6:direct"), { include: ["=C6:direct"], exclude: ["=C1"], all: false });
});
