import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, Inquiry } from "../../assets/js/inquiry.js";
import { FACETS, parse, serialise } from "../../assets/js/state.js";
import { stem } from "../../assets/js/terms.js";
import { makeRandom, pick } from "./files.js";
import { client, countOf, countOfMonth, episodes, FIELDS, index, JOINED, matching, ordinals, randomAddress, termOf, terms, textOf, withMost, withPhrase, withStart, withTerm } from "./oracle.js";

const inquiry = new Inquiry(client);
const vocabulary = new Set(terms.flatMap((set) => [...set]));
const words = [...vocabulary].filter((term) => /^[a-z]{4,9}$/.test(term) && termOf(term) === term).sort();
const frequent = words.filter((word) => withTerm(word).length > 40);
const both = (one, other) => one.filter((i) => other.includes(i));
const without = (one, other) => one.filter((i) => !other.includes(i));

/** The index knows names, and what stands in a name, a description or a quote; for other fields it knows where a word stands at all. */
const KNOWN = new Map([["name", ["name"]], ["description", ["name", "description", "quote"]], ["quote", ["name", "description", "quote"]]]);
const known = (word, field) => (KNOWN.has(field) ? ordinals.filter((i) => KNOWN.get(field).some((one) => withTerm(word, one).includes(i))) : withTerm(word));

/**
 * A piece of what is typed: how it is written, what it finds, and the sets that its words have in the index. A loose one
 * may be missing.
 */
const PIECES = {
  word: (word) => ({ written: word, finds: withTerm(word), parts: [withTerm(word)], isLoose: true }),
  start: (word) => ({ written: word.slice(0, 3), finds: withStart(word.slice(0, 3)), parts: [withStart(word.slice(0, 3))], isLoose: true, isLast: true }),
  quoted: (word) => ({ written: `"${word}"`, finds: withTerm(word), parts: [withTerm(word)] }),
  not: (word) => ({ written: `-${word}`, finds: withTerm(word), isNegative: true }),
  phrase: (_, random) => {
    const phrase = somePhrase(random);
    return { written: `"${phrase}"`, finds: withPhrase(phrase), parts: phrase.split(" ").map((word) => withTerm(termOf(word))), isOpen: true };
  },
  notPhrase: (_, random) => {
    const phrase = somePhrase(random);
    return { written: `-"${phrase}"`, finds: withPhrase(phrase), isNegative: true, isOpen: true };
  },
  field: (word, random) => {
    const field = pick(random, FIELDS.filter((one) => known(word, one).length > 0));
    return { written: `${field}:${word}`, finds: withTerm(word, field), parts: [known(word, field)], isOpen: true };
  },
  notField: (_, random) => {
    const word = pick(random, frequent);
    const field = pick(random, FIELDS);
    return { written: `-${field}:${word}`, finds: withTerm(word, field), isNegative: true, isOpen: true };
  },
  id: (_, random) => {
    const start = pick(random, episodes).id.slice(0, pick(random, [5, 6, 13]));
    const finds = ordinals.filter((i) => episodes[i].id.startsWith(start));
    return { written: `id:${start}`, finds, parts: [finds] };
  },
};

function somePhrase(random) {
  for (;;) {
    const text = pick(random, textOf(Math.floor(random() * episodes.length), pick(random, ["name", "description"])));
    const list = text.split(" ");
    const at = Math.floor(random() * (list.length - 1));
    const phrase = list.slice(at, at + 2);
    if (phrase.length === 2 && phrase.every((word) => /^[a-z]{3,9}$/.test(word))) return phrase.join(" ");
  }
}

/** What the pieces find together: all of them, or, where few have all, most of what may be missing. */
function foundBy(pieces) {
  const wanted = pieces.filter((piece) => !piece.isNegative);
  const excluded = pieces.filter((piece) => piece.isNegative);
  const inIndex = (piece) => piece.parts.reduce(both);
  const exclude = (set, some) => some.reduce((rest, { finds }) => without(rest, finds), set);
  const strict = exclude(wanted.map(inIndex).reduce(both, ordinals), excluded.filter(({ isOpen }) => !isOpen));
  const parts = wanted.flatMap((piece) => piece.parts);
  const isLoosened = parts.length > 1 && wanted.some(({ isLoose }) => isLoose) && strict.length < 10;
  const most = isLoosened ? wanted.filter(({ isLoose }) => !isLoose).map(inIndex).reduce(both, withMost(parts)) : [];
  const found = ordinals.filter((i) => strict.includes(i) || most.includes(i));
  return { isLoosened, beforeTexts: exclude(found, excluded.filter(({ isOpen }) => !isOpen)), found: exclude(wanted.filter(({ isOpen }) => isOpen).map(({ finds }) => finds).reduce(both, found), excluded) };
}

function randomPieces(random) {
  const kinds = Object.keys(PIECES);
  const made = Array.from({ length: 1 + Math.floor(random() * 4) }, () => PIECES[random() < 0.4 ? "word" : pick(random, kinds)](pick(random, words), random));
  const last = made.findLast((piece) => piece.isLast);
  return [...made.filter((piece) => !piece.isLast), ...(last ? [last] : [])];
}

const typed = (pieces) => pieces.map(({ written }) => written).join(" ") + (pieces.at(-1).isLast ? "" : " ");

function checkCounts(state, text, { matches, total, counts }, about) {
  assert.deepEqual(matches.slice(), matching(state, text), about);
  assert.equal(total, matching(state, text).length, about);
  for (const name of FACETS) for (const [key, count] of counts.get(name)) assert.equal(count, countOf(state, text, name, key), `${about} ${name} ${key}`);
  for (const [key, count] of counts.get(JOINED)) assert.equal(count, countOf(state, text, "cause", key), `${about} ${key}`);
  for (const [key, count] of counts.get("month")) if (key.startsWith("=")) assert.equal(count, countOfMonth(state, text, key.slice(1)), `${about} ${key}`);
}

/** Codes that nobody has, and ranges that nothing is in. */
const NOBODYS = ["form=S99", "form=-S99", "agent=Nobody,none", "cause=C9:direct", "cause=S3&cause.match=all", "from=2025-05&to=2025-02", "turns=9..3", "from=2031-01", "license=-"];

test("any words with any facets, months and turns find what brute force finds, and so do all counts", async () => {
  const random = makeRandom(41);
  const seen = { found: 0, loosened: 0, negative: 0, open: 0 };
  for (let round = 0; round < 160; round++) {
    const pieces = randomPieces(random);
    const address = [randomAddress(random), `q=${encodeURIComponent(typed(pieces))}`, ...(random() < 0.1 ? [pick(random, NOBODYS)] : [])].join("&");
    const { state } = parse(address);
    const { found, isLoosened } = foundBy(pieces);
    const question = await inquiry.ask(state);
    assert.equal(question.search.correction, null, address);
    assert.deepEqual(question.search.match.found.slice(), found, `${typed(pieces)} (${isLoosened})`);
    checkCounts(state, found, answerTo(question), address);
    if (matching(state, found).length > 0) seen.found++;
    if (isLoosened && found.length > 0) seen.loosened++;
    if (isLoosened && foundBy(pieces.filter(({ isNegative, isOpen }) => !isNegative || !isOpen)).found.length > found.length) seen.negative++;
    if (pieces.some(({ isOpen }) => isOpen)) seen.open++;
  }
  assert.ok(seen.found > 20 && seen.loosened > 20 && seen.negative > 2 && seen.open > 40, JSON.stringify(seen));
});

/** Every word that one slip leads to, of letters only. */
function near(slip) {
  const alphabet = [..."abcdefghijklmnopqrstuvwxyz"];
  const cut = [...slip].map((_, at) => [slip.slice(0, at), slip.slice(at)]).concat([[slip, ""]]);
  const changed = cut.flatMap(([start, end]) => [
    start + end.slice(1),
    ...(end.length > 1 ? [start + end[1] + end[0] + end.slice(2)] : []),
    ...alphabet.flatMap((letter) => [start + letter + end, start + letter + end.slice(1)]),
  ]);
  return new Set(changed.filter((word) => word !== slip).map(stem).filter((term) => vocabulary.has(term)));
}

function misspell(random, word) {
  const at = 2 + Math.floor(random() * (word.length - 3));
  const [start, one, other, end] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)];
  const letter = pick(random, [..."etaoinshr"]);
  return pick(random, [start + other + one + end, start + other + end, start + letter + one + other + end, start + letter + other + end]);
}

test("with a slip in a word the others and the facets find what the word spelled right finds", async () => {
  const random = makeRandom(43);
  let mended = 0;
  let kept = 0;
  for (let round = 0; round < 90; round++) {
    const right = pick(random, words.filter((word) => word.length > 5));
    const slip = misspell(random, right);
    const isOne = !vocabulary.has(stem(slip)) && stem(slip) === slip && [...near(slip)].join() === right;
    if (!isOne) continue;
    const others = randomPieces(random).filter(({ isLast }) => !isLast).slice(0, round % 3);
    const { state } = parse(`${randomAddress(random)}&q=${encodeURIComponent(typed([PIECES.word(slip), ...others]))}`);
    const spelled = foundBy([PIECES.word(right), ...others]);
    const scope = matching(parse(/validation=[^&]*/.exec(serialise(state))?.[0] ?? "").state, ordinals);
    const isMended = both(withTerm(right), scope).length > 0 && both(spelled.beforeTexts, scope).length > 0;
    const question = await inquiry.ask(state);
    const found = isMended ? spelled.found : foundBy([PIECES.word(slip), ...others]).found;
    assert.equal(question.search.correction?.right.join() ?? "", isMended ? right : "", state.q);
    assert.deepEqual(question.search.match.found.slice(), found, state.q);
    checkCounts(state, found, answerTo(question), state.q);
    if (isMended) mended++;
    else kept++;
  }
  assert.ok(mended > 15 && kept > 3, `${mended} ${kept}`);
});
