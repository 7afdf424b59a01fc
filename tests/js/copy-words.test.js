import { test } from "node:test";
import assert from "node:assert/strict";
import { ask, latexOfQuote, sayCopied, sayFailed, withNewlines, withQuote } from "../../assets/js/copy-words.js";

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

test("the LaTeX snippet of a quote leads to the quote and names it", () => {
  const ofCase = "% \\usepackage{hyperref}\n\\href{https://a.example/c/ama-7k2d-9qxp/?r=2026.11.0}{AMA-7k2d-9qxp}\\footnote{An Atlas, case AMA-7k2d-9qxp, release 2026.11.0: ``Case AMA-7k2d-9qxp \\textbraceleft{}x'', \\url{https://a.example/c/ama-7k2d-9qxp/?r=2026.11.0}.}";
  const ofQuote = "% \\usepackage{hyperref}\n\\href{https://a.example/c/ama-7k2d-9qxp/?r=2026.11.0\\#q2}{AMA-7k2d-9qxp}\\footnote{An Atlas, case AMA-7k2d-9qxp, quote 2, release 2026.11.0: ``Case AMA-7k2d-9qxp \\textbraceleft{}x'', \\url{https://a.example/c/ama-7k2d-9qxp/?r=2026.11.0\\#q2}.}";
  assert.equal(latexOfQuote(ofCase, "AMA-7k2d-9qxp", 2), ofQuote);
  const short = "AMA-7k2d-9qxp\\footnote{An Atlas, case AMA-7k2d-9qxp: ``x''.}";
  assert.equal(latexOfQuote(short, "AMA-7k2d-9qxp", 12), "AMA-7k2d-9qxp\\footnote{An Atlas, case AMA-7k2d-9qxp, quote 12: ``x''.}");
});
