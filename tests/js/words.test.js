import assert from "node:assert/strict";
import { test } from "node:test";
import { makeHighlighter } from "../../assets/js/highlight.js";
import { messagesFor } from "../../assets/js/notices.js";
import { makeCutter } from "../../assets/js/pieces.js";
import { parse, serialise } from "../../assets/js/state.js";
import { readQuery } from "../../assets/js/terms.js";
import { denominator, filtersOf, labelPage, sentence, thousands, valueName, wider, without } from "../../assets/js/words.js";
import { openFixture, readJson } from "./files.js";

const index = openFixture();
const say = (address, total) => sentence(index, parse(address).state, total);

test("the sentence names what is asked for and the base", () => {
  const cases = index.cases;
  assert.equal(say("", cases), `All ${cases} cases, newest session first.`);
  assert.equal(say("sort=rare", cases), `All ${cases} cases, rarest labels first.`);
  assert.equal(say("form=S3&workflow=CLI", 7), `7 of ${cases} cases: Developer Constraint Violation, in CLI.`);
  assert.equal(say("form=S3,S7&form.match=all", 2), `2 of ${cases} cases: Developer Constraint Violation and Inaccurate Self-Reporting.`);
  assert.equal(say("form=S3,S7,-S2", 2), `2 of ${cases} cases: Developer Constraint Violation or Inaccurate Self-Reporting, not Misread Developer Intent.`);
  assert.equal(say("q=%3Cb%3E+x&from=2025-01&to=2025-03", 0), `None of ${cases} cases: from Jan 2025, until Mar 2025, with “<b> x”.`);
  assert.equal(say("locus=na&agent=none&turns=5..", 3), `3 of ${cases} cases: no locus applies, agent not recorded, at least 5 turns.`);
});

test("names that say nothing by themselves stand behind what they name", () => {
  assert.equal(say("license=MIT,-Zlib&agent=Aider&source=swe&form=S99&workflow=CLI", 0), `None of ${index.cases} cases: form S99, in CLI, agent Aider, source SWE-chat, license MIT, not license Zlib.`);
  assert.equal(say("cause=C6:direct&severity=DS0&tier=direct", 1), `1 of ${index.cases} cases: Instruction-Following Failure, direct evidence, direct evidence, No damage.`);
  assert.equal(say("scrubbed=any,-EMAIL", 1), `1 of ${index.cases} cases: something scrubbed, not e-mail address scrubbed.`);
  assert.equal(say("scrubbed=IP,FOO", 0), `None of ${index.cases} cases: IP address scrubbed or FOO scrubbed.`);
  assert.match(say("validation=INVALID&invalid=truncation", 1), /: rejected because of truncation\.$/);
});

test("the sentence says where not all of the cases have all the words", () => {
  const state = { ...parse("q=a+b&form=S3").state, mostly: true };
  assert.equal(sentence(index, state, 4), `4 of ${index.cases} cases: Developer Constraint Violation, with most of “a b”.`);
  assert.equal(serialise(state), "q=a+b&form=S3", "it is no part of the address");
});

test("rejected candidates have a base of their own", () => {
  assert.deepEqual(denominator(index, parse("validation=INVALID").state), { count: index.size - index.cases, word: "rejected candidates", one: "rejected candidate" });
  assert.equal(denominator(index, parse("validation=VALID,INVALID").state).count, index.size);
});

test("values have names; unknown ones are shown as they are", () => {
  assert.equal(valueName(index, "form", "=S3"), "Developer Constraint Violation");
  assert.equal(valueName(index, "form", "=S99"), "S99");
  assert.equal(valueName(index, "cause", "=C6:direct"), "Instruction-Following Failure, direct evidence");
  assert.equal(valueName(index, "agent", "=none"), "none");
  assert.equal(valueName(index, "agent", "?none"), "not recorded");
  assert.equal(valueName(index, "invalid", "=custom:ambiguous"), "Ambiguous");
  assert.equal(labelPage(index, "form", "=S3"), "codebook/s3/");
  assert.equal(labelPage(index, "agent", "=Codex"), "");
  assert.deepEqual([0, 999, 1000, 1234567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
});

test("taking every filter away leads to the empty address", () => {
  let { state } = parse("q=a&form=S3,-S7&cause=C6:direct&locus=na&from=2025-01&to=2025-02&turns=3&validation=INVALID");
  assert.equal(filtersOf(index, state).length, 9);
  for (const filter of filtersOf(index, state)) state = without(state, filter);
  assert.equal(serialise(state), "");
});

test("notices name what is not taken as written", () => {
  const messages = (address) => {
    const { state, notices } = parse(address);
    return messagesFor(index, state, notices, { query: readQuery(state.q), correction: null }).map(({ text }) => text);
  };
  assert.deepEqual(messages("form=S3"), []);
  assert.deepEqual(messages("form=S99"), ["No case has “S99” under Form; the value is not known in this release."]);
  assert.equal(messages("view=globe&colour=red&sort=best").length, 3);
  assert.match(messages("q=%3F%3F%3F")[0], /no word to look for in “\?\?\?”/);
  assert.deepEqual(messages("q=%22not+done%22"), []);
  assert.match(messages("cause=C6&tier=direct")[0], /may belong to the other one/);
  assert.match(messages("validation=INVALID")[0], /not cases/);
});

test("the offer to join cause and tier is an address", () => {
  const { state } = parse("cause=C6&tier=direct&form=S3");
  const [message] = messagesFor(index, state, [], { query: readQuery(""), correction: null });
  assert.deepEqual(message.link, { text: "Only Instruction-Following Failure, direct evidence", href: "?form=S3&cause=C6:direct" });
});

test("texts are cut into placeholders and signs as in Python", () => {
  const cut = makeCutter(index.placeholders);
  for (const { text, pieces } of readJson("pieces.json")) assert.deepEqual(cut(text), pieces, text);
});

test("hits are marked as whole words", () => {
  const hits = (typed, text) => makeHighlighter(readQuery(typed))(text).filter(({ isHit }) => isHit).map(({ text: hit }) => hit);
  assert.deepEqual(hits("rule ", "Rules rule the ruler."), ["Rules", "rule"]);
  assert.deepEqual(hits("rul", "Rules rule the ruler."), ["Rules", "rule", "ruler"]);
  assert.deepEqual(hits("naive ", "Naïve nai\u0308ve"), ["Naïve", "nai\u0308ve"]);
  assert.deepEqual(hits("don't ", "don’t do"), ["don’t"]);
  assert.deepEqual(hits("user ", "fetchUserData users"), ["fetchUserData", "users"]);
  assert.deepEqual(hits("package.json ", "see package.json!"), ["package", "json"]);
  assert.deepEqual(hits("组件 ", "使用组件时"), ["组件"]);
  assert.deepEqual(hits("c++ ", "C++ and C"), ["C++"]);
  assert.deepEqual(hits("-rule x ", "rule x"), ["x"]);
});

test("marking changes no character of the text", () => {
  const highlight = makeHighlighter(readQuery("the rules c++ 组件 e"));
  for (const { text } of readJson("terms.json")) assert.equal(highlight(text).map((segment) => segment.text).join(""), text);
});

test("asking for less drops one word or one filter at a time", () => {
  const { state } = parse("q=wrong+branch&form=S3,-S7&page=2");
  assert.deepEqual(wider(index, state, ["wrong", "branch"]).map((offer) => [offer.text, serialise(offer.state)]), [
    ["Without the word “wrong”", "q=branch&form=S3,-S7"],
    ["Without the word “branch”", "q=wrong+&form=S3,-S7"],
    ["Without “wrong branch”", "form=S3,-S7"],
    ["Without “Developer Constraint Violation”", "q=wrong+branch&form=-S7"],
    ["Without “not Inaccurate Self-Reporting”", "q=wrong+branch&form=S3"],
  ]);
});

test("an address that asks for what there is not is told so", () => {
  const texts = (address, found) => messagesFor(index, parse(address).state, [], { query: readQuery(parse(address).state.q), correction: null }, found).map(({ text }) => text);
  assert.deepEqual(texts("page=99", { whole: 3, total: 3, page: 1 }), ["There is no page 99; this is the last one."]);
  assert.deepEqual(texts("page=2", { whole: 3, total: 3, page: 2 }), []);
  assert.deepEqual(texts("sort=relevance"), ["Without words there is no best match; the newest sessions come first."]);
  assert.deepEqual(texts("sort=relevance&q=commit"), []);
  assert.deepEqual(texts("cause=C6:direct:x"), ["No case has “C6:direct:x” under Cause; the value is not known in this release."]);
  assert.match(say("sort=relevance", index.cases), /newest session first\.$/);
});

test("views that do not list a sample say so", () => {
  const texts = (address) => messagesFor(index, parse(address).state, [], { query: readQuery(""), correction: null }).map(({ text }) => text);
  const note = "Cross-tab, timeline, pairs and comparison are of all these cases; cards and table list the sample.";
  for (const address of ["sample=9&view=crosstab", "sample=9&view=timeline", "sample=9&view=pairs", "sample=9&compare=workflow:IDE,CLI"]) assert.deepEqual(texts(address), [note], address);
  for (const address of ["sample=9", "sample=9&view=table", "view=crosstab"]) assert.deepEqual(texts(address), [], address);
});
