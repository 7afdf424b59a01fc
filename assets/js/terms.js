/**
 * From text to search terms. The specification is the docstring of atlas_build/search/terms.py; both files are held
 * together by tests/js/fixtures/terms.json.
 */

export const LONGEST_WORD = 40;
const MOST_JOINED_WORDS = 4;
export const SHORTEST_PREFIX = 3;

const APOSTROPHES = /[\u2019\u2018\u02bc\u201b\u2032\u00b4\uff07]/g;
const HYPHENS = /[\u2010\u2011\u2012\u2212\ufe63\uff0d]/g;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const DROPPED_MARKS = /(?![\u3099\u309a])\p{M}/gu;
const SPELLED_OUT = /[ßẞæÆœŒøØđĐłŁðÐþÞı]/g;
/** @type {Map<string, string>} */
const LETTERS = new Map([
  ["ß", "ss"], ["ẞ", "SS"], ["æ", "ae"], ["Æ", "AE"], ["œ", "oe"], ["Œ", "OE"], ["ø", "o"], ["Ø", "O"], ["đ", "d"],
  ["Đ", "D"], ["ł", "l"], ["Ł", "L"], ["ð", "d"], ["Ð", "D"], ["þ", "th"], ["Þ", "TH"], ["ı", "i"],
]);

const CHUNK = /[A-Za-z](?:\+\+|#)(?![\p{L}\p{N}_])|[\p{L}\p{N}_]+(?:['.-][\p{L}\p{N}_]+)*/gu;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NUMBER_RUN = /^[0-9]{10,}$/;
const HEX_RUN = /^(?=[a-f]*[0-9])[0-9a-f]{16,}$/i;
const RANDOM_RUN = /^(?=(?:[^0-9]*[0-9]){4})(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{24,}$/;
const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\u{20000}-\u{3ffff}]+/u;
const HUMP = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+/;
const PLAIN = /^[a-z]{3,}$/;
const PLURAL_ES = /(?:ss|sh|tch|nch|rch|x|zz)es$/;
const HAS_VOWEL = /^(?:[^aeiou][^aeiouy]*)?[aeiouy]/;
const ONE_SYLLABLE = /^(?:[^aeiou][^aeiouy]*)?[aeiouy][aeiou]*[^aeiou][^aeiouy]*(?:[aeiouy][aeiou]*)?$/;
const TWO_SYLLABLES = /^(?:[^aeiou][^aeiouy]*)?(?:[aeiouy][aeiou]*[^aeiou][^aeiouy]*){2}/;
const SHORT = /^[^aeiou][^aeiouy]*[aeiouy][^aeiouwxy]$/;
const DOUBLE = /([^aeiouylsz])\1$/;
/** What may be missing of a word's ending while it is typed. */
const ENDINGS = Object.freeze(["", "s", "d", "g", "ng"]);

/**
 * @typedef {object} Word
 * @property {string[]} parts terms that stand for the word together
 * @property {string} whole the word as one term, or ""
 * @property {string} tail a further term that only the index holds: the last character of a run without blanks
 * @property {string} last the last part as written, in lower case
 *
 * @typedef {object} Chunk
 * @property {Word[]} words
 * @property {string} whole
 */

/** Step 1. @param {string} text */
export function fold(text) {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return spell(spell(text).normalize("NFKD").replace(DROPPED_MARKS, ""))
    .replace(SPELLED_OUT, (letter) => LETTERS.get(letter) ?? letter)
    .normalize("NFC");
}

/** @param {string} text */
function spell(text) {
  return text.replace(APOSTROPHES, "'").replace(HYPHENS, "-").replace(INVISIBLE, "");
}

/** Steps 1 and 2. @param {string} text @returns {string[]} */
export function splitChunks(text) {
  return fold(text).match(CHUNK) ?? [];
}

/** Steps 3 to 6, for one chunk of folded text. @param {string} chunk @returns {Chunk} */
export function readChunk(chunk) {
  if (/[+#]$/.test(chunk)) return { words: [makeWord([lower(chunk)], lower(chunk))], whole: "" };
  if (UUID.test(chunk)) return { words: [], whole: "" };
  const pieces = chunk.replaceAll("'", "").split(/[.-]/);
  const whole = join(pieces);
  const isJoinable =
    pieces.length >= 2 &&
    pieces.length <= MOST_JOINED_WORDS &&
    countCharacters(whole) <= LONGEST_WORD &&
    !pieces.some((piece) => isNoise(piece) || UNSPACED.test(piece));
  return { words: pieces.flatMap(readWord), whole: isJoinable ? whole : "" };
}

/** Everything that the index holds for a chunk. @param {Chunk} chunk */
export function chunkTerms(chunk) {
  const found = chunk.words.flatMap((word) => [...word.parts, word.whole, word.tail]);
  return [...new Set([...found, chunk.whole])].filter((term) => term !== "");
}

/** @param {string[]} pieces */
function join(pieces) {
  let joined = pieces[0];
  for (const piece of pieces.slice(1)) joined += (/\p{Nd}$/u.test(joined) && /^\p{Nd}/u.test(piece) ? "." : "") + piece;
  return lower(joined.replaceAll("_", ""));
}

/** @param {string} word */
function isNoise(word) {
  return countCharacters(word) > LONGEST_WORD || NUMBER_RUN.test(word) || HEX_RUN.test(word) || RANDOM_RUN.test(word);
}

/** Code points, as Python counts. @param {string} text */
function countCharacters(text) {
  return text.length <= LONGEST_WORD ? text.length : [...text].length;
}

/** @param {string} word @returns {Word[]} */
function readWord(word) {
  /** @type {Word[]} */
  const words = [];
  let rest = word;
  for (let run = UNSPACED.exec(rest); run; run = UNSPACED.exec(rest)) {
    words.push(...readSpaced(rest.slice(0, run.index)), readUnspaced(lower(run[0])));
    rest = rest.slice(run.index + run[0].length);
  }
  return [...words, ...readSpaced(rest)];
}

/** @param {string} run @returns {Word} */
function readUnspaced(run) {
  const characters = [...run];
  const pairs = characters.slice(1).map((character, i) => characters[i] + character);
  return makeWord([...new Set(pairs)], run, "", characters[characters.length - 1]);
}

/** @param {string} word @returns {Word[]} */
function readSpaced(word) {
  if (word === "" || isNoise(word)) return [];
  const parts = word.split(HUMP).filter((part) => part !== "").map(lower);
  if (parts.length === 0) return [];
  return [makeWord([...new Set(parts.map(stem))], parts[parts.length - 1], parts.length > 1 ? parts.join("") : "")];
}

/** @param {string[]} parts @param {string} last @param {string} [whole] @param {string} [tail] @returns {Word} */
function makeWord(parts, last, whole = "", tail = "") {
  return { parts, last, whole, tail };
}

/** @param {string} text */
function lower(text) {
  return text.toLowerCase().replaceAll("ς", "σ");
}

/** One spelling for the forms of a plain English word. @param {string} part */
export function stem(part) {
  if (!PLAIN.test(part)) return part;
  const word = dropPast(dropPlural(part));
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}i`;
  return word.endsWith("e") ? dropLastE(word) : word;
}

/** @param {string} word */
function dropPlural(word) {
  if (word.length > 4 && /ie[sd]$/.test(word)) return word.slice(0, -2);
  if (PLURAL_ES.test(word)) return word.slice(0, -2);
  return word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

/** @param {string} word */
function dropPast(word) {
  if (word.endsWith("eed") || !/(?:ed|ing)$/.test(word)) return word;
  const rest = word.slice(0, word.endsWith("d") ? -2 : -3);
  if (!HAS_VOWEL.test(rest)) return word;
  if (rest.length <= 2 || /(?:at|bl|iz)$/.test(rest) || SHORT.test(rest)) return `${rest}e`;
  return DOUBLE.test(rest) ? rest.slice(0, -1) : rest;
}

/** @param {string} word */
function dropLastE(word) {
  const rest = word.slice(0, -1);
  const isLong = TWO_SYLLABLES.test(rest) || (ONE_SYLLABLE.test(rest) && !SHORT.test(rest));
  return rest.length > 2 && isLong ? rest : word;
}

/** Terms that a word which is still being typed may turn out to be, beside those that begin like it. @param {string} prefix */
export function possibleTerms(prefix) {
  const terms = ENDINGS.map((ending) => ({ written: prefix + ending, term: stem(prefix + ending) }));
  return [...new Set(terms.filter(({ written, term }) => written !== term).map(({ term }) => term))].filter((term) => !term.startsWith(prefix));
}

/**
 * One thing that has to occur. The parts of every word must occur, or the word as a whole, or the chunk as a whole.
 * @typedef {object} Clause
 * @property {QueryWord[]} words
 * @property {string} whole
 * @property {boolean} isPrefix the whole may be the start of a term
 * @property {boolean} isNegative it must not occur
 *
 * @typedef {object} QueryWord
 * @property {string[]} parts
 * @property {string} whole
 * @property {string} prefix any term that begins like this will do for the last part; "" for none
 *
 * @typedef {object} TextQuery
 * @property {Clause[]} clauses
 * @property {string[]} phrases quoted phrases, whose words must occur in any order
 * @property {boolean} isEmpty nothing to look for
 */

/**
 * What a reader typed. Words are joined by AND; a leading minus excludes; the last word may be the start of a longer
 * one unless a blank, a quotation mark or nothing but punctuation follows it. Never throws.
 * @param {string} typed
 * @returns {TextQuery}
 */
export function readQuery(typed) {
  /** @type {Clause[]} */
  const clauses = [];
  /** @type {string[]} */
  const phrases = [];
  const pieces = [...typed.replace(/[“”„«»]/g, '"').matchAll(/(^|\s)(-?)"([^"]*)"|([^\s"]+|")/g)];
  pieces.forEach((piece, i) => {
    const isLast = i === pieces.length - 1 && !/\s$/.test(typed);
    if (piece[3] !== undefined) {
      if (piece[3].trim() !== "" && !piece[2]) phrases.push(piece[3].trim());
      clauses.push(...readClauses(piece[3], piece[2] === "-", false));
    } else {
      const isNegative = /^[-\u2212\u2010\u2011][\p{L}\p{N}]/u.test(piece[4]);
      clauses.push(...readClauses(isNegative ? piece[4].slice(1) : piece[4], isNegative, isLast));
    }
  });
  return { clauses, phrases, isEmpty: clauses.length === 0 };
}

/** @param {string} text @param {boolean} isNegative @param {boolean} isLast @returns {Clause[]} */
function readClauses(text, isNegative, isLast) {
  const chunks = splitChunks(text);
  return chunks.map((written, i) => {
    const chunk = readChunk(written);
    const isPrefix = isLast && !isNegative && i === chunks.length - 1 && !/[\s)\]}>,;:!?]$/.test(text);
    const words = chunk.words.map((word, place) => readQueryWord(word, isPrefix && place === chunk.words.length - 1));
    return { words, whole: chunk.whole, isPrefix, isNegative };
  });
}

/** @param {Word} word @param {boolean} isLast @returns {QueryWord} */
function readQueryWord(word, isLast) {
  if (word.tail !== "" && word.parts.length === 0) return { parts: [word.tail], whole: "", prefix: word.tail };
  const isLongEnough = word.tail === "" && word.last.length >= SHORTEST_PREFIX;
  return { parts: word.parts, whole: word.whole, prefix: isLast && isLongEnough ? word.last : "" };
}
