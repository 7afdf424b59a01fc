/**
 * Copy buttons beside every citation. Without script there are none, and the text can be selected.
 *
 * An element with data-copy holds one .copy-text; the attribute names what is copied. data-newline="crlf" asks for the
 * line ends of RIS files. Inside a quoted turn a second button copies the quote with its citation.
 */
import { ask, sayCopied, sayFailed, withNewlines, withQuote } from "./copy-words.js";

const CONFIRMED = 2000;

/** @returns {HTMLElement} a status that screen readers announce; empty until something was copied */
function addStatus() {
  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");
  (document.querySelector("main") ?? document.body).append(status);
  return status;
}

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

/**
 * @param {HTMLElement} box
 * @param {HTMLElement} status
 * @param {{shown: string, name: string, read: () => string}} what
 */
function makeButton(box, status, { shown, name, read }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = shown;
  button.setAttribute("aria-label", ask(name));
  let timer = 0;
  button.addEventListener("click", async () => {
    clearTimeout(timer);
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(read());
      button.textContent = "Copied";
      status.textContent = sayCopied(name);
    } catch {
      const text = box.querySelector(".copy-text");
      if (text) select(text);
      button.textContent = "Selected";
      status.textContent = sayFailed(name);
    }
    timer = window.setTimeout(() => {
      button.textContent = shown;
    }, CONFIRMED);
  });
  return button;
}

/** @param {HTMLElement} box @param {HTMLElement} status */
function addButtons(box, status) {
  const name = box.dataset.copy ?? "";
  const section = box.closest(".cite")?.querySelector("h3")?.textContent?.toLowerCase();
  const full = section ? `${name} of ${section}` : name;
  const buttons = document.createElement("div");
  buttons.className = "copy-buttons";
  buttons.append(makeButton(box, status, { shown: "Copy", name: full, read: () => readText(box) }));
  const turn = box.closest(".turn");
  if (turn) {
    const read = () => withQuote(readQuote(turn), readText(box));
    buttons.append(makeButton(box, status, { shown: "+ quote", name: `${name} with the quote`, read }));
  }
  box.append(buttons);
}

const boxes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"));
if (boxes.length > 0) {
  const status = addStatus();
  for (const box of boxes) addButtons(box, status);
}
