/** What any question must find in the fixtures, by brute force: straight from the words of the query language and the episodes. */
import { IndexClient } from "../../assets/js/index-client.js";
import { change, choiceOf, FACETS } from "../../assets/js/state.js";
import { chunkTerms, phraseTokens, possibleTerms, readChunk, splitChunks } from "../../assets/js/terms.js";
import { pick, readJson } from "./files.js";

export const episodes = readJson("episodes.json");
export const ordinals = episodes.map((_, ordinal) => ordinal);
export const urls = [];
export const client = new IndexClient("index/", async (url) => {
  urls.push(url);
  return readJson(url);
});
export const index = await client.index();

// Facets, months and turns

export const JOINED = "cause:tier";

/** Does an episode pass one facet's choice? */
function passes(episode, name, { include, exclude, all }) {
  const has = (key) => episode.values[name].includes(key) || (name === "cause" && episode.values[JOINED].includes(key));
  const wanted = include.length === 0 || (all ? include.every(has) : include.some(has));
  return wanted && !exclude.some(has);
}

function passesRanges(episode, state) {
  const month = episode.values.month[0];
  if ((state.from || state.to) && month === "?none") return false;
  if (state.from && month.slice(1) < state.from) return false;
  if (state.to && month.slice(1) > state.to) return false;
  if (!state.turns) return true;
  return episode.turns !== null && episode.turns >= (state.turns.min ?? 0) && episode.turns <= (state.turns.max ?? Infinity);
}

function choose(state, name) {
  const choice = choiceOf(state, name);
  return name === "validation" && choice.include.length + choice.exclude.length === 0 ? { ...choice, include: ["=VALID"] } : choice;
}

/** @param text what the words find */
export function matching(state, text) {
  return text.filter((i) => passesRanges(episodes[i], state) && FACETS.every((name) => passes(episodes[i], name, choose(state, name))));
}

/** The count beside a value is the length of the list that opens when it alone is chosen in its facet. */
export function countOf(state, text, name, key) {
  const choice = choose(state, name);
  const include = choice.all ? [...choice.include, key] : [key];
  const facets = new Map(state.facets).set(name, { include, exclude: choice.exclude.filter((other) => other !== key), all: choice.all });
  return matching(change(state, { facets }), text).length;
}

export const countOfMonth = (state, text, month) => matching(change(state, { from: month, to: month }), text).length;

/** An address of facets, months and turns. */
export function randomAddress(random) {
  const pairs = [];
  for (const name of FACETS) {
    if (random() > 0.2) continue;
    const known = episodes.flatMap((episode) => episode.values[name]);
    if (name === "cause") known.push(...episodes.flatMap((episode) => episode.values[JOINED]));
    const values = Array.from({ length: 1 + Math.floor(random() * 3) }, () => `${random() < 0.25 ? "-" : ""}${spell(pick(random, known))}`);
    pairs.push(`${name}=${values.join(",")}`);
    if (random() < 0.2) pairs.push(`${name}.match=all`);
  }
  if (random() < 0.15) pairs.push("from=2025-02");
  if (random() < 0.15) pairs.push("to=2025-04");
  if (random() < 0.15) pairs.push(`turns=${pick(random, ["0..10", "40..", "..7", "3"])}`);
  return pairs.join("&");
}

function spell(key) {
  const text = encodeURIComponent(key.slice(1)).replace(/^-/, "%2D");
  return key.startsWith("?") ? key.slice(1) : text.replace(/^n(?=(?:one|a)$)/, "%6E");
}

// Words

export const FIELDS = ["name", "description", "quote", "context", "reason"];
export const SPLIT = /\[[A-Z_]+_[1-9]\d*\]/;
const files = await Promise.all(Array.from({ length: index.texts.chunks }, (_, i) => client.texts(i)));
const texts = (file, place, field) => ({ name: [file.names[place]], description: [file.descriptions[place]], quote: file.quotes[place], context: file.contexts[place], reason: file.reasons[place] })[field];
const termsIn = (list) => new Set(list.flatMap((text) => splitChunks(text).flatMap((chunk) => chunkTerms(readChunk(chunk)))));

export const textOf = (ordinal, field) => {
  const file = files[Math.floor(ordinal / index.texts.size)];
  return (field ? [field] : FIELDS).flatMap((one) => texts(file, ordinal - file.first, one)).flatMap((text) => text.split(SPLIT));
};

/** The terms of every episode, and those of each field. */
export const terms = episodes.map((episode) => termsIn([episode.name, ...episode.told, ...episode.rest].flatMap((text) => text.split(SPLIT))));
const termsOfField = new Map(FIELDS.map((field) => [field, ordinals.map((ordinal) => termsIn(textOf(ordinal, field)))]));

export const termOf = (word) => readChunk(word).words[0].parts[0];
export const withTerm = (term, field) => ordinals.filter((i) => (field ? termsOfField.get(field) : terms)[i].has(term));
export const withPhrase = (phrase, field = "") => {
  const wanted = ` ${phraseTokens(phrase).join(" ")} `;
  return ordinals.filter((ordinal) => textOf(ordinal, field).some((text) => ` ${phraseTokens(text).join(" ")} `.includes(wanted)));
};
export const withStart = (prefix) => {
  const forms = [termOf(prefix), ...possibleTerms(prefix)];
  return ordinals.filter((i) => [...terms[i]].some((term) => term.startsWith(prefix) || forms.includes(term)));
};

export const rarity = (count) => (count === 0 ? 0 : Math.log(1 + (episodes.length - count + 0.5) / (count + 0.5)));

/** Those with at least 40 % of the weight of these sets. */
export function withMost(sets) {
  const total = sets.reduce((sum, set) => sum + rarity(set.length), 0);
  return ordinals.filter((i) => sets.reduce((sum, set) => sum + (set.includes(i) ? rarity(set.length) : 0), 0) / total >= 0.4);
}
