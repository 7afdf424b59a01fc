/** Draws a repeatable sample: how many, divided by what, with which seed. */
import { newSeed } from "../rank.js";
import { drawSample, sampleWords } from "../sampling.js";
import { AXES, change, EMPTY, serialise } from "../state.js";
import { thousands, valueName } from "../words.js";
import { make, need } from "./dom.js";
import { redraw } from "./redraw.js";

/**
 * @typedef {import("../bitset.js").BitSet} BitSet
 * @typedef {import("../decode.js").Index} Index
 * @typedef {import("../state.js").State} State
 */

const USUAL = 50;
const MOST_CODED = 100;

/** The sample that a state asks for, and what it is in words. @param {Index} index @param {State} state @param {BitSet} matches */
export function sampleOf(index, state, matches) {
  const { sample, stratify } = state;
  const { set, strata } = drawSample(index, matches, sample ?? 0, state.seed ?? 1, stratify);
  const by = stratify ? (index.facets.get(stratify)?.title ?? stratify) : "";
  const drawn = set.count();
  return { set, strata, words: sampleWords(drawn, matches.count(), state.seed ?? 1, by) };
}

/** @param {HTMLElement} details @param {Index} index @param {State} state @param {BitSet} matches @param {(state: State) => void} go */
export function showSampler(details, index, state, matches, go) {
  const isOn = state.sample !== null;
  need(details, "summary", HTMLElement).textContent = isOn ? capital(sampleOf(index, state, matches).words.replace(/^a /, "")) : "Sample";
  const place = details.querySelector(".sampler-body") ?? make("div", { class: "sampler-body" });
  if (!place.parentElement) details.append(place);
  if (!(place instanceof HTMLElement)) return;
  redraw(place, [makeForm(index, state, go), ...(isOn ? [makeSeeds(state, matches, go), makeStrata(index, state, matches)] : [])]);
}

/** @param {Index} index @param {State} state @param {(state: State) => void} go */
function makeForm(index, state, go) {
  const size = make("input", { type: "number", min: "1", max: "9999999", value: String(state.sample ?? USUAL), "data-key": "size", autocomplete: "off", required: true });
  const names = AXES.filter((name) => index.facets.has(name));
  const options = ["", ...names].map((name) => make("option", { value: name, selected: name === state.stratify }, name ? (index.facets.get(name)?.title ?? name) : "nothing"));
  const by = make("select", { "data-key": "stratify", autocomplete: "off" }, ...options);
  const form = make("form", {}, make("label", {}, "Draw ", size), make("label", {}, "in proportion by ", by), make("button", { type: "submit", "data-key": "draw" }, "Draw"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(change(state, { sample: Number(size.value), stratify: by.value, seed: state.seed ?? newSeed(), view: state.view === "table" ? "table" : "", compare: null }));
  });
  return form;
}

/** @param {State} state @param {BitSet} matches @param {(state: State) => void} go */
function makeSeeds(state, matches, go) {
  const again = make("button", { type: "button", "data-key": "seed" }, "New seed");
  again.addEventListener("click", () => go(change(state, { seed: newSeed() })));
  const all = make("button", { type: "button", "data-key": "draw all" }, `Show all ${thousands(matches.count())}`);
  all.addEventListener("click", () => go(change(state, { sample: null, stratify: "", seed: state.sort === "random" ? state.seed : null })));
  return make("p", {}, again, all, ...(isCodable(state) ? [makeBlind(state)] : []));
}

/** The page for coding draws at most so many, and only cases. @param {State} state */
function isCodable({ sample, facets }) {
  return sample !== null && sample <= MOST_CODED && !facets.has("validation");
}

/** @param {State} state */
function makeBlind({ q, facets, from, to, turns, sample, stratify, seed }) {
  const drawn = serialise({ ...EMPTY, q, facets, from, to, turns, sample, stratify, seed: seed ?? 1 });
  return make("a", { href: `practice/?${drawn}`, "data-key": "blind" }, "Code it blind");
}

/** How many of each stratum were drawn. @param {Index} index @param {State} state @param {BitSet} matches */
function makeStrata(index, state, matches) {
  const { strata } = sampleOf(index, state, matches);
  const items = strata.map(({ keys, size, drawn }) => {
    const names = keys.map((key) => valueName(index, state.stratify, key)).join(" + ");
    return make("li", {}, `${names}: ${thousands(drawn)} of ${thousands(size)}`);
  });
  return items.length > 0 ? make("details", { "data-key": "strata" }, make("summary", {}, "How many of each"), make("ul", {}, ...items)) : "";
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
