/** What the reader of a link to a cited result is told. Pure; plain text. */
import { UNRELEASED } from "./cited.js";
import { dayWords } from "./result-citation.js";
import { thousands } from "./words.js";

/**
 * @typedef {import("./cited.js").Cited} Cited
 * @typedef {import("./since.js").Changes} Changes
 *
 * @typedef {object} Now what the same address lists today
 * @property {number} count
 * @property {string} print its fingerprint
 * @property {string} one what one of the list is called
 * @property {string} word what several are called
 * @property {string} sample how it was drawn, or ""
 *
 * @typedef {object} Told
 * @property {string} head one sentence, which is also announced
 * @property {string} note what it rests on, or ""
 */

/** @param {string} release */
const named = (release) => (release === UNRELEASED ? "between two releases" : `in release ${release}`);

/** @param {number} count @param {Now} now */
const counted = (count, { one, word }) => `${thousands(count)} ${count === 1 ? one : word}`;

/** "214 then, 221 now". @param {number | null} then @param {Now} now */
function thenAndNow(then, now) {
  return then === null ? `${counted(now.count, now)} now` : `${thousands(then)} then, ${thousands(now.count)} now`;
}

/** The list is the one that was cited, to the last case. @param {Cited} cited @param {Now} now @param {number} [revised] how many of them have other labels or texts @returns {Told} */
export function tellSame({ release }, now, revised = 0) {
  const what = now.count === 0 ? `No ${now.one}` : `The same ${now.count === 1 ? now.one : counted(now.count, now)}`;
  return { head: `${what}${now.count === 0 ? ", just" : ""} as cited ${named(release)}.`, note: revised > 0 ? revisedWords(revised, now.count) : "" };
}

/** @param {number} revised @param {number} all */
function revisedWords(revised, all) {
  if (all === 1) return "It has been revised since.";
  if (revised === all) return "All of them have been revised since.";
  return `${thousands(revised)} of them ${revised === 1 ? "has" : "have"} been revised since.`;
}

/** There is nothing to compare with. @param {Cited} cited @param {Now} now @param {string} reason @returns {Told} */
export function tellUnknown({ count, print }, now, reason) {
  const isOther = count !== null && (count !== now.count || (print !== "" && print !== now.print));
  const differs = isOther && count === now.count ? ", but not the same list" : "";
  return { head: `${thenAndNow(count, now)}${differs}.`, note: reason };
}

/** Why there is nothing to compare with, or "" if there is. @param {Cited} cited @param {Now} now @param {string[]} releases of the site @param {string} here the release that the site shows, or "" */
export function whyUnknown({ release }, now, releases, here) {
  if (now.sample) return "A sample is drawn from all cases of a release, so it is another one when cases come or go. What it was drawn from can be compared: take the sample out of the address.";
  if (now.word !== "cases") return "Rejected candidates keep no lasting ids, so results with them cannot be compared.";
  if (release === UNRELEASED) return "The link was made between two releases, and of such a state no list is kept. What has changed cannot be told.";
  if (release === here) return "It names the release that is shown here, so the link was altered, or its words were searched by other rules.";
  if (releases.length === 0) return "This site has no release files. What has changed cannot be told.";
  return releases.includes(release) ? "" : `This site knows no release ${release}. What has changed cannot be told.`;
}

/**
 * The list of then is known, or worked out as far as release files go.
 * @param {Cited} cited @param {Now} now @param {import("./since.js").Changes} changes @param {import("./since.js").Since} since
 * @param {List} list
 * @returns {Told}
 */
export function tellChanges(cited, now, changes, since, list) {
  const by = list.isOfLabels ? "relabelled" : "revised";
  const count = cited.count ?? list.count;
  const isWhole = list.isProven || (count === list.count && cited.print === "");
  const rest = isWhole ? 0 : Math.min(count - list.count, list.doubtful);
  const parts = [
    said(changes.added.length, "added"), said(changes.withdrawn.length, "withdrawn"), said(changes.removed.length, "taken down"),
    said(changes.left.length, `${by} out of it`), said(changes.joined.length, `${by} into it`), said(rest, "gone or revised, it is not known which"),
  ].filter((part) => part !== "");
  const known = parts.length > 0 ? `${isWhole ? ": " : ". As far as can be told: "}${parts.join(", ")}` : "";
  const day = since.date ? ` (${dayWords(since.date)})` : "";
  const base = `Release ${since.release}${day} had ${thousands(since.published)} cases.`;
  return { head: `${thenAndNow(count, now)}${known}.`, note: `${base} ${ground(cited, list)}` };
}

/** @param {number} count @param {string} what */
const said = (count, what) => (count > 0 ? `${thousands(count)} ${what}` : "");

/**
 * @typedef {object} List the list of then
 * @property {number} count
 * @property {number} doubtful how many more may have been listed
 * @property {boolean} isProven it has the fingerprint of the link
 * @property {boolean} isOfLabels only labels were asked for
 * @property {boolean} hasWords
 * @param {Cited} cited @param {List} list
 */
function ground({ print }, { isProven, hasWords, doubtful }) {
  if (isProven) return "The list of then is exact: it has the fingerprint of the link.";
  const words = hasWords ? [" Release files hold no texts: a case that has gone, or whose text was revised, may be missing here, and a word may find others in another corpus."] : [];
  const rest = words[0] ?? (doubtful > 0 ? " It is not recorded of every case that has gone or was revised whether it fitted." : "");
  if (print === "") return `The link has no fingerprint, so the list of then is worked out from the labels of that release.${rest}`;
  return `The list of then could not be restored: none has the fingerprint of the link.${rest}`;
}
