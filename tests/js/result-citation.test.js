import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint, sha256 } from "../../assets/js/fingerprint.js";
import { FORMATS, resultBibtex, resultText, safeAddress, titleWords } from "../../assets/js/result-citation.js";
import { readJson } from "./files.js";

test("a result is cited as Python cites it, in every format", () => {
  for (const { ids, result, text, formats } of readJson("results.json")) {
    assert.equal(fingerprint(ids), result.print);
    assert.equal(resultText(result), text);
    assert.deepEqual(FORMATS.map(({ name }) => name), Object.keys(formats));
    for (const { name, write } of FORMATS) {
      if (name === "CSL-JSON") assert.deepEqual(JSON.parse(write(result)), JSON.parse(formats[name]));
      else assert.equal(write(result), formats[name], name);
    }
  }
});

test("results of two questions have two keys, also where they list the same cases", () => {
  const [{ result }] = readJson("results.json");
  const keyOf = (address) => /\{(\w+),/.exec(resultBibtex({ ...result, address }))?.[1];
  const mark = result.print.slice(0, 8);
  assert.equal(keyOf("https://atlas.example/?form=S4&r=1"), `atlas_result_${mark}_${sha256("?form=S4&r=1").slice(0, 6)}`);
  assert.notEqual(keyOf("https://atlas.example/?form=S4&r=1"), keyOf("https://atlas.example/?form=S5&r=1"));
  assert.equal(keyOf("https://atlas.example/?form=S4&r=1"), keyOf("http://elsewhere.example/atlas/?form=S4&r=1"));
});

test("a title is one line in quotation marks of its own", () => {
  assert.equal(titleWords("with “a\nb\r\n c”", "a sample of 3 of 9, seed 7"), "With ‘a b c’; a sample of 3 of 9, seed 7");
  assert.equal(titleWords("all cases", ""), "All cases");
});

test("an address cannot end the field that it stands in, and reads as the same", () => {
  const address = "https://atlas.example/?q={a}\\b|^`\"<é>\ud800&r=1";
  const safe = safeAddress(address);
  assert.match(safe, /^[\x21-\x7e]+$/);
  assert.doesNotMatch(safe, /[\\{}|^`"<>]/);
  assert.equal(decodeURIComponent(safe), address.replace("\ud800", "\ufffd"));
});
