import { test } from "node:test";
import assert from "node:assert/strict";
import { ask, sayCopied, sayFailed, withNewlines, withQuote } from "../../assets/js/copy-words.js";

test("RIS gets the line ends that its readers expect, other formats keep theirs", () => {
  assert.equal(withNewlines("TY  - DATA\nER  - \n", "crlf"), "TY  - DATA\r\nER  - \r\n");
  assert.equal(withNewlines("a\r\nb\n", "crlf"), "a\r\nb\r\n");
  assert.equal(withNewlines("a\nb", ""), "a\nb");
});

test("a quote comes before its citation", () => {
  assert.equal(withQuote("\nOnly add the column.\n", "Atlas (2026)."), "“Only add the column.”\nAtlas (2026).");
});

test("button and status name what is copied", () => {
  assert.equal(ask("RIS of this case"), "Copy RIS of this case");
  assert.equal(sayCopied("RIS of this case"), "Copied: RIS of this case");
  assert.equal(sayFailed("RIS"), "Not copied, but selected: RIS. Copy it with the keyboard.");
});
