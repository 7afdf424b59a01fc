import assert from "node:assert/strict";
import { test } from "node:test";
import { askedRelease, compare, readHistory, sinceLink } from "../../assets/js/case-history.js";

const FIRST = { form: "S2", cause: "C6 contextual", locus: "", redactions: "1", text: "aa", all: "11" };
const SECOND = { ...FIRST, form: "S2, S3", cause: "C6 direct", text: "bb", all: "22" };
const RELEASES = ["2026.09.0", "2026.10.0", "2026.11.0", "2026.12.0"];
const revised = { releases: RELEASES, states: [["2026.10.0", FIRST], ["2026.11.0", SECOND]] };

test("a case that did not change is called unchanged", () => {
  assert.equal(sinceLink(revised, "2026.11.0"), "Unchanged since your link (release 2026.11.0).");
  assert.equal(sinceLink(revised, "2026.12.0"), "Unchanged since your link (release 2026.12.0).");
});

test("changes are told field by field", () => {
  assert.equal(
    sinceLink(revised, "2026.10.0"),
    "Changed since your link (release 2026.10.0): form was S2, is S2 and S3; cause was C6 contextual, is C6 direct; the text changed.",
  );
});

test("labels are told with their names", () => {
  const names = { S2: "Misread Developer Intent", S3: "Developer Constraint Violation", C6: "Instruction-Following Failure" };
  assert.equal(
    sinceLink({ ...revised, names }, "2026.10.0"),
    "Changed since your link (release 2026.10.0): form was S2 Misread Developer Intent, is S2 Misread Developer Intent and S3 Developer Constraint Violation; cause was C6 Instruction-Following Failure, contextual evidence, is C6 Instruction-Following Failure, direct evidence; the text changed.",
  );
});

test("a change and its reversal leave a case unchanged", () => {
  const back = { releases: RELEASES, states: [["2026.09.0", FIRST], ["2026.10.0", SECOND], ["2026.11.0", FIRST]] };
  assert.equal(sinceLink(back, "2026.09.0"), "Unchanged since your link (release 2026.09.0).");
});

test("a link from before the case, or from no release, is told so without repeating it", () => {
  assert.equal(sinceLink(revised, "2026.09.0"), "Your link names release 2026.09.0, but this case was published later, in 2026.10.0.");
  assert.equal(sinceLink(revised, "<b>x"), "Your link names a release that this site does not know.");
  assert.equal(sinceLink(revised, "constructor"), "Your link names a release that this site does not know.");
  assert.equal(sinceLink(revised, ""), "");
});

test("withdrawal and return are told", () => {
  const gone = { releases: RELEASES, states: [["2026.09.0", FIRST], ["2026.11.0", null]] };
  assert.equal(sinceLink(gone, "2026.10.0"), "Withdrawn since your link (release 2026.10.0), in release 2026.11.0.");
  assert.equal(sinceLink(gone, "2026.11.0"), "Withdrawn already in release 2026.11.0.");
  const back = { releases: RELEASES, states: [...gone.states, ["2026.12.0", FIRST]] };
  assert.equal(sinceLink(back, "2026.11.0"), "Published again since your link (release 2026.11.0); it was withdrawn then.");
  assert.equal(sinceLink(back, "2026.09.0"), "Unchanged since your link (release 2026.09.0).");
});

test("what is not yet released counts as newer than every release", () => {
  const pending = { releases: RELEASES, states: [["2026.09.0", FIRST], ["unreleased", null]] };
  assert.equal(sinceLink(pending, "2026.12.0"), "Withdrawn since your link (release 2026.12.0).");
  const fresh = { releases: RELEASES, states: [["unreleased", FIRST]] };
  assert.equal(sinceLink(fresh, "2026.12.0"), "Your link names release 2026.12.0, but this case was published later.");
});

test("none stands for a label that came or went, and session facts are told when nothing else changed", () => {
  assert.deepEqual(compare(FIRST, { ...FIRST, locus: "DL1" }), ["locus was none, is DL1"]);
  assert.deepEqual(compare(FIRST, { ...FIRST, all: "33" }), ["facts about the session changed"]);
});

test("what is no history is none, and addresses are read without throwing", () => {
  for (const json of ["", "{", "null", "[]", '{"releases": [], "states": []}', '{"releases": 1}']) assert.equal(readHistory(json), null);
  assert.deepEqual(readHistory(JSON.stringify(revised)), revised);
  assert.equal(askedRelease("?r=2026.09.0&x=%"), "2026.09.0");
  assert.equal(askedRelease(""), "");
});
