/** Plain text as TeX, as atlas_build/render/tex.py writes it; tests/js/fixtures/bibtex.json holds both together. */

const UNSETTABLE = "[...]";
/** @type {Map<string, string>} */
const SIGNS = new Map([
  ["\\", "\\textbackslash{}"], ["{", "\\textbraceleft{}"], ["}", "\\textbraceright{}"], ["~", "\\textasciitilde{}"],
  ["^", "\\textasciicircum{}"], ["&", "\\&"], ["%", "\\%"], ["$", "\\$"], ["#", "\\#"], ["_", "\\_"], ["<", "\\textless{}"],
  [">", "\\textgreater{}"], ["|", "\\textbar{}"], ['"', "{\\char34}"], ["`", "{\\`{}}"], ["“", "``"], ["”", "''"], ["„", ",,"],
  ["‘", "`"], ["’", "'"], ["‚", ","], ["«", "``"], ["»", "''"], ["–", "--"], ["—", "---"], ["‐", "-"], ["‑", "-"], ["−", "$-$"],
  ["…", "\\ldots{}"], ["→", "$\\rightarrow$"], ["←", "$\\leftarrow$"], ["↔", "$\\leftrightarrow$"], ["⇒", "$\\Rightarrow$"],
  ["≤", "$\\leq$"], ["≥", "$\\geq$"], ["≠", "$\\neq$"], ["≈", "$\\approx$"], ["×", "$\\times$"], ["±", "$\\pm$"],
  ["÷", "$\\div$"], ["·", "$\\cdot$"], ["•", "$\\bullet$"], ["°", "$^\\circ$"], ["µ", "$\\mu$"], ["μ", "$\\mu$"],
  ["§", "\\S{}"], ["¶", "\\P{}"], ["©", "\\copyright{}"], ["£", "\\pounds{}"], ["™", "\\texttrademark{}"],
  ["®", "\\textregistered{}"], ["¡", "!`"], ["¿", "?`"], ["ß", "\\ss{}"], ["æ", "\\ae{}"], ["Æ", "\\AE{}"], ["œ", "\\oe{}"],
  ["Œ", "\\OE{}"], ["ø", "\\o{}"], ["Ø", "\\O{}"], ["å", "\\aa{}"], ["Å", "\\AA{}"], ["ł", "\\l{}"], ["Ł", "\\L{}"], ["ı", "\\i{}"],
]);
/** @type {Map<string, string>} */
const ACCENTS = new Map([
  ["\u0300", "`"], ["\u0301", "'"], ["\u0302", "^"], ["\u0303", "~"], ["\u0304", "="], ["\u0306", "u"], ["\u0307", "."],
  ["\u0308", '"'], ["\u030a", "r"], ["\u030b", "H"], ["\u030c", "v"], ["\u0327", "c"],
]);
/** Signs that TeX joins when two of them meet. */
const LIGATURES = "-',";
/** What Python's str.split() takes for a blank. */
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Words parted by single blanks, as Python's str.split() parts them. @param {string} text */
export function oneLine(text) {
  return text.split(BLANKS).filter((word) => word !== "").join(" ");
}

/** Scrubbed text on one line, placeholders as they are written. @param {(text: string) => {text: string}[]} cut @param {string} text */
export function plainLine(cut, text) {
  return oneLine(cut(text).map((piece) => piece.text).join(""));
}

/** One line of plain text. Runs of characters that cannot be set become `[...]`. @param {string} text */
export function escapeTex(text) {
  const characters = [...oneLine(text).normalize("NFC")];
  const written = characters.map((char, i) => (LIGATURES.includes(char) && characters[i - 1] === char ? `{}${char}` : write(char)));
  return written.join("").replace(/\0(?: *\0)*/g, UNSETTABLE);
}

/** Whether nothing becomes `[...]`. @param {string} text */
export function isSettable(text) {
  return ![...text.normalize("NFC")].some((char) => !BLANKS.test(char) && write(char) === "\0");
}

/** @param {string} char */
function write(char) {
  const sign = SIGNS.get(char);
  if (sign !== undefined) return sign;
  if (char >= " " && char <= "~") return char;
  const [base, mark, ...more] = [...char.normalize("NFD")];
  const accent = ACCENTS.get(mark ?? "");
  if (more.length > 0 || !accent || !/^[A-Za-z]$/.test(base)) return "\0";
  const letter = mark !== "\u0327" && (base === "i" || base === "j") ? `\\${base}` : base;
  return `\\${accent}{${letter}}`;
}
