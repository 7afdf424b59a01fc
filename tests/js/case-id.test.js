import { test } from "node:test";
import assert from "node:assert/strict";
import { bodyOf, checkCharacter, distance, findTyped, isWellFormed, nearest, readIds, spell } from "../../assets/js/case-id.js";

test("the check character is the one that the build computes", () => {
  // atlas_build/model/identity.py: check_character of the same seven characters
  for (const [digits, expected] of [["7k2d9qx", "p"], ["bbbbbbb", "n"], ["0000000", "0"], ["zxwvtsr", "5"]]) {
    assert.equal(checkCharacter(digits), expected);
  }
});

test("a well-formed id has eight characters of the alphabet and the right last one", () => {
  assert.equal(isWellFormed("7k2d9qxp"), true);
  assert.equal(isWellFormed("7k2d9qxz"), false);
  assert.equal(isWellFormed("7k2d9q"), false);
  assert.equal(isWellFormed("7k2d9qo0"), false);
});

test("an id is found in the address that was typed", () => {
  assert.equal(findTyped("/c/ama-7k2d-9qxp/"), "ama-7k2d-9qxp");
  assert.equal(findTyped("/sub/c/AMA-7K2D-9QXP"), "AMA-7K2D-9QXP");
  assert.equal(findTyped("/ama-7k2d-9qxp"), "ama-7k2d-9qxp");
  assert.equal(findTyped("/c/ama%2d7k2d-9qxp/"), "ama-7k2d-9qxp");
  assert.equal(findTyped("/c/%E0%A4%A"), "%E0%A4%A");
  assert.equal(findTyped("/codebook/s9/"), "");
  assert.equal(findTyped("/c/"), "");
});

test("slips are counted", () => {
  /** @type {[string, string, number][]} */
  const cases = [
    ["7k2d9qxp", "7k2d9qxp", 0],
    ["7k2d9qxp", "7k2d9qxb", 1],
    ["7k2d9qxp", "k72d9qxp", 1],
    ["7k2d9qxp", "7k2d9qx", 1],
    ["7k2d9qxp", "77k2d9qxp", 1],
    ["7k2d9qxp", "k72d9qpx", 2],
    ["", "ab", 2],
  ];
  for (const [from, to, expected] of cases) {
    assert.equal(distance(from, to), expected, `${from} ${to}`);
    assert.equal(distance(to, from), expected, `${to} ${from}`);
  }
});

test("only the nearest ids are named", () => {
  const ids = ["AMA-7k2d-9qxb", "AMA-7k2d-9qbb", "AMA-7k2d-9qxc", "AMA-7k2d-9qxd", "AMA-7k2d-9qxf"];
  assert.deepEqual(nearest("ama-7k2d-9qxp", ids), ["AMA-7k2d-9qxb", "AMA-7k2d-9qxc", "AMA-7k2d-9qxd"]);
  assert.deepEqual(nearest("ama-7k2d-9qbp", ids.slice(1, 2)), ["AMA-7k2d-9qbb"]);
  assert.deepEqual(nearest("ama-zzzz-zzzz", ids), []);
  assert.deepEqual(nearest("ama-7k", ids), []);
});

test("spellings of one id have one body", () => {
  assert.equal(bodyOf(" AMA\u20117K2D-9qxp "), "7k2d9qxp");
  assert.equal(spell("7k2d9qxp"), "AMA-7k2d-9qxp");
});

test("the list of ids is read line by line", () => {
  assert.deepEqual(readIds("AMA-7k2d-9qxp 3\nAMA-7k2d-9qxb 12\n"), ["AMA-7k2d-9qxp", "AMA-7k2d-9qxb"]);
  assert.deepEqual(readIds(""), []);
});
