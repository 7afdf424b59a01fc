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
 * @property {boolean} isSample
 * @property {boolean} hasWords
 *
 * @typedef {object} Told
 * @property {string} head one sentence, which is also announced
 * @property {string} note what must be known with it, or ""
 * @property {string} [proof] what it rests on, for those who ask
 */

/** @param {string} release */
const named = (release) => (release === UNRELEASED ? "between two releases" : `in release ${release}`);

/** @param {number} count @param {Now} now */
const counted = (count, { one, word }) => `${thousands(count)} ${count === 1 ? one : word}`;

/** "214 then, 221 now". @param {number | string | null} then @param {Now} now */
function thenAndNow(then, now) {
  return then === null ? `${counted(now.count, now)} now` : `${words(then)} then, ${thousands(now.count)} now`;
}

/** @param {Cited} cited */
const cutWords = ({ isCut }) => (isCut ? "The fingerprint in the link is not whole." : "");

/** @param {...string} sentences */
const together = (...sentences) => sentences.filter((one) => one !== "").join(" ");

/** The list is the one that was cited, to the last case. @param {Cited} cited @param {Now} now @param {number} [revised] how many of them have other labels or texts @returns {Told} */
export function tellSame(cited, now, revised = 0) {
  const what = now.count === 0 ? `No ${now.one}` : `The same ${now.count === 1 ? now.one : counted(now.count, now)}`;
  const note = together(revised > 0 ? revisedWords(revised, now.count) : "", cutWords(cited));
  return { head: `${what}${now.count === 0 ? ", just" : ""} as cited ${named(cited.release)}.`, note };
}

/** @param {number} revised @param {number} all */
function revisedWords(revised, all) {
  if (all === 1) return "It has been revised since.";
  if (revised === all) return "All of them have been revised since.";
  return `${thousands(revised)} of them ${revised === 1 ? "has" : "have"} been revised since.`;
}

/** There is nothing to compare with. @param {Cited} cited @param {Now} now @param {string} reason @returns {Told} */
export function tellUnknown(cited, now, reason) {
  const { count, print } = cited;
  const isOther = count !== null && (count !== now.count || (print !== "" && print !== now.print));
  const differs = isOther && count === now.count ? ", but not the same list" : "";
  return { head: `${thenAndNow(count, now)}${differs}.`, note: together(reason, cutWords(cited)) };
}

/** Why there is nothing to compare with, or "" if there is. @param {Cited} cited @param {Now} now @param {string[]} releases of the site @param {string} here the release that the site shows, or "" */
export function whyUnknown({ release }, now, releases, here) {
  if (now.isSample) return "A sample is drawn from all cases of a release, so it is another one when cases come or go.";
  if (now.word !== "cases") return "Rejected candidates keep no lasting ids, so results with them cannot be compared.";
  if (release === UNRELEASED) return "The link was made between two releases, and of such a state no list is kept. What has changed cannot be told.";
  if (release === here) return `It names the release that is shown here, so the link was altered${now.hasWords ? ", or its words were searched by other rules" : ""}.`;
  if (releases.length === 0) return "This site has no release files. What has changed cannot be told.";
  return releases.includes(release) ? "" : `This site knows no release ${release}. What has changed cannot be told.`;
}

/**
 * The list of then, as far as it is known.
 * @typedef {object} List
 * @property {number} certain how many were listed for sure, as far as words find the same
 * @property {number} likely how many were, if what is not known was as it is today
 * @property {number} doubtful of how many cases it is not known
 * @property {boolean} isProven it has the fingerprint of the link
 * @property {boolean} isOfLabels only labels were asked for
 */

/** Whether nothing about the list of then is open. @param {List} list @param {Now} now */
export function isExact({ isProven, doubtful }, { hasWords }) {
  return isProven || (doubtful === 0 && !hasWords);
}

/** Titles for the lists of cases that came, went and changed, behind their counts. Of what was taken down nothing is listed. @param {Changes} changes @param {string} by @param {boolean} isSure @returns {[keyof Changes, string][]} */
export function titleLists(changes, by, isSure) {
  /** @type {[keyof Changes, string][]} */
  const titles = [["added", "added"], ["withdrawn", "withdrawn"], ["left", `${by} out of it`], ["joined", `${by} into it`], ["revised", `listed ${isSure ? "then and " : ""}now, revised since`]];
  return titles.filter(([name]) => changes[name].length > 0);
}

/** What became of cases that fit only once. @param {List} list */
export const changeWord = ({ isOfLabels }) => (isOfLabels ? "relabelled" : "revised");

/**
 * The list of then is known, or worked out as far as release files go.
 * @param {Cited} cited @param {Now} now @param {import("./since.js").Changes} changes @param {import("./since.js").Since} since
 * @param {List} list
 * @returns {Told}
 */
export function tellChanges(cited, now, changes, since, list) {
  const foreign = foreignWords(cited, now, since, list);
  const then = list.isProven ? list.likely : foreign || cited.count === null ? listedThen(list, now) : cited.count;
  const isSure = isExact(list, now);
  const rest = isSure || typeof then === "string" ? 0 : Math.min(then, list.certain + list.doubtful) - list.likely;
  const by = changeWord(list);
  const parts = [
    said(changes.added.length, "added"), said(changes.withdrawn.length, "withdrawn"), said(changes.removed.length, "taken down"),
    said(changes.left.length, `${by} out of it`), said(changes.joined.length, `${by} into it`), said(rest, "gone or revised, it is not known which"),
  ].filter((part) => part !== "");
  const known = parts.length > 0 ? `${isSure ? ": " : ". As far as can be told: "}${parts.join(", ")}` : "";
  const day = since.date ? ` (${dayWords(since.date)})` : "";
  const base = `Release ${since.release}${day} had ${thousands(since.published)} cases.`;
  const rests = foreign || ground(cited, now, list);
  const head = `${thenAndNow(then, now)}${known}.`;
  return isSure && foreign === "" ? { head, note: "", proof: `${base} ${rests}` } : { head, note: rests, proof: base };
}

/** @param {number} count @param {string} what */
const said = (count, what) => (count > 0 ? `${thousands(count)} ${what}` : "");

/** How many the release file says there were. @param {List} list @param {Now} now @returns {number | string} */
function listedThen({ certain, likely, doubtful }, { hasWords }) {
  if (hasWords) return `about ${thousands(likely)}`;
  return doubtful === 0 ? certain : `${thousands(certain)} to ${thousands(certain + doubtful)}`;
}

/** A count or a fingerprint that this question cannot have had, or "". @param {Cited} cited @param {Now} now @param {import("./since.js").Since} since @param {List} list */
function foreignWords({ count, print }, now, { published }, list) {
  if (count === null || list.isProven) return "";
  const apart = "so link and question do not belong together.";
  if (count > published) return `The link says that ${thousands(count)} were listed, ${apart}`;
  if (now.hasWords) return "";
  if (count < list.certain || count > list.certain + list.doubtful) return `In that release this question listed ${words(listedThen(list, now))}, the link says ${thousands(count)}, ${apart}`;
  return print !== "" && list.doubtful === 0 ? `The fingerprint of the link is of another list than this question had in that release, ${apart}` : "";
}

/** @param {number | string} count */
const words = (count) => (typeof count === "number" ? thousands(count) : count);

/** @param {Cited} cited @param {Now} now @param {List} list */
function ground({ print, isCut }, { hasWords }, { isProven, doubtful }) {
  if (isProven) return "The list of then is exact: it has the fingerprint of the link.";
  const texts = "Release files hold no texts: a case that has gone, or whose text was revised, may be missing here, and a word may find others in another corpus.";
  const rest = hasWords ? texts : doubtful > 0 ? "It is not recorded of every case that has gone or was revised whether it fitted." : "";
  const why = isCut ? "The fingerprint in the link is not whole" : "The link has no fingerprint";
  if (print === "") return together(`${why}, so the list of then is worked out from the labels of that release.`, rest);
  return together("The list of then could not be restored: none has the fingerprint of the link.", rest);
}
