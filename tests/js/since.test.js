import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSet } from "../../assets/js/bitset.js";
import { fingerprint } from "../../assets/js/fingerprint.js";
import { answer } from "../../assets/js/query.js";
import { compareLists, isOfLabels, listThen, readSince, settle } from "../../assets/js/since.js";
import { parse } from "../../assets/js/state.js";
import { makeRandom, openFixture, pick, readJson } from "./files.js";

const index = openFixture();
const episodes = readJson("episodes.json");
const ids = episodes.map(({ id }) => id);
const turns = Uint32Array.from(episodes, (episode) => (episode.turns === null ? 0 : episode.turns + 1));
const FACETS = ["form", "cause", "tier", "severity", "locus", "status", "resolver", "cause:tier", "workflow", "goal", "source", "license", "confidence"];
const NOTHING = { format: "misalignment-atlas since 1", release: "1", date: "2026-01-01", now: "2", published: 0, facets: FACETS, states: [], added: [], revised: [], withdrawn: [], removed: [] };

const factsOf = (ordinal) => [episodes[ordinal].values.agent[0], episodes[ordinal].values.month[0], episodes[ordinal].turns];
const valuesOf = (ordinal) => FACETS.map((name) => episodes[ordinal].values[name]);
const isCase = (ordinal) => episodes[ordinal].values.validation[0] === "=VALID";
const cases = ids.map((_, ordinal) => ordinal).filter(isCase);
const ask = (address, since, text = null) => listThen({ index, state: parse(address).state, text, turns, ids }, { ...NOTHING, ...since });
const now = (address, text = null) => answer(index, parse(address).state, text, turns).matches.slice().map((ordinal) => ids[ordinal]);
const has = (ordinal, name, key) => episodes[ordinal].values[name].includes(key);

test("where nothing has changed, the list of then is that of now", () => {
  for (const address of ["", "form=S3", "form=S3,-S7&cause=C6:direct", "agent=none", "from=2025-01&turns=5..20", "validation=INVALID"]) {
    assert.deepEqual(ask(address, {}), { certain: now(address), supposed: [], doubtful: [] }, address);
  }
});

test("what was added is not in the list of then", () => {
  const added = now("form=S3").slice(0, 3);
  assert.deepEqual(ask("form=S3", { added }).certain, now("form=S3").slice(3));
});

test("a relabelled case is found by its labels of then", () => {
  const left = cases.find((ordinal) => has(ordinal, "form", "=S3"));
  const joined = cases.find((ordinal) => !has(ordinal, "form", "=S3"));
  const other = cases.find((ordinal) => has(ordinal, "form", "=S3") && ordinal !== left);
  const states = [valuesOf(joined), valuesOf(other)];
  const since = { states, revised: [[ids[left], 0, 0, factsOf(left)], [ids[joined], 1, 0, factsOf(joined)]] };
  const then = ask("form=S3", since);
  assert.deepEqual(new Set(then.certain), new Set([...now("form=S3").filter((id) => id !== ids[left]), ids[joined]]));
  assert.deepEqual(then.doubtful, []);
});

test("a label that no case has any more is found among those of then", () => {
  const states = [valuesOf(cases[0]).map((keys, i) => (FACETS[i] === "license" ? ["=Zlib-acknowledgement"] : keys))];
  assert.deepEqual(ask("license=Zlib-acknowledgement", { states, revised: [[ids[cases[0]], 0, 0, factsOf(cases[0])]] }).certain, [ids[cases[0]]]);
});

test("a withdrawn case is found by its labels and facts, and is doubtful for words", () => {
  const state = valuesOf(cases[0]);
  const since = { states: [state], withdrawn: [["AMA-gone-0001", 0, ["=Tool", "=2025-03", 7]]] };
  const form = state[0][0].slice(1);
  const different = ["S1", "S2", "S3", "S5", "S6", "S7"].find((code) => !state[0].includes(`=${code}`));
  const found = (/** @type {string} */ address) => ask(address, since).certain.includes("AMA-gone-0001");
  assert.deepEqual(ask(`form=${form}`, since).certain, [...now(`form=${form}`), "AMA-gone-0001"]);
  assert.deepEqual(ask(`form=${different}`, since), { certain: now(`form=${different}`), supposed: [], doubtful: [] });
  const asked = ["agent=Tool", "agent=-Tool", "agent=none", "from=2025-03&to=2025-03", "from=2025-04", "turns=7", "turns=8..", `agent=Tool&form=${different}`];
  assert.deepEqual(asked.map(found), [true, false, false, true, false, true, false, false]);
  assert.deepEqual(ask(`q=x&form=${form}`, since, new BitSet(index.size)), { certain: [], supposed: [], doubtful: ["AMA-gone-0001"] });
  assert.deepEqual(ask(`q=x&form=${different}`, since, new BitSet(index.size)).doubtful, [], "its labels rule it out");
  assert.deepEqual(ask("q=x&from=2025-04", since, new BitSet(index.size)).doubtful, [], "its month rules it out");
});

test("without facts in an old release file, a withdrawn case is doubtful where they are asked for", () => {
  const state = valuesOf(cases[0]);
  const since = { states: [state], withdrawn: [["AMA-gone-0001", 0, null]] };
  const form = state[0][0].slice(1);
  const different = ["S1", "S2", "S3", "S5", "S6", "S7"].find((code) => !state[0].includes(`=${code}`));
  assert.deepEqual(ask(`form=${form}&from=2025-01`, since).doubtful, ["AMA-gone-0001"]);
  assert.deepEqual(ask(`form=${different}&agent=-x`, since).doubtful, [], "its labels rule it out");
  assert.deepEqual(ask("agent=-x", since).certain, now("agent=-x"), "an exclusion does not take it in");
});

test("a case whose session has changed is found by its facts of then", () => {
  const [first] = cases;
  const since = { states: [valuesOf(first)], revised: [[ids[first], 0, 0, ["=Tool", "?none", null]]] };
  assert.deepEqual(ask("agent=Tool", since), { certain: [ids[first]], supposed: [], doubtful: [] });
  assert.equal(ask("turns=0..", since).certain.includes(ids[first]), false);
  assert.equal(ask("from=2020-01", since).certain.includes(ids[first]), false);
});

test("of a case taken down nothing is known, unless all cases are listed", () => {
  const since = { removed: ["AMA-gone-0002"] };
  assert.deepEqual(ask("", since), { certain: [...now(""), "AMA-gone-0002"], supposed: [], doubtful: [] });
  assert.deepEqual(ask("form=-S3", since), { certain: now("form=-S3"), supposed: [], doubtful: ["AMA-gone-0002"] });
});

test("a case whose text has changed is doubtful for words, one whose session has for its facts", () => {
  const [first, second] = cases;
  const text = BitSet.of(index.size, [first, cases[5]]);
  const since = { states: [valuesOf(first), valuesOf(second)], revised: [[ids[first], 0, 3, null], [ids[second], 1, 2, null]] };
  const words = ask("q=x", since, text);
  assert.deepEqual(words, { certain: [ids[cases[5]]], supposed: [ids[first]], doubtful: [ids[first]] });
  const facts = ask("turns=0..", since);
  assert.deepEqual(new Set(facts.doubtful), new Set([ids[first], ids[second]]));
  assert.deepEqual(ask("form=S1,S2,S3,S4,S5,S6,S7,S8", since).doubtful, []);
});

test("the fingerprint settles which of the doubtful cases were listed", () => {
  const then = { certain: ["AMA-a", "AMA-b"], supposed: ["AMA-c"], doubtful: ["AMA-c", "AMA-d", "AMA-e"] };
  assert.deepEqual(settle(then, 3, fingerprint(["AMA-a", "AMA-b", "AMA-c"])), { ids: ["AMA-a", "AMA-b", "AMA-c"], isProven: true });
  assert.deepEqual(settle(then, 4, fingerprint(["AMA-a", "AMA-b", "AMA-d", "AMA-e"])), { ids: ["AMA-a", "AMA-b", "AMA-d", "AMA-e"], isProven: true });
  assert.deepEqual(settle(then, 2, fingerprint(["AMA-a", "AMA-b"])), { ids: ["AMA-a", "AMA-b"], isProven: true });
  assert.deepEqual(settle(then, 3, "0".repeat(16)), { ids: ["AMA-a", "AMA-b", "AMA-c"], isProven: false });
  assert.deepEqual(settle(then, null, ""), { ids: ["AMA-a", "AMA-b", "AMA-c"], isProven: false });
  assert.deepEqual(settle(then, 9, fingerprint(["AMA-x"])), { ids: ["AMA-a", "AMA-b", "AMA-c"], isProven: false });
});

test("too many doubtful cases are not tried one by one", () => {
  const doubtful = Array.from({ length: 200 }, (_, i) => `AMA-${i}`);
  const before = process.cpuUsage().user;
  assert.equal(settle({ certain: [], supposed: [], doubtful }, 100, fingerprint(doubtful.slice(0, 100))).isProven, false);
  assert.ok(process.cpuUsage().user - before < 1_000_000);
});

test("what came and went is told apart by what has become of it", () => {
  const since = { ...NOTHING, added: ["A"], withdrawn: [["W", 0, null]], removed: ["R"], revised: [["J", 0, 0, null], ["L", 0, 0, null], ["S", 0, 0, null]] };
  assert.deepEqual(compareLists(["W", "R", "L", "S", "U"], ["A", "J", "S", "U"], since), {
    added: ["A"], withdrawn: ["W"], removed: ["R"], left: ["L"], joined: ["J"], revised: ["S"],
  });
});

test("a file of another format is refused", () => {
  assert.throws(() => readSince({ format: "misalignment-atlas since 2" }), /format/);
  assert.throws(() => readSince(null), /format/);
  assert.equal(readSince(NOTHING), NOTHING);
});

test("which questions labels answer", () => {
  assert.deepEqual(["form=S3&license=MIT", "q=x", "agent=Cursor", "from=2025-01", "turns=3", ""].map((address) => isOfLabels(parse(address).state)), [true, false, false, false, false, true]);
});

test("for any labels of then and any question about labels, the list of then is that of brute force", () => {
  const random = makeRandom(23);
  const values = ["form=S3", "form=-S3", "form=S2,S7", "form.match=all&form=S3,S7", "cause=C6", "cause=C6:direct", "cause=-C2", "severity=DS1", "locus=na", "workflow=CLI", "license=MIT,-Apache-2.0", "goal=none"];
  for (let round = 0; round < 150; round++) {
    const states = Array.from({ length: 6 }, () => valuesOf(pick(random, cases)));
    const revised = cases.filter(() => random() < 0.2).map((ordinal) => [ids[ordinal], Math.floor(random() * 6), 0, factsOf(ordinal)]);
    const withdrawn = Array.from({ length: 4 }, (_, i) => [`AMA-gone-000${i}`, Math.floor(random() * 6), ["=Tool", "?none", null]]);
    const changed = new Map(revised.map(([id, state]) => [id, state]));
    const added = cases.map((ordinal) => ids[ordinal]).filter((id) => !changed.has(id) && random() < 0.1);
    const address = `${pick(random, values)}&${pick(random, values)}`;
    const labels = [
      ...cases.filter((ordinal) => !added.includes(ids[ordinal])).map((ordinal) => [ids[ordinal], changed.has(ids[ordinal]) ? states[changed.get(ids[ordinal])] : valuesOf(ordinal)]),
      ...withdrawn.map(([id, state]) => [id, states[state]]),
    ];
    const { state } = parse(address);
    const expected = labels.filter(([, found]) => [...state.facets].every(([name, choice]) => fits(name, choice, found))).map(([id]) => id);
    const then = ask(address, { states, revised, withdrawn, added });
    assert.deepEqual(new Set(then.certain), new Set(expected), address);
    assert.deepEqual(then.doubtful, []);
  }
});

function fits(name, { include, exclude, all }, found) {
  const keys = [...found[FACETS.indexOf(name)], ...(name === "cause" ? found[FACETS.indexOf("cause:tier")] : [])];
  const isIn = include.length === 0 || (all ? include.every((key) => keys.includes(key)) : include.some((key) => keys.includes(key)));
  return isIn && !exclude.some((key) => keys.includes(key));
}
