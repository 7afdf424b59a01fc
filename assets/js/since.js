/**
 * What a cited result was in an older release, and what has become of it. Pure.
 *
 * A release file knows a case's labels and the facts of its session, but no texts; `releases/<version>/since.json` holds
 * what differs from today. A case that does not differ is found by the same queries as today. Of a case that does, it is
 * doubtful whether words found it, and the fingerprint in the link settles that wherever it can.
 */
import { BitSet } from "./bitset.js";
import { answer } from "./query.js";
import { fingerprint } from "./fingerprint.js";
import { isFiltered } from "./state.js";

/**
 * @typedef {import("./decode.js").Index} Index
 * @typedef {import("./decode.js").Facet} Facet
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Since the file
 * @property {string} format
 * @property {string} release
 * @property {string | null} date
 * @property {string | null} now the release that the site shows
 * @property {number} published how many cases there were
 * @property {string[]} facets
 * @property {string[][][]} states facet -> keys
 * @property {string[]} added
 * @property {[string, number, number, Facts][]} revised id, state of then, and what may have been otherwise
 * @property {[string, number, Facts][]} withdrawn
 * @property {string[]} removed
 *
 * Agent and month as keys, and turns or null; null in all where a release does not know them.
 * @typedef {[string, string, number | null] | null} Facts
 *
 * @typedef {object} Asked a state with all it needs to be answered
 * @property {Index} index
 * @property {State} state
 * @property {BitSet | null} text
 * @property {Uint32Array | null} turns
 * @property {string[]} ids by ordinal
 *
 * @typedef {object} Then
 * @property {string[]} certain listed for sure, as far as texts and corpus let words find the same
 * @property {string[]} supposed of the doubtful: those that are listed if what is not known was as it is today
 * @property {string[]} doubtful
 *
 * @typedef {object} Changes ids
 * @property {string[]} added
 * @property {string[]} withdrawn
 * @property {string[]} removed taken down: nothing of them is kept
 * @property {string[]} left still published, but they no longer fit
 * @property {string[]} joined published before, but they fit only now
 * @property {string[]} revised listed then and now, with other labels or texts
 */

const FORMAT = "misalignment-atlas since 1";
const TEXT = 1;
const FACTS = 2;
/** How many ids may be hashed in trying which of the doubtful cases were listed: less than half a second. */
const MOST_HASHED = 400_000;

/** @param {any} file @returns {Since} */
export function readSince(file) {
  if (file?.format !== FORMAT) throw new Error(`format ${file?.format}, this script reads ${FORMAT}`);
  return file;
}

/** Whether a state asks for facts of the session that release files do not hold. @param {State} state */
function asksFacts({ facets, from, to, turns }) {
  return facets.has("agent") || from !== "" || to !== "" || turns !== null;
}

/** Whether only labels were asked for, so that who comes in or goes was given others. @param {State} state */
export function isOfLabels(state) {
  return state.q.trim() === "" && !asksFacts(state) && !state.facets.has("scrubbed");
}

/** What a state would have listed in the older release. @param {Asked} asked @param {Since} since @returns {Then} */
export function listThen({ index, state, text, turns, ids }, since) {
  const ordinals = new Map(ids.map((id, ordinal) => [id, ordinal]));
  const all = [...ids, ...since.withdrawn.map(([id]) => id), ...since.removed];
  const rows = rowsOfThen(since, ordinals, ids.length);
  const then = indexOfThen(index, since, rows, all.length);
  const isDoubtful = doubts(state, text !== null, since);
  const full = answer(then, state, text && widen(text, all.length), turns && turnsOfThen(turns, rows, all.length)).matches;
  const isUnsure = asksFacts(state) && rows.some(({ facts }) => facts === null);
  const possible = answer(then, isUnsure ? withoutFacts(state) : { ...state, q: "" }, null, turns && turnsOfThen(turns, rows, all.length)).matches;
  const isNew = new Set(since.added);
  const isRemoved = new Set(since.removed);
  const listed = (/** @type {BitSet} */ set) => set.slice().map((ordinal) => all[ordinal]).filter((id) => !isNew.has(id));
  const supposed = listed(full).filter((id) => isDoubtful.has(id) && !isRemoved.has(id));
  const removed = since.removed.filter((id) => isDoubtful.has(id));
  return {
    certain: listed(full).filter((id) => !isDoubtful.has(id)),
    supposed,
    doubtful: [...listed(possible).filter((id) => isDoubtful.has(id) && !isRemoved.has(id)), ...removed],
  };
}

/** Cases that differ or have gone, with their place and what is known of them. @param {Since} since @param {Map<string, number>} ordinals @param {number} size */
function rowsOfThen({ states, revised, withdrawn }, ordinals, size) {
  return [
    ...revised.flatMap(([id, state, , facts]) => (ordinals.has(id) ? [{ ordinal: ordinals.get(id) ?? 0, keys: states[state], facts }] : [])),
    ...withdrawn.map(([, state, facts], i) => ({ ordinal: size + i, keys: states[state], facts })),
  ];
}

/** The state without what asks for facts of the session. @param {State} state @returns {State} */
function withoutFacts(state) {
  return { ...state, q: "", from: "", to: "", turns: null, facets: new Map([...state.facets].filter(([name]) => name !== "agent")) };
}

/** Cases of which a release file does not say whether they fitted. @param {State} state @param {boolean} hasWords @param {Since} since */
function doubts(state, hasWords, { revised, withdrawn, removed }) {
  const asked = (hasWords ? TEXT : 0) | (asksFacts(state) ? FACTS : 0);
  const unknown = withdrawn.filter(([, , facts]) => (asked & TEXT) !== 0 || ((asked & FACTS) !== 0 && facts === null));
  return new Set([
    ...revised.filter(([, , otherwise]) => (otherwise & asked) !== 0).map(([id]) => id),
    ...unknown.map(([id]) => id),
    ...(isFiltered(state) ? removed : []),
  ]);
}

/** @typedef {ReturnType<typeof rowsOfThen>[number]} Row */

/** The index with the labels of then, and behind today's episodes those that have gone. @param {Index} index @param {Since} since @param {Row[]} rows @param {number} size @returns {Index} */
function indexOfThen(index, since, rows, size) {
  /** @type {Map<string, Facet>} */
  const facets = new Map([...index.facets].map(([name, facet]) => [name, { ...facet, sets: new Map([...facet.sets].map(([key, set]) => [key, widen(set, size)])) }]));
  const replace = (/** @type {string} */ name, /** @type {Row[]} */ replaced, /** @type {(row: Row) => readonly string[]} */ keysOf) => {
    const sets = facets.get(name)?.sets;
    if (!sets) return;
    const old = BitSet.of(size, replaced.map(({ ordinal }) => ordinal));
    for (const set of sets.values()) set.andNot(old);
    for (const row of replaced) for (const key of keysOf(row)) added(sets, key, size).add(row.ordinal);
  };
  since.facets.forEach((name, place) => replace(name, rows, ({ keys }) => keys[place]));
  const known = rows.filter(({ facts }) => facts !== null);
  replace("agent", known, ({ facts }) => [facts?.[0] ?? ""]);
  replace("month", known, ({ facts }) => [facts?.[1] ?? ""]);
  const cases = facets.get("validation")?.sets;
  if (cases) for (let ordinal = index.size; ordinal < size; ordinal++) added(cases, "=VALID", size).add(ordinal);
  return { ...index, size, facets };
}

/** One more than the turns, 0 where none are recorded. @param {Uint32Array} turns @param {Row[]} rows @param {number} size */
function turnsOfThen(turns, rows, size) {
  const wide = new Uint32Array(size);
  wide.set(turns);
  for (const { ordinal, facts } of rows) if (facts) wide[ordinal] = facts[2] === null ? 0 : facts[2] + 1;
  return wide;
}

/** @param {Map<string, BitSet>} sets @param {string} key @param {number} size */
function added(sets, key, size) {
  const set = sets.get(key) ?? new BitSet(size);
  sets.set(key, set);
  return set;
}

/** @param {BitSet} set @param {number} size */
function widen(set, size) {
  const wide = new BitSet(size);
  wide.words.set(set.words);
  return wide;
}

/**
 * Which of the doubtful cases were listed, if count and fingerprint of the link tell.
 * @param {Then} then @param {number | null} count @param {string} print
 * @returns {{ids: string[], isProven: boolean}}
 */
export function settle({ certain, supposed, doubtful }, count, print) {
  const likely = [...certain, ...supposed];
  if (count === null || print === "") return { ids: likely, isProven: false };
  const fits = (/** @type {string[]} */ ids) => ids.length === count && fingerprint(ids) === print;
  if (fits(likely)) return { ids: likely, isProven: true };
  const wanted = count - certain.length;
  if (wanted < 0 || wanted > doubtful.length || choices(doubtful.length, wanted) * count > MOST_HASHED) return { ids: likely, isProven: false };
  for (const chosen of combinations(doubtful, wanted)) {
    const ids = [...certain, ...chosen];
    if (fits(ids)) return { ids, isProven: true };
  }
  return { ids: likely, isProven: false };
}

/** How many ways there are to choose some of many. @param {number} many @param {number} some */
function choices(many, some) {
  let ways = 1;
  for (let i = 1; i <= Math.min(some, many - some); i++) ways = (ways * (many - i + 1)) / i;
  return ways;
}

/** @template T @param {T[]} items @param {number} size @returns {Generator<T[]>} */
function* combinations(items, size) {
  if (size === 0) return yield [];
  for (let i = 0; i + size <= items.length; i++) {
    for (const rest of combinations(items.slice(i + 1), size - 1)) yield [items[i], ...rest];
  }
}

/** @param {string[]} then @param {string[]} now @param {Since} since @returns {Changes} */
export function compareLists(then, now, since) {
  const [before, after] = [new Set(then), new Set(now)];
  const gone = then.filter((id) => !after.has(id));
  const come = now.filter((id) => !before.has(id));
  const [added, withdrawn, removed] = [new Set(since.added), new Set(since.withdrawn.map(([id]) => id)), new Set(since.removed)];
  return {
    added: come.filter((id) => added.has(id)),
    withdrawn: gone.filter((id) => withdrawn.has(id)),
    removed: gone.filter((id) => removed.has(id)),
    left: gone.filter((id) => !withdrawn.has(id) && !removed.has(id)),
    joined: come.filter((id) => !added.has(id)),
    revised: since.revised.map(([id]) => id).filter((id) => before.has(id) && after.has(id)),
  };
}
