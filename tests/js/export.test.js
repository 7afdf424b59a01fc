import assert from "node:assert/strict";
import { test } from "node:test";
import { bibtexOf, fileName, FORMATS, writeBibtex, writeCsv, writeExport, writeJsonLines, writeMarkdown } from "../../assets/js/export.js";
import { makeCutter } from "../../assets/js/pieces.js";
import { oneLine } from "../../assets/js/tex.js";
import { openFixture, readJson } from "./files.js";

const ABOUT = { title: "An Atlas & more", words: "Developer Constraint Violation,\nwith “undo”", address: "https://atlas.example/?q=undo&form=S3", release: "2026.1", released: "2026-03-02", base: "2 of 9,481 cases", hasAddresses: true };
const ROW = {
  id: "AMA-1234-5678", url: "https://atlas.example/c/ama-1234-5678/", name: 'Deleted "main", again', date: "2025-04-03",
  labels: { form: ["S3", "S7"], "cause:tier": ["C6:direct", "C7:na"], severity: ["DS1"], locus: [], status: ["RS2"], workflow: ["CLI"], agent: ["Codex"] },
  userTurns: 12, agentTurns: null, description: "It deleted\nthe branch…", quote: "=cmd() undo *that* <now>",
};
/** Computed with `printf 'AMA-0000-0000\\nAMA-1234-5678\\n' | sha256sum | cut -c1-16`, and of the second alone. */
const [PRINT, ONE_PRINT] = ["d0af221e8457a027", "b958ddef8c0f4797"];
const BARE = { id: "AMA-0000-0000", url: "https://atlas.example/c/ama-0000-0000/", name: "", date: "", labels: {}, userTurns: null, agentTurns: null, description: "", quote: "" };

test("CSV begins with five comment lines, then has a field for every column in every record", () => {
  const lines = writeCsv(ABOUT, [ROW, BARE]).split("\r\n");
  assert.deepEqual(lines.slice(0, 5), [
    "# Atlas: An Atlas & more", "# Release: 2026.1, 2026-03-02", "# Query: Developer Constraint Violation, with “undo”",
    "# Address: https://atlas.example/?q=undo&form=S3", `# Cases: 2 of 9,481 cases, fingerprint ${PRINT}`,
  ]);
  const [header, row, bare] = lines.slice(5);
  assert.ok(header.startsWith("id,url,name,date,form,cause_tier,severity,"));
  assert.equal(row, 'AMA-1234-5678,https://atlas.example/c/ama-1234-5678/,"Deleted ""main"", again",2025-04-03,S3 S7,C6:direct C7:na,DS1,,RS2,,CLI,Codex,,,,,,,,12,,"It deleted\nthe branch…",\'=cmd() undo *that* <now>');
  assert.equal(bare.split(",").length, header.split(",").length);
});

test("notes have a column only where there are notes", () => {
  assert.ok(!writeCsv(ABOUT, [ROW]).includes(",note\r\n"));
  const text = writeCsv(ABOUT, [{ ...ROW, note: "see, this" }, { ...BARE, note: "" }]);
  assert.ok(text.includes(",note\r\n"));
  assert.ok(text.includes(',"see, this"\r\n'));
});

test("JSON Lines hold every row as it is, after a line about them", () => {
  const lines = writeJsonLines(ABOUT, [ROW, BARE]).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], { about: { atlas: "An Atlas & more", release: "2026.1, 2026-03-02", query: "Developer Constraint Violation, with “undo”", address: ABOUT.address, cases: "2 of 9,481 cases", fingerprint: PRINT } });
  assert.deepEqual(lines.slice(1), [ROW, BARE]);
});

test("BibTeX entries are those of the case pages", () => {
  const cut = makeCutter(openFixture().placeholders);
  for (const { id, name, bibtex } of readJson("bibtex.json")) {
    const shown = oneLine(cut(name).map((piece) => piece.text).join(""));
    assert.equal(bibtexOf(ABOUT, { ...BARE, id, name: shown, url: `https://atlas.example/c/${id.toLowerCase()}/` }), bibtex, name);
  }
});

test("BibTeX comments hold no entry, and without a lasting address there is none", () => {
  const text = writeBibtex({ ...ABOUT, words: "with “@misc{x}”", hasAddresses: false }, [ROW]);
  assert.equal(text.match(/@/g).length, 1);
  assert.ok(!text.includes("url ="));
  assert.ok(text.startsWith("% Atlas: An Atlas & more\n% Release: "));
});

test("Markdown shows words as words", () => {
  const text = writeMarkdown(ABOUT, [{ ...ROW, name: "a [link](x) *b* # c" }, BARE]);
  assert.ok(text.includes("1. [a \\[link\\](x) \\*b\\* \\# c](https://atlas.example/c/ama-1234-5678/)"));
  assert.ok(text.includes("AMA-1234-5678 · S3 · S7 · C6:direct · C7 · DS1 · RS2 · CLI · 2025-04-03"));
  assert.ok(text.includes("   > =cmd() undo \\*that\\* \\<now\\>"));
  assert.ok(text.includes("2. [Untitled case]"));
  assert.ok(text.includes("- Cases: 2 of 9,481 cases"));
});

test("every format says what was asked, where, of how many, of which release and with which fingerprint", () => {
  for (const { format } of FORMATS) {
    const text = writeExport(format, ABOUT, [ROW]).replaceAll("\\", "");
    for (const part of ["with “undo”", "?q=undo&form=S3", "2 of 9,481 cases", "2026.1, 2026-03-02", ONE_PRINT]) assert.ok(text.includes(part), `${format}: ${part}`);
  }
  assert.equal(fileName(ABOUT, "csv"), "an-atlas-more-2026.1-cases.csv");
});
