/**
 * Copy buttons. An element with data-copy holds one .copy-text; the attribute names what is copied. data-newline="crlf"
 * asks for the line ends of RIS files. Inside a quoted turn further buttons copy the quote with its citation, and LaTeX.
 */
import { ask, latexOfQuote, sayCopied, sayFailed, withNewlines, withQuote } from "../copy-words.js";

const CONFIRMED = 2000;

/** Select the text, so that the keyboard can copy what the clipboard refused. @param {Element} text */
function select(text) {
  const selection = getSelection();
  const range = document.createRange();
  range.selectNodeContents(text);
  selection?.removeAllRanges();
  selection?.addRange(range);
}

/** @param {HTMLElement} box */
function readText(box) {
  return withNewlines(box.querySelector(".copy-text")?.textContent ?? "", box.dataset.newline ?? "");
}

/** The quoted words of the turn, folded parts included. @param {Element} turn */
function readQuote(turn) {
  return [...turn.querySelectorAll("blockquote .evidence")].map((part) => part.textContent ?? "").join("");
}

/** The snippet of a quote follows from that of its case, so that pages need not hold both; "" where there is none. @param {Element} turn */
function makeLatex(turn) {
  const latex = document.querySelector('.cite [data-copy="LaTeX"] .copy-text')?.textContent ?? "";
  const id = document.querySelector(".plate-id .id")?.textContent ?? "";
  return latex && id ? latexOfQuote(latex, id, Number(turn.id.replace("q", ""))) : "";
}

/**
 * @param {HTMLElement} box
 * @param {(text: string) => void} say
 * @param {{shown: string, name: string, read: () => string}} what
 */
function makeButton(box, say, { shown, name, read }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = shown;
  button.setAttribute("aria-label", ask(name));
  let timer = 0;
  button.addEventListener("click", async () => {
    clearTimeout(timer);
    say("");
    try {
      await navigator.clipboard.writeText(read());
      button.textContent = "Copied";
      say(sayCopied(name));
    } catch {
      const text = box.querySelector(".copy-text");
      if (text) select(text);
      button.textContent = "Selected";
      say(sayFailed(name));
    }
    timer = window.setTimeout(() => {
      button.textContent = shown;
    }, CONFIRMED);
  });
  return button;
}

/** @param {HTMLElement} box @param {(text: string) => void} say announces */
export function addButtons(box, say) {
  const name = box.dataset.copy ?? "";
  const section = box.closest(".cite")?.querySelector("h3")?.textContent?.toLowerCase();
  const full = section ? `${name} of ${section}` : name;
  const buttons = document.createElement("div");
  buttons.className = "copy-buttons";
  buttons.append(makeButton(box, say, { shown: "Copy", name: full, read: () => readText(box) }));
  const turn = box.closest(".turn");
  if (turn) {
    const read = () => withQuote(readQuote(turn), readText(box));
    buttons.append(makeButton(box, say, { shown: "+ quote", name: `${name} with the quote`, read }));
    const latex = makeLatex(turn);
    if (latex) buttons.append(makeButton(box, say, { shown: "LaTeX", name: name.replace("citation", "LaTeX"), read: () => latex }));
  }
  box.append(buttons);
}
