/**
 * The fingerprint of a list of cases: what tells two lists apart without naming their cases. docs/citing.md defines it.
 * SHA-256 is written out here because the browser's own is missing on plain-http hosts (FIPS 180-4, section 6.2).
 */

const CHARACTERS = 16;

/** The first so many primes. @param {number} count */
function primes(count) {
  /** @type {number[]} */
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** The first 32 bits behind the point of a number. @param {number} number */
const fraction = (number) => ((number - Math.floor(number)) * 2 ** 32) | 0;

const START = primes(8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = primes(64).map((prime) => fraction(Math.cbrt(prime)));

/** @param {number} word @param {number} by */
const turn = (word, by) => (word >>> by) | (word << (32 - by));

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. @param {string} text */
export function sha256(text) {
  const state = Int32Array.from(START);
  const words = padded(new TextEncoder().encode(text));
  for (let start = 0; start < words.length; start += 16) mix(state, words.subarray(start, start + 16));
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The message as big-endian words: a single one bit, zeros, then its length in bits. @param {Uint8Array} bytes */
function padded(bytes) {
  const words = new Int32Array((((bytes.length + 8) >>> 6) + 1) << 4);
  for (let i = 0; i < bytes.length; i++) words[i >>> 2] |= bytes[i] << (24 - 8 * (i & 3));
  words[bytes.length >>> 2] |= 0x80 << (24 - 8 * (bytes.length & 3));
  words[words.length - 2] = Math.floor(bytes.length / 2 ** 29);
  words[words.length - 1] = bytes.length << 3;
  return words;
}

const schedule = new Int32Array(64);

/** @param {Int32Array} state eight words, changed in place @param {Int32Array} block sixteen words */
function mix(state, block) {
  schedule.set(block);
  for (let i = 16; i < 64; i++) {
    const early = schedule[i - 15];
    const late = schedule[i - 2];
    const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    schedule[i] = schedule[i - 16] + small + schedule[i - 7] + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + schedule[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

/** The first 16 hexadecimal digits of SHA-256 over the sorted ids, each followed by a line feed. @param {Iterable<string>} ids */
export function fingerprint(ids) {
  return sha256([...ids].sort().map((id) => `${id}\n`).join("")).slice(0, CHARACTERS);
}
