/** What copying puts on the clipboard, and what it says. Pure. */

/** @param {string} name */
export function ask(name) {
  return `Copy ${name}`;
}

/** @param {string} name */
export function sayCopied(name) {
  return `Copied: ${name}`;
}

/** @param {string} name */
export function sayFailed(name) {
  return `Not copied, but selected: ${name}. Copy it with the keyboard.`;
}

/**
 * The text with the line ends of its format; a page knows only one kind.
 * @param {string} text
 * @param {string} newline "crlf" or ""
 */
export function withNewlines(text, newline) {
  return newline === "crlf" ? text.replace(/\r?\n/g, "\r\n") : text;
}

/** A quote, then where it is from. @param {string} quote @param {string} citation */
export function withQuote(quote, citation) {
  return `“${quote.trim()}”\n${citation}`;
}

/**
 * The LaTeX snippet of one quote, from that of its case: the address leads to the quote, and the footnote names it.
 * @param {string} latex @param {string} id @param {number} number
 */
export function latexOfQuote(latex, id, number) {
  return latex.replace(`case ${id}`, `case ${id}, quote ${number}`).replace(/\\(href|url)\{([^}]*)\}/g, `\\$1{$2\\#q${number}}`);
}
