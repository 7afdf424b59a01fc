/**
 * Coding cases blind: what may be chosen, how it compares with the study's labels, and how often both agree. Pure. A
 * coding is kept as axis -> codes; an axis that the study left open is not compared.
 */

/** The axes that are coded; those that may have several codes. */
export const AXES = Object.freeze(["form", "cause", "severity", "status"]);
const SEVERAL = Object.freeze(["form", "cause"]);
const VERSION = 1;
const MOST = 5000;
const MOST_CAUSES = 2;
/** Facets that tell an axis: who has chosen cases by them is not blind to it. */
const TELLING = new Map([["form", ["form"]], ["cause", ["cause", "tier"]], ["severity", ["severity", "locus"]], ["status", ["status", "resolver"]]]);
/** Codes that say there is nothing else to say. */
const ALONE = new Map([["form", "S8"], ["cause", "C7"]]);

/**
 * @typedef {Record<string, readonly string[]>} Codes axis -> codes, in the order of the codebook
 * @typedef {{own: Codes, study: Codes}} Pair
 *
 * @typedef {readonly [string, string]} Decision what the reader and what the study chose
 *
 * @typedef {object} Agreement
 * @property {number} size cases that the study coded
 * @property {number} same in how many both chose exactly the same
 * @property {number | null} kappa null where there is nothing that chance would not give
 */

/** What keeps a coding from being one, by the study's rules; none if it is complete. @param {Codes} codes @param {ReadonlyMap<string, string>} names axis -> its name @returns {string[]} */
export function problemsOf(codes, names) {
  const open = AXES.filter((axis) => codes[axis].length === 0);
  const missing = open.length > 0 ? [`Not chosen yet: ${open.map((axis) => (names.get(axis) ?? axis).toLowerCase()).join(", ")}.`] : [];
  const mixed = [...ALONE].filter(([axis, code]) => codes[axis].includes(code) && codes[axis].length > 1);
  const many = codes.cause.length > MOST_CAUSES ? [`At most ${MOST_CAUSES} causes.`] : [];
  return [...missing, ...mixed.map(([, code]) => `${code} stands alone.`), ...many];
}

/** @param {readonly string[]} own @param {readonly string[]} study */
export function isSame(own, study) {
  return own.length === study.length && own.every((code) => study.includes(code));
}

/**
 * How often both agree on one axis. Where a case may have several codes, each code is a question with yes or no.
 * @param {string} axis @param {readonly Pair[]} pairs @param {readonly string[]} codes all of the axis @returns {Agreement}
 */
export function agreementOf(axis, pairs, codes) {
  const coded = pairs.map(({ own, study }) => ({ own: own[axis], study: study[axis] })).filter(({ study }) => study.length > 0);
  const questions = SEVERAL.includes(axis)
    ? codes.map((code) => coded.map(({ own, study }) => /** @type {Decision} */ ([String(own.includes(code)), String(study.includes(code))])))
    : [coded.map(({ own, study }) => /** @type {Decision} */ ([own[0], study[0]]))];
  return { size: coded.length, same: coded.filter(({ own, study }) => isSame(own, study)).length, kappa: kappa(questions) };
}

/**
 * Cohen's kappa: (observed - expected) / (1 - expected), where what is expected are independent choices with each
 * coder's own frequencies. Cohen J. (1960), "A coefficient of agreement for nominal scales", Educational and
 * Psychological Measurement 20, 37-46. Of several questions numerators and denominators are added up before they are
 * divided, so that a code that neither ever chooses counts for nothing.
 * @param {readonly (readonly Decision[])[]} questions decisions of both coders on each @returns {number | null} null without decisions, or where nothing but agreement is expected
 */
export function kappa(questions) {
  let [excess, possible] = [0, 0];
  for (const decisions of questions.filter(({ length }) => length > 0)) {
    const share = (/** @type {(decision: Decision) => boolean} */ test) => decisions.filter(test).length / decisions.length;
    const categories = [...new Set(decisions.flat())];
    const expected = categories.reduce((sum, category) => sum + share(([own]) => own === category) * share(([, study]) => study === category), 0);
    excess += share(([own, study]) => own === study) - expected;
    possible += 1 - expected;
  }
  return possible < 1e-12 ? null : excess / possible;
}

/** The axes to which a reader is not blind, because the cases were chosen by them. @param {(facet: string) => boolean} isChosen @returns {string[]} */
export function toldAxes(isChosen) {
  return AXES.filter((axis) => TELLING.get(axis)?.some(isChosen));
}

/** What is stored in the browser; nothing for anything that is not that. @param {string | null} stored @param {ReadonlyMap<string, readonly string[]>} known axis -> all of its codes @returns {Map<string, Codes>} id -> codes */
export function readCodings(stored, known) {
  try {
    const { version, codings } = JSON.parse(stored ?? "");
    if (version !== VERSION || !Array.isArray(codings)) return new Map();
    return new Map(codings.slice(-MOST).flatMap((coding) => readCoding(coding, known)));
  } catch {
    return new Map();
  }
}

/** @param {any} coding @param {ReadonlyMap<string, readonly string[]>} known @returns {[string, Codes][]} */
function readCoding(coding, known) {
  if (typeof coding?.id !== "string" || typeof coding.own !== "object" || coding.own === null) return [];
  const codesOf = (/** @type {string} */ axis) => (known.get(axis) ?? []).filter((code) => Array.isArray(coding.own[axis]) && coding.own[axis].includes(code));
  const own = Object.fromEntries(AXES.map((axis) => [axis, codesOf(axis)]));
  return problemsOf(own, new Map()).length === 0 ? [[coding.id, own]] : [];
}

/** @param {ReadonlyMap<string, Codes>} codings */
export function writeCodings(codings) {
  return JSON.stringify({ version: VERSION, codings: [...codings].slice(-MOST).map(([id, own]) => ({ id, own })) });
}
