import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { fingerprint, sha256 } from "../../assets/js/fingerprint.js";

test("SHA-256 gives the digests of the standard's own examples", () => {
  assert.equal(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  assert.equal(sha256("a".repeat(1_000_000)), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
});

test("SHA-256 agrees with Node's at every length around the block size, and in UTF-8", () => {
  for (let length = 0; length < 200; length++) {
    const text = `é${"x".repeat(length)}`;
    assert.equal(sha256(text), createHash("sha256").update(text).digest("hex"), String(length));
  }
});

test("a fingerprint is that of the sorted ids, one a line", () => {
  const expected = createHash("sha256").update("AMA-0000-0000\nAMA-7k2d-9qxp\n").digest("hex").slice(0, 16);
  assert.equal(fingerprint(["AMA-7k2d-9qxp", "AMA-0000-0000"]), expected);
  assert.equal(fingerprint([]), "e3b0c44298fc1c14");
  assert.notEqual(fingerprint(["AMA-7k2d-9qxp"]), fingerprint(["AMA-7k2d-9qxp", "AMA-0000-0000"]));
});
