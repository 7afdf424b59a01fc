/**
 * Case ids: their check character, and which ids are near to a mistyped one. Pure; the same rules as
 * atlas_build/model/identity.py and atlas_build/nearest.py.
 */

const ALPHABET = "0123456789bcdfghjkmnpqrstvwxz";
const DIGITS = 7;
const FARTHEST = 2;
const MOST = 3;

/** The eight characters of an id as typed, without prefix and hyphens. @param {string} text */
export function bodyOf(text) {
  return text
    .toLowerCase()
    .replace(/[^0-9a-z]/g, "")
    .replace(/^ama/, "");
}

/** NOID: sum of position (from 1) times digit value, modulo the size of the alphabet. @param {string} digits */
export function checkCharacter(digits) {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) sum += (place + 1) * ALPHABET.indexOf(digits.charAt(place));
  return ALPHABET.charAt(sum % ALPHABET.length);
}

/** @param {string} body */
export function isWellFormed(body) {
  const isId = body.length === DIGITS + 1 && [...body].every((char) => ALPHABET.includes(char));
  return isId && checkCharacter(body.slice(0, DIGITS)) === body.charAt(DIGITS);
}

/** @param {string} body */
export function spell(body) {
  return `AMA-${body.slice(0, 4)}-${body.slice(4)}`;
}

/** What of an address looks like a case id, or "". @param {string} path */
export function findTyped(path) {
  const match = /\/c\/([^/]{1,40})\/?$/i.exec(path) ?? /\/(ama[^/]{5,20})\/?$/i.exec(path);
  if (!match) return "";
  try {
    return decodeURIComponent(match[1] ?? "");
  } catch {
    return match[1] ?? "";
  }
}

/**
 * Fewest insertions, removals, replacements and swaps of neighbours between two short words.
 * @param {string} from
 * @param {string} to
 */
export function distance(from, to) {
  /** @type {number[]} */
  let before = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const now = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let best = Math.min((now[column - 1] ?? 0) + 1, (last[column] ?? 0) + 1, (last[column - 1] ?? 0) + (isSame ? 0 : 1));
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) best = Math.min(best, (before[column - 2] ?? 0) + 1);
      now.push(best);
    }
    before = last;
    last = now;
  }
  return last[to.length] ?? 0;
}

/**
 * The ids nearest to what was typed: at most three, all at the same distance of at most two.
 * @param {string} typed
 * @param {Iterable<string>} ids canonical ids
 * @returns {string[]} sorted
 */
export function nearest(typed, ids) {
  const body = bodyOf(typed);
  if (Math.abs(body.length - DIGITS - 1) > FARTHEST) return [];
  let least = FARTHEST;
  /** @type {string[]} */
  let found = [];
  for (const id of ids) {
    const far = distance(body, bodyOf(id));
    if (far > least) continue;
    if (far < least) found = [];
    least = far;
    found.push(id);
  }
  return found.sort().slice(0, MOST);
}

/** The ids of data/ids.txt: one a line, then the number of quotes. @param {string} text */
export function readIds(text) {
  return text
    .split("\n")
    .map((line) => line.split(" ", 1)[0] ?? "")
    .filter((id) => id !== "");
}
