/** The panel “Cite this result”: the link, the citation and its formats, as text that can be selected and copied. */
import { addressOf, readIds } from "../cited.js";
import { fingerprint } from "../fingerprint.js";
import { FORMATS, resultText, safeAddress, titleWords } from "../result-citation.js";
import { serialise, unsampled } from "../state.js";
import { conditions, denominator, thousands } from "../words.js";
import { addButtons } from "./copy-boxes.js";
import { make } from "./dom.js";

/**
 * @typedef {import("./taking.js").Listing} Listing
 * @typedef {import("../result-citation.js").Result} Result
 */

/** @param {HTMLElement} place @param {Listing} listing @param {import("./taking.js").Page} page @param {() => boolean} isWanted */
export async function showCitation(place, listing, page, isWanted) {
  const ids = await page.client.part("ids.json", readIds);
  if (!isWanted()) return;
  const result = describeResult(listing, ids, page.root);
  const formats = FORMATS.map(({ name, newline, write }) => makeBox(name, write(result), newline, true));
  const section = make(
    "section",
    { class: "cite" },
    make("h3", {}, "This result"),
    makeBox("link", result.address),
    makeBox("citation", resultText(result)),
    make("details", {}, make("summary", {}, FORMATS.map(({ name }) => name).join(", ")), ...formats),
  );
  const about = make("p", { class: "hint" }, "The fingerprint stands for the list of ids: ", make("a", { href: `${page.prefix}cite/#result` }, "how to check it, and how to cite the study"), ".");
  const isOpen = place.querySelector("details")?.open ?? false;
  place.replaceChildren(make("p", { class: "hint" }, ...promise(listing, page)), section, about);
  if (isOpen) for (const details of place.querySelectorAll("details")) details.open = true;
  for (const box of place.querySelectorAll("[data-copy]")) if (box instanceof HTMLElement) addButtons(box, page.say);
}

/** What the link will do for its readers. @param {Listing} listing @param {import("./taking.js").Page} page @returns {(Node | string)[]} */
function promise({ index, state, sample }, page) {
  const { release = "", pid = "" } = page.root.dataset;
  const named = make("a", { href: `${page.prefix}releases/${release}/` }, `release ${release}`);
  const place = pid ? "" : " This site has no lasting address; the link has the one where you are reading.";
  const own = (state.compare ? " Of the comparison it cites the cases of the sentence above; to cite A or B, open the link beside it first." : "") + place;
  if (!release) return [`What this site shows has not been released, and no list of it is kept. Later the link can only say whether the list is still the same; cite a release where you can.${own}`];
  if (sample) {
    const whole = make("a", { href: `?${serialise(unsampled({ ...state, page: 1, kept: [], cited: release }))}` }, "the link to what it was drawn from");
    return ["The link draws this sample again while the site shows ", named, "; later it only says whether the sample is still the same. What has changed can be told by ", whole, `.${own}`];
  }
  if (denominator(index, state).word !== "cases") return ["The link shows this result again. It was made with ", named, `; as rejected candidates keep no lasting ids, it later only says whether the list is still the same.${own}`];
  return ["The link shows this result again and says what has changed since ", named, `.${own}`];
}

/** @param {string} name @param {string} text @param {string} [newline] @param {boolean} [isCode] */
function makeBox(name, text, newline = "", isCode = false) {
  const content = isCode
    ? [make("h4", {}, name), make("pre", { class: "copy-text", tabindex: "0", "aria-label": `${name}, this result` }, text)]
    : [make("p", { class: "copy-text cite-text" }, text)];
  return make("div", { class: "copyable", "data-copy": name, "data-newline": newline || false }, ...content);
}

/** @param {Listing} listing @param {string[]} ids by ordinal @param {HTMLElement} root @returns {Result} */
function describeResult({ index, state, set, sample }, ids, root) {
  const { title = "", release = "", released = "", pid = "" } = root.dataset;
  const listed = set.slice().map((ordinal) => ids[ordinal]);
  const base = denominator(index, state);
  const print = fingerprint(listed);
  const asked = conditions(index, state) || `all ${base.word}`;
  const home = new URL(pid.replace(/c\/\{\}\/?$/, "") || location.href.replace(/[?#].*$/, "")).href;
  const address = safeAddress(home + addressOf(state, { release, count: listed.length, print }));
  return { atlas: title, words: titleWords(asked, sample), share: `${thousands(listed.length)} of ${thousands(base.count)} ${base.word}`, release, released, print, address };
}
