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
const CODE = /^([a-z]+)([0-9]{3,6})$/;
const SHORTEST_LETTERS = 2;
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
 * @property {string[]} inner further terms that only the index holds: letters and number of a code
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
  const found = chunk.words.flatMap((word) => [...word.parts, word.whole, word.tail, ...word.inner]);
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
  const whole = parts.length > 1 ? parts.join("") : "";
  return [makeWord([...new Set(parts.map(stem))], parts[parts.length - 1], whole, "", parts.flatMap(readCode))];
}

/** `ts2345` as `ts` and `2345`. One letter says nothing alone. @param {string} part */
function readCode(part) {
  const [, letters = "", number = ""] = CODE.exec(part) ?? [];
  if (number === "") return [];
  return letters.length >= SHORTEST_LETTERS ? [stem(letters), number] : [number];
}

/** @param {string[]} parts @param {string} last @param {string} [whole] @param {string} [tail] @param {string[]} [inner] @returns {Word} */
function makeWord(parts, last, whole = "", tail = "", inner = []) {
  return { parts, last, whole, tail, inner };
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

/** The fields that can be asked for by name, as in `quote:undo`. */
export const FIELDS = Object.freeze(["name", "description", "quote", "context", "reason", "id"]);
/** The index knows which terms stand in a name and which are an id; for the others it takes the episode's text. */
const KNOWN_BY_INDEX = Object.freeze(["", "name", "id"]);
const PIECE = new RegExp(`(^|\\s)(-?)(?:(${FIELDS.join("|")}):)?"([^"]*)"|([^\\s"]+|")`, "gi");
/** A minus before one or two letters is an option of a command, as in `rm -rf`. */
const EXCLUDED = /^[-\u2212\u2010\u2011](?![a-z]{1,2}$)[\p{L}\p{N}]/iu;
const BEGUN = /^[\p{L}\p{M}]{1,2}$/u;
/** Begins the terms of ids that the source gave to repository and session. */
export const SOURCE_ID = "@";
/** A word that may be such an id: a number, or pieces joined by hyphens or underscores. */
const MAYBE_SOURCE_ID = /^(?:[0-9]{5,}|(?=.*[0-9])(?=.*[a-z])(?=.{8})[0-9a-z]+(?:[_-][0-9a-z]+)+)$/i;
/** What begins as the atlas's own ids do. */
const OWN_ID = /^(?:a|ama?|ama.*|(?![0-9]+$)[0-9bcdfghjkmnpqrstvwxz]{1,8})$/;
/** An id without AMA: its characters are no vowels, and without a digit it is taken for two words. */
const ID_BODY = /^(?=.*[0-9])[0-9bcdfghjkmnpqrstvwxz]{4}-[0-9bcdfghjkmnpqrstvwxz]{4}$/i;
const OF_A_FIELD = new RegExp(`^(${FIELDS.join("|")}):(?=.)`, "i");

/**
 * One thing that has to occur. The parts of every word must occur, or the word as a whole, or the chunk as a whole, or
 * the id of the source.
 * @typedef {object} Clause
 * @property {QueryWord[]} words
 * @property {string} whole
 * @property {string} source the term of an id of the source that it may be, or ""; of a longer one too, where `id:` asks for a start
 * @property {boolean} isPrefix the whole may be the start of a term
 * @property {boolean} isNegative it must not occur
 * @property {string} field "" for any
 * @property {boolean} isBegun one or two letters at the end of what is typed: it helps the ranking and need not occur
 * @property {string} written the word as typed if a slip in it may be forgiven and it may be missing, or ""
 *
 * @typedef {object} QueryWord
 * @property {string[]} parts
 * @property {string} whole
 * @property {string} prefix any term that begins like this will do for the last part; "" for none
 *
 * Something that the index alone cannot decide: words side by side, or words of a field. The clauses of one that must
 * occur are clauses of the query too; one that must not occur has them to itself.
 * @typedef {object} Group
 * @property {string} field "" for any
 * @property {string[]} tokens the words that must stand side by side; none for a single word
 * @property {Clause[]} clauses
 * @property {boolean} isNegative
 *
 * @typedef {object} TextQuery
 * @property {Clause[]} clauses
 * @property {Group[]} groups
 * @property {string[]} pieces what was typed, word by word and phrase by phrase
 * @property {boolean} isEmpty nothing to look for
 */

/**
 * What a reader typed. Words are joined by AND; a leading minus excludes; words in quotation marks stand side by side;
 * `quote:` and the like name a field; the last word may be the start of a longer one unless a blank, a quotation mark
 * or nothing but punctuation follows it. Never throws.
 * @param {string} typed
 * @returns {TextQuery}
 */
export function readQuery(typed) {
  /** @type {TextQuery} */
  const query = { clauses: [], groups: [], pieces: [], isEmpty: false };
  const pieces = [...typed.replace(/[“”„«»]/g, '"').matchAll(PIECE)];
  pieces.forEach((piece, i) => {
    const isLast = i === pieces.length - 1 && !/\s$/.test(typed);
    query.pieces.push(piece[0].trim());
    if (piece[4] !== undefined) addPiece(query, piece[4], (piece[3] ?? "").toLowerCase(), piece[2] === "-", true, false);
    else {
      const isNegative = EXCLUDED.test(piece[5]);
      const rest = isNegative ? piece[5].slice(1) : piece[5];
      const field = OF_A_FIELD.exec(rest);
      addPiece(query, field ? rest.slice(field[0].length) : rest, field ? field[1].toLowerCase() : "", isNegative, false, isLast);
    }
  });
  query.isEmpty = query.clauses.length + query.groups.length === 0;
  markBegun(query.clauses);
  return query;
}

/** The last word while it is typed, beside others. @param {Clause[]} clauses */
function markBegun(clauses) {
  const last = clauses[clauses.length - 1];
  const others = clauses.slice(0, -1).filter((clause) => !clause.isNegative);
  if (others.length > 0 && last.isPrefix && last.field === "" && last.words[0]?.prefix === "" && BEGUN.test(last.written)) last.isBegun = true;
}

/** @param {TextQuery} query @param {string} text @param {string} field @param {boolean} isNegative @param {boolean} isQuoted @param {boolean} isLast */
function addPiece(query, text, field, isNegative, isQuoted, isLast) {
  const clauses = field === "id" ? readId(text, isNegative, isQuoted) : readClauses(text, isNegative, isLast, field, isQuoted);
  const tokens = isQuoted && field !== "id" ? phraseTokens(text) : [];
  const isGroup = clauses.length > 0 && (tokens.length > 1 || !KNOWN_BY_INDEX.includes(field));
  if (isGroup) query.groups.push({ field, tokens: tokens.length > 1 ? tokens : [], clauses: clauses.map((clause) => ({ ...clause, isNegative: false })), isNegative });
  if (!isGroup || !isNegative) query.clauses.push(...clauses);
}

/**
 * Ids are found by their start, with or without AMA; between two digits their term has a full stop, as any chunk. In
 * quotation marks an id of the source is whole, and a number is that of a repository.
 * @param {string} text @param {boolean} isNegative @param {boolean} isQuoted @returns {Clause[]}
 */
function readId(text, isNegative, isQuoted) {
  const typed = letterDigits(text);
  if (typed === "") return [];
  const isWhole = isQuoted && !OWN_ID.test(typed);
  const own = (/^a(?:ma?)?$/.test(typed) || typed.startsWith("ama") ? typed : `ama${typed}`).replace(/^(.{6}\d)(?=\d)/, "$1.");
  const source = (isQuoted && !isWhole) || typed.startsWith("ama") ? "" : SOURCE_ID + typed;
  return [{ words: [], whole: isWhole ? "" : own, source, isPrefix: !isWhole, isNegative, isBegun: false, field: "id", written: "" }];
}

/** @param {string} text */
function letterDigits(text) {
  return text.toLowerCase().replace(/[^0-9a-z]/g, "");
}

/** @param {string} text @param {boolean} isNegative @param {boolean} isLast @param {string} field @param {boolean} isQuoted @returns {Clause[]} */
function readClauses(text, isNegative, isLast, field, isQuoted) {
  const chunks = splitChunks(text);
  return chunks.map((written, i) => {
    const chunk = readChunk(written);
    const isPrefix = isLast && !isNegative && i === chunks.length - 1 && !/[\s)\]}>,;:!?]$/.test(text);
    const words = chunk.words.map((word, place) => readQueryWord(word, isPrefix && place === chunk.words.length - 1));
    const whole = ID_BODY.test(written) ? `ama${chunk.whole}` : chunk.whole;
    const source = field === "" && MAYBE_SOURCE_ID.test(written) ? SOURCE_ID + letterDigits(written) : "";
    return { words, whole, source, isPrefix, isNegative, isBegun: false, field, written: isQuoted || isNegative ? "" : written };
  });
}

/** @param {Word} word @param {boolean} isLast @returns {QueryWord} */
function readQueryWord(word, isLast) {
  if (word.tail !== "" && word.parts.length === 0) return { parts: [word.tail], whole: "", prefix: word.tail };
  const isLongEnough = word.tail === "" && word.last.length >= SHORTEST_PREFIX;
  return { parts: word.parts, whole: word.whole, prefix: isLast && isLongEnough ? word.last : "" };
}

/**
 * The words of a text one after the other, as phrases are compared: parts of words in their one spelling, characters of
 * scripts without blanks one by one. What the index leaves out as noise is kept.
 * @param {string} text
 */
export function phraseTokens(text) {
  return splitChunks(text).flatMap((chunk) => (/[+#]$/.test(chunk) ? [lower(chunk)] : chunk.replaceAll("'", "").split(/[.-]/).flatMap(tokensOf)));
}

/** @param {string} word @returns {string[]} */
function tokensOf(word) {
  const run = UNSPACED.exec(word);
  if (!run) return spacedTokens(word);
  return [...spacedTokens(word.slice(0, run.index)), ...lower(run[0]), ...tokensOf(word.slice(run.index + run[0].length))];
}

/** @param {string} word */
function spacedTokens(word) {
  if (isNoise(word)) return [lower(word)];
  return word.split(HUMP).filter((part) => part !== "").map((part) => stem(lower(part)));
}
