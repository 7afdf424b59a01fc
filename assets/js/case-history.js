/** What has changed in a case since an old link was written. Pure; the answer is plain text. */

/** Fields in the order in which they are told, with their names. */
const FIELDS = Object.freeze([
  ["form", "form"], ["cause", "cause"], ["severity", "severity"], ["locus", "locus"], ["status", "resolution"],
  ["resolver", "resolver"], ["goal", "goal"], ["confidence", "confidence"], ["workflow", "workflow"],
  ["license", "license"], ["redactions", "number of replaced values"],
]);

/**
 * @typedef {Record<string, string>} State a case's fields as printed
 * @typedef {{releases: string[], states: [string, State | null][], names?: Record<string, string>}} History names: of labels
 *   states are oldest first; null while the case was gone; a name that is no release stands for what is not yet released
 */

/** @param {string} json @returns {History | null} null for anything that is no history */
export function readHistory(json) {
  try {
    const data = JSON.parse(json);
    const isHistory = Array.isArray(data?.releases) && Array.isArray(data?.states) && data.states.length > 0;
    return isHistory ? data : null;
  } catch {
    return null;
  }
}

/** The release that an address asks for, or "". @param {string} search */
export function askedRelease(search) {
  return new URLSearchParams(search).get("r") ?? "";
}

/**
 * One or two sentences for the reader of an old link; "" when the link names no release.
 * @param {History} history
 * @param {string} release as the link names it
 */
export function sinceLink(history, release) {
  if (release === "") return "";
  const place = history.releases.indexOf(release);
  if (place < 0) return "Your link names a release that this site does not know.";
  const before = history.states.filter(([name]) => placeOf(history, name) <= place).at(-1);
  const [lastName, now] = history.states[history.states.length - 1] ?? ["", null];
  const link = `since your link (release ${release})`;
  if (before === undefined) {
    const first = history.states[0]?.[0] ?? "";
    return `Your link names release ${release}, but this case was published later${isRelease(history, first) ? `, in ${first}` : ""}.`;
  }
  const then = before[1];
  if (now === null) return then === null ? `Withdrawn already in release ${release}.` : `Withdrawn ${link}${inRelease(history, lastName)}.`;
  if (then === null) return `Published again ${link}; it was withdrawn then.`;
  const changes = compare(then, now, history.names);
  return changes.length === 0 ? `Unchanged ${link}.` : `Changed ${link}: ${changes.join("; ")}.`;
}

/** @param {State} then @param {State} now @param {Record<string, string>} [names] @returns {string[]} */
export function compare(then, now, names = {}) {
  const changes = [];
  const say = (/** @type {string} */ value) => (value ? value.split(", ").map((label) => named(label, names)).join(" and ") : "none");
  for (const [field, name] of FIELDS) {
    const [old, value] = [then[field] ?? "", now[field] ?? ""];
    if (old !== value) changes.push(`${name} was ${say(old)}, is ${say(value)}`);
  }
  if (then.text !== now.text) changes.push("the text changed");
  if (changes.length === 0 && then.all !== now.all) changes.push("facts about the session changed");
  return changes;
}

/** `C6 contextual` as `C6 Scope Overreach, contextual evidence`. @param {string} label @param {Record<string, string>} names */
function named(label, names) {
  const [code, tier] = label.split(" ");
  if (!Object.hasOwn(names, code)) return label;
  return [`${code} ${names[code]}`, ...(tier ? [`${tier} evidence`] : [])].join(", ");
}

/** @param {History} history @param {string} name */
function placeOf(history, name) {
  const place = history.releases.indexOf(name);
  return place < 0 ? Infinity : place;
}

/** @param {History} history @param {string} name */
function isRelease(history, name) {
  return history.releases.includes(name);
}

/** @param {History} history @param {string} name */
function inRelease(history, name) {
  return isRelease(history, name) ? `, in release ${name}` : "";
}
