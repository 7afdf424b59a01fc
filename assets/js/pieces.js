/**
 * Scrubbed text cut into what is shown as it stands, placeholders, and characters that need a visible mark, as
 * atlas_build/render/pieces.py does it for the pages; tests/js/fixtures/pieces.json holds both together.
 * @typedef {{kind: "text" | "chip" | "sign", text: string, title: string}} Piece
 */

const SIGNS = "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb]";
/** @type {Map<string, string>} */
const NAMES = new Map([
  ["\u200b", "ZWSP"], ["\u200e", "LRM"], ["\u200f", "RLM"], ["\u061c", "ALM"], ["\u202a", "LRE"], ["\u202b", "RLE"],
  ["\u202c", "PDF"], ["\u202d", "LRO"], ["\u202e", "RLO"], ["\u2066", "LRI"], ["\u2067", "RLI"], ["\u2068", "FSI"],
  ["\u2069", "PDI"], ["\ufeff", "BOM"], ["\u2028", "LS"], ["\u2029", "PS"],
]);

/** @param {Map<string, string>} placeholders kind -> what a reader is told @returns {(text: string) => Piece[]} */
export function makeCutter(placeholders) {
  const kinds = [...placeholders.keys()].join("|") || "(?!)";
  const special = new RegExp(`\\[(${kinds})_[1-9][0-9]{0,5}\\]|${SIGNS}`, "g");
  return (text) => {
    /** @type {Piece[]} */
    const pieces = [];
    const shown = text.replaceAll("\r\n", "\n");
    let end = 0;
    for (const match of shown.matchAll(special)) {
      if (match.index > end) pieces.push({ kind: "text", text: shown.slice(end, match.index), title: "" });
      pieces.push(match[1] ? { kind: "chip", text: match[0], title: placeholders.get(match[1]) ?? "" } : makeSign(match[0]));
      end = match.index + match[0].length;
    }
    if (end < shown.length) pieces.push({ kind: "text", text: shown.slice(end), title: "" });
    return pieces;
  };
}

/** @param {string} character @returns {Piece} */
function makeSign(character) {
  const point = character.charCodeAt(0);
  const number = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  return { kind: "sign", text: shownAs(character, point, number), title: `invisible character ${number}` };
}

/** @param {string} character @param {number} point @param {string} number */
function shownAs(character, point, number) {
  if (point < 0x20) return String.fromCharCode(0x2400 + point);
  return point === 0x7f ? "\u2421" : `⟨${NAMES.get(character) ?? number}⟩`;
}
