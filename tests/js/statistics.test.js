import assert from "node:assert/strict";
import { test } from "node:test";
import { newcombe, wilson } from "../../assets/js/statistics.js";

const round = (numbers) => numbers.map((number) => Math.round(number * 1e4) / 1e4 + 0);

test("Wilson's interval, as in Newcombe's examples for single proportions", () => {
  assert.deepEqual(round(wilson(81, 263)), [0.2553, 0.3662]);
  assert.deepEqual(round(wilson(15, 148)), [0.0624, 0.1605]);
  assert.deepEqual(round(wilson(0, 20)), [0, 0.1611]);
  assert.deepEqual(round(wilson(1, 29)), [0.0061, 0.1718]);
});

test("the difference of two shares, as in Newcombe's table of examples for method 10", () => {
  const cases = [
    [56, 70, 48, 80, 0.2, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.6, 0.1705, 0.809],
    [6, 7, 2, 7, 0.5714, 0.0582, 0.8062],
    [5, 56, 0, 29, 0.0893, -0.0381, 0.1926],
    [0, 10, 0, 20, 0, -0.1611, 0.2775],
    [0, 10, 0, 10, 0, -0.2775, 0.2775],
    [10, 10, 0, 20, 1, 0.6791, 1],
    [10, 10, 0, 10, 1, 0.6075, 1],
  ];
  for (const [a, n, b, m, ...expected] of cases) {
    const { difference, low, high } = newcombe(a, n, b, m);
    assert.deepEqual(round([difference, low, high]), expected, `${a}/${n} - ${b}/${m}`);
  }
});

test("swapping the two turns the interval round", () => {
  const [one, other] = [newcombe(13, 40, 7, 90), newcombe(7, 90, 13, 40)];
  assert.deepEqual(round([one.low, one.high]), round([-other.high, -other.low]));
});
