import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint } from "../../assets/js/fingerprint.js";
import { FORMATS, resultText, safeAddress } from "../../assets/js/result-citation.js";
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

test("an address cannot end the field that it stands in, and reads as the same", () => {
  const address = "https://atlas.example/?q={a}\\b|^`\"<é>\ud800&r=1";
  const safe = safeAddress(address);
  assert.match(safe, /^[\x21-\x7e]+$/);
  assert.doesNotMatch(safe, /[\\{}|^`"<>]/);
  assert.equal(decodeURIComponent(safe), address.replace("\ud800", "\ufffd"));
});
