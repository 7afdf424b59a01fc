import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf, rememberKeys, wantsKeys } from "../../assets/js/keyboard.js";

const press = (key, more = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, isComposing: false, ...more });

test("each key has one action", () => {
  const actions = ["/", "j", "k", "o", "?", "J"].map((key) => actionOf(press(key), false));
  assert.deepEqual(actions, ["search", "next", "previous", "open", "help", "next"]);
  for (const key of ["Enter", "Escape", "a", "ArrowDown", "Jump", ""]) assert.equal(actionOf(press(key), false), null);
});

test("shift is part of writing / and ? on many keyboards, but not of a letter", () => {
  assert.equal(actionOf(press("?", { shiftKey: true }), false), "help");
  assert.equal(actionOf(press("/", { shiftKey: true }), false), "search");
  assert.equal(actionOf(press("J", { shiftKey: true }), false), null);
});

test("no key acts while typing, composing or with a modifier", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey", "isComposing"]) assert.equal(actionOf(press("k", { [modifier]: true }), false), null);
  assert.equal(actionOf(press("/"), true), null);
});

test("keys are wanted until the reader says otherwise, also where nothing can be remembered", () => {
  const kept = new Map();
  const storage = () => ({ getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) });
  const forbidden = () => {
    throw new Error("storage is denied");
  };
  assert.equal(wantsKeys(storage), true);
  assert.equal(rememberKeys(storage, false), true);
  assert.equal(wantsKeys(storage), false);
  assert.equal(rememberKeys(storage, true), true);
  assert.equal(wantsKeys(storage), true);
  assert.equal(wantsKeys(forbidden), true);
  assert.equal(rememberKeys(forbidden, false), false);
});
