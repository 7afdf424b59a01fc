/**
 * The explorer's state and its address. The query language is for ever; docs/explorer.md describes it for readers.
 * `parse` reads any address without throwing; `serialise` writes the one canonical spelling of a state.
 */

/** Facets that can be chosen, in canonical order. */
export const FACETS = Object.freeze([
  "form", "cause", "tier", "severity", "locus", "status", "resolver", "workflow", "agent", "goal", "source", "license",
  "confidence", "scrubbed", "validation", "invalid",
]);
export const SORTS = Object.freeze(["newest", "oldest", "relevance", "turns", "rare", "random"]);
/** Ways to look at one result; the first is the default. */
export const VIEWS = Object.freeze(["cards", "table", "crosstab", "timeline", "pairs"]);
/** What can stand on an axis of a cross-tab, and divide a sample. */
export const AXES = Object.freeze([...FACETS, "month", "cause:tier"]);
/** What a cross-tab shows: the number of cases, or a measure named third in `axes`. */
export const MEASURES = Object.freeze(["rows", "columns", "lift"]);
/** What the cases of a pair have in common, and in what they differ: the axes of pairs. */
export const CONTRASTS = Object.freeze(["form,cause", "cause,status"]);
export const COLUMNS = Object.freeze([...FACETS, "month", "turns"]);
const ORDER = Object.freeze([
  "q", ...FACETS.flatMap((name) => [name, `${name}.match`]), "from", "to", "turns", "sort", "seed", "sample", "stratify",
  "view", "axes", "cols", "compare", "page", "r",
]);
const LAST_CHOOSING = ORDER.indexOf("turns");
const ALL = "all";
const LONGEST_ADDRESS = 8000;
const MISSING = Object.freeze(["none", "na"]);
/** A release, how many cases were listed, and the fingerprint of the list, whole or not; cited.js takes it apart. */
const CITED = /^[\w.+-]{1,64}(?::\d{1,7}(?::[\w.,;)\]-]{0,64})?)?$/;

/**
 * Values are keys: "=S3" for a value, "?none" for "not recorded", "?na" for "does not apply".
 * @typedef {{include: readonly string[], exclude: readonly string[], all: boolean}} Choice
 * @typedef {{min: number | null, max: number | null}} Range
 *
 * @typedef {object} State
 * @property {string} q
 * @property {ReadonlyMap<string, Choice>} facets only facets with a choice
 * @property {string} from month, or ""
 * @property {string} to month, or ""
 * @property {Range | null} turns
 * @property {string} sort "" for the default: relevance with words, newest without
 * @property {number | null} seed
 * @property {number | null} sample how many to draw
 * @property {string} stratify facet, or ""
 * @property {string} view "" for cards
 * @property {readonly string[]} axes row, column and perhaps a measure; none for the default
 * @property {readonly string[]} cols none for the default
 * @property {Comparison | null} compare
 * @property {number} page from 1
 * @property {string} cited what the link says of the result that it was made for, or ""
 * @property {readonly (readonly [string, string])[]} kept keys and raw values that are not understood or not available
 * @property {boolean} [mostly] said of a result, no part of an address: not all of the cases found have all the words
 *
 * Two values of a facet, or the canonical address of the other selection ("" for all cases).
 * @typedef {{facet: string, a: string, b: string} | {query: string}} Comparison
 *
 * @typedef {{kind: "unknown-key" | "bad-value" | "too-long", key: string, value: string}} Notice
 */

/** @type {State} */
export const EMPTY = Object.freeze({
  q: "", facets: new Map(), from: "", to: "", turns: null, sort: "", seed: null, sample: null, stratify: "", view: "",
  axes: Object.freeze([]), cols: Object.freeze([]), compare: null, page: 1, cited: "",
  kept: Object.freeze([]),
});

/**
 * @param {string} address what follows the question mark, with or without it
 * @param {boolean} [isOther] the other selection of a comparison: only what chooses cases is read
 * @returns {{state: State, notices: Notice[]}}
 */
export function parse(address, isOther = false) {
  const reader = new AddressReader(isOther);
  const query = address.replace(/^\?/, "");
  if (query.length > LONGEST_ADDRESS) reader.notices.push({ kind: "too-long", key: "", value: "" });
  for (const pair of query.slice(0, LONGEST_ADDRESS).split("&")) {
    if (pair === "") continue;
    const cut = pair.indexOf("=");
    reader.read(decode(cut < 0 ? pair : pair.slice(0, cut)), cut < 0 ? "" : pair.slice(cut + 1));
  }
  return { state: reader.state(), notices: reader.notices };
}

class AddressReader {
  /** @param {boolean} isOther */
  constructor(isOther) {
    this.isOther = isOther;
    /** @type {Comparison | null} */
    this.compare = null;
    /** @type {Notice[]} */
    this.notices = [];
    /** @type {[string, string][]} */
    this.kept = [];
    /** @type {Map<string, {include: string[], exclude: string[], all: boolean}>} */
    this.facets = new Map();
    /** @type {Map<string, string>} */
    this.single = new Map();
  }

  /** @param {string} key decoded @param {string} raw still encoded */
  read(key, raw) {
    if (this.isOther && ORDER.indexOf(key) > LAST_CHOOSING) return;
    if (FACETS.includes(key)) this.#readFacet(key, raw);
    else if (key.endsWith(".match") && FACETS.includes(key.slice(0, -6))) this.#readMatch(key, raw);
    else if (key === "compare" && !this.compare) this.#readCompare(raw);
    else if (!ORDER.includes(key)) this.#keep("unknown-key", key, raw);
    else if (this.single.has(key) || !isValid(key, decode(raw))) this.#keep("bad-value", key, raw);
    else this.single.set(key, decode(raw));
  }

  /** @param {Notice["kind"]} kind @param {string} key @param {string} raw */
  #keep(kind, key, raw) {
    this.kept.push([key, raw]);
    this.notices.push({ kind, key, value: decode(raw) });
  }

  /** @param {string} name */
  #choice(name) {
    const known = this.facets.get(name) ?? { include: [], exclude: [], all: false };
    this.facets.set(name, known);
    return known;
  }

  /** @param {string} name @param {string} raw */
  #readFacet(name, raw) {
    const choice = this.#choice(name);
    for (const item of raw.split(",")) {
      if (item === "") continue;
      const isExcluded = item.startsWith("-");
      const key = readValue(isExcluded ? item.slice(1) : item);
      const list = isExcluded ? choice.exclude : choice.include;
      if (key !== "=" && !list.includes(key)) list.push(key);
    }
  }

  /** @param {string} key @param {string} raw */
  #readMatch(key, raw) {
    if (raw === "all") this.#choice(key.slice(0, -6)).all = true;
    else if (raw !== "any") this.#keep("bad-value", key, raw);
  }

  /** `workflow:IDE,CLI`, `all`, or an address in percent-encoding. @param {string} raw */
  #readCompare(raw) {
    const pair = /^([a-z]+)(?::|%3A)([^,]+),([^,]+)$/i.exec(raw);
    if (pair && FACETS.includes(pair[1])) this.compare = { facet: pair[1], a: readValue(pair[2]), b: readValue(pair[3]) };
    else if (raw !== "") {
      const other = parse(raw === ALL ? "" : decode(raw), true);
      this.notices.push(...other.notices);
      this.compare = { query: serialise(other.state) };
    }
  }

  /** @returns {State} */
  state() {
    const facets = [...this.facets].filter(([, choice]) => choice.include.length + choice.exclude.length > 0);
    const number = (/** @type {string} */ key) => (this.single.has(key) ? Number(this.single.get(key)) : null);
    const view = this.single.get("view") ?? "";
    const axes = readNames(this.single.get("axes") ?? "");
    const arePossible = view !== "pairs" || axes.length === 0 || CONTRASTS.includes(axes.join());
    if (!arePossible) this.#keep("bad-value", "axes", axes.join());
    return {
      q: this.single.get("q") ?? "",
      facets: new Map(facets),
      from: this.single.get("from") ?? "",
      to: this.single.get("to") ?? "",
      turns: readRange(this.single.get("turns") ?? ""),
      sort: this.single.get("sort") ?? "",
      seed: number("seed"),
      sample: number("sample"),
      stratify: this.single.get("stratify") ?? "",
      view: view === VIEWS[0] ? "" : view,
      axes: arePossible ? axes : [],
      cols: [...new Set(readNames(this.single.get("cols") ?? ""))],
      compare: this.compare,
      page: number("page") ?? 1,
      cited: this.single.get("r") ?? "",
      kept: this.kept,
    };
  }
}

/** @param {string} key @param {string} value */
function isValid(key, value) {
  if (key === "from" || key === "to") return /^\d{4}-(?:0[1-9]|1[0-2])$/.test(value);
  if (key === "turns") return readRange(value) !== null;
  if (key === "sort") return SORTS.includes(value);
  if (key === "seed") return /^\d{1,9}$/.test(value);
  if (key === "page" || key === "sample") return /^[1-9]\d{0,6}$/.test(value);
  if (key === "view") return VIEWS.includes(value);
  if (key === "stratify") return AXES.includes(value);
  if (key === "cols") return readNames(value).every((name) => COLUMNS.includes(name));
  if (key === "axes") return areAxes(readNames(value));
  if (key === "r") return CITED.test(value);
  return key === "q";
}

/** @param {string} text */
function readNames(text) {
  return text.split(",").filter((name) => name !== "");
}

/** @param {string[]} names */
function areAxes([row, column, measure, ...more]) {
  return AXES.includes(row) && AXES.includes(column) && (measure === undefined || MEASURES.includes(measure)) && more.length === 0;
}

/** `5..20`, `5..`, `..20` or `7`. @param {string} text @returns {Range | null} */
function readRange(text) {
  const match = /^(\d{0,6})(\.\.)?(\d{0,6})$/.exec(text);
  if (!match || (!match[1] && !match[3])) return null;
  const min = match[1] ? Number(match[1]) : null;
  return { min, max: match[2] ? (match[3] ? Number(match[3]) : null) : min };
}

/** @param {string} raw one value, without its minus @returns {string} */
function readValue(raw) {
  return MISSING.includes(raw) ? `?${raw}` : `=${decode(raw)}`;
}

/** Percent-decoding that keeps what cannot be decoded. @param {string} raw */
function decode(raw) {
  const text = raw.replaceAll("+", " ");
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The canonical address of a state, without question mark; "" for the empty state. @param {State} state */
export function serialise(state) {
  /** @type {[string, string][]} */
  const pairs = [];
  if (state.q) pairs.push(["q", encode(state.q)]);
  for (const [name, choice] of state.facets) {
    const values = [...choice.include].sort().map(writeValue).concat([...choice.exclude].sort().map((key) => `-${writeValue(key)}`));
    if (values.length === 0) continue;
    pairs.push([name, values.join(",")]);
    if (choice.all) pairs.push([`${name}.match`, "all"]);
  }
  if (state.from) pairs.push(["from", state.from]);
  if (state.to) pairs.push(["to", state.to]);
  if (state.turns) pairs.push(["turns", writeRange(state.turns)]);
  if (state.sort) pairs.push(["sort", state.sort]);
  if (state.seed !== null) pairs.push(["seed", String(state.seed)]);
  if (state.sample !== null) pairs.push(["sample", String(state.sample)]);
  if (state.stratify) pairs.push(["stratify", state.stratify]);
  if (state.view) pairs.push(["view", state.view]);
  if (state.axes.length > 0) pairs.push(["axes", state.axes.join(",")]);
  if (state.cols.length > 0) pairs.push(["cols", state.cols.join(",")]);
  if (state.compare) pairs.push(["compare", writeCompare(state.compare)]);
  if (state.page > 1) pairs.push(["page", String(state.page)]);
  if (state.cited) pairs.push(["r", encode(state.cited)]);
  pairs.push(...state.kept.map(([key, raw]) => /** @type {[string, string]} */ ([encode(key), raw])));
  return pairs
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
}

/** Keys that are not part of the language come last, as they came. @param {string} key */
function rank(key) {
  const place = ORDER.indexOf(key);
  return place < 0 ? ORDER.length : place;
}

/** @param {Range} range */
function writeRange({ min, max }) {
  return min !== null && min === max ? String(min) : `${min ?? ""}..${max ?? ""}`;
}

/** @param {Comparison} compare */
function writeCompare(compare) {
  if ("query" in compare) return encode(compare.query) || ALL;
  return `${compare.facet}:${writeValue(compare.a)},${writeValue(compare.b)}`;
}

/** @param {string} key */
function writeValue(key) {
  const text = key.slice(1);
  if (key.startsWith("?")) return text;
  const encoded = encode(text).replace(/^-/, "%2D");
  return MISSING.includes(text) ? `%6E${encoded.slice(1)}` : encoded;
}

/** Blanks as plus signs; colons and slashes as they are, for the sake of legible links. @param {string} text */
function encode(text) {
  const encoded = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd"));
  return encoded.replaceAll("%20", "+").replaceAll("%3A", ":").replaceAll("%2F", "/");
}

/** @type {Choice} */
const NOTHING = Object.freeze({ include: Object.freeze([]), exclude: Object.freeze([]), all: false });

/** @param {State} state @param {string} name */
export function choiceOf(state, name) {
  return state.facets.get(name) ?? NOTHING;
}

/** The state after a change; every change but turning pages goes back to the first page. @param {State} state @param {Partial<State>} change @returns {State} */
export function change(state, change) {
  return keepCited(state, { ...state, page: 1, ...change });
}

/** Whether a state lists a sample; what is no list is of all cases found. @param {State} state */
export function isSampled({ sample, view, compare }) {
  return sample !== null && !compare && (view === "" || view === "table");
}

/** The state without its sample. @param {State} state @returns {State} */
export function unsampled(state) {
  return { ...state, sample: null, stratify: "", seed: state.sort === "random" ? state.seed : null };
}

/** What a state lists, whatever its order and its look. @param {State} state */
export function questionOf(state) {
  const asked = isSampled(state) ? state : unsampled({ ...state, sort: "" });
  return serialise({ ...asked, sort: "", view: "", axes: [], cols: [], compare: null, page: 1, cited: "", kept: [] });
}

/** What a link says of its result does not go along to another one. @param {State} before @param {State} next @returns {State} */
export function keepCited(before, next) {
  const isOther = next.cited !== "" && next.cited === before.cited && questionOf(next) !== questionOf(before);
  return isOther ? { ...next, cited: "" } : next;
}

/** @param {State} state @param {string} name @param {Choice} choice @returns {State} */
export function choose(state, name, choice) {
  const facets = new Map(state.facets);
  if (choice.include.length + choice.exclude.length > 0) facets.set(name, { ...choice, include: [...choice.include].sort(), exclude: [...choice.exclude].sort() });
  else facets.delete(name);
  return change(state, { facets });
}

/** Choose a value or take the choice back. @param {State} state @param {string} name @param {string} key */
export function toggle(state, name, key) {
  return move(state, name, key, "include", "exclude");
}

/** Exclude a value or take the exclusion back. @param {State} state @param {string} name @param {string} key */
export function toggleNot(state, name, key) {
  return move(state, name, key, "exclude", "include");
}

/** @param {State} state @param {string} name @param {string} key @param {"include" | "exclude"} into @param {"include" | "exclude"} outOf */
function move(state, name, key, into, outOf) {
  const choice = choiceOf(state, name);
  const isThere = choice[into].includes(key);
  const target = isThere ? choice[into].filter((other) => other !== key) : [...choice[into], key];
  return choose(state, name, { ...choice, [into]: target, [outOf]: choice[outOf].filter((other) => other !== key) });
}

/** The order in force. @param {State} state */
export function sortOf(state) {
  const hasWords = state.q.trim() !== "";
  return (state.sort === "relevance" && !hasWords ? "" : state.sort) || (hasWords ? "relevance" : "newest");
}

/** Whether anything narrows the list. @param {State} state */
export function isFiltered(state) {
  return state.q.trim() !== "" || state.facets.size > 0 || state.from !== "" || state.to !== "" || state.turns !== null;
}
