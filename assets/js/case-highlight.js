/** On a case page: marks the words of ?q=, and leads from one to the next. */
import { makeHighlighter } from "./highlight.js";
import { readQuery } from "./terms.js";
import { make } from "./views/dom.js";

const TEXTS = ".plate h1, .story, .evidence, .turn-context, .reasoning, .label-other";

/** @param {string} words */
export function markWords(words) {
  const query = readQuery(`${words} `);
  if (query.isEmpty) return;
  const highlight = makeHighlighter(query);
  for (const text of textNodes()) {
    const segments = highlight(text.data);
    if (segments.some(({ isHit }) => isHit)) text.replaceWith(...segments.map(({ text: part, isHit }) => (isHit ? make("mark", { class: "hit" }, part) : part)));
  }
  const marks = [...document.querySelectorAll(".plate mark.hit")].filter((mark) => mark instanceof HTMLElement);
  document.querySelector("#main")?.append(makeBar(words, marks));
}

/** @returns {Text[]} */
function textNodes() {
  /** @type {Text[]} */
  const found = [];
  for (const element of document.querySelectorAll(TEXTS)) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node instanceof Text && !node.parentElement?.closest(".chip, .sign, .vh")) found.push(node);
    }
  }
  return found;
}

/** @param {string} words @param {HTMLElement[]} marks */
function makeBar(words, marks) {
  let place = -1;
  const where = make("span", { role: "status" }, marks.length === 0 ? `“${words}” stands in none of the texts on this page` : `${marks.length} ${marks.length === 1 ? "place" : "places"} with “${words}”`);
  const go = (/** @type {number} */ step) => {
    marks[place]?.classList.remove("here");
    place = place < 0 && step < 0 ? marks.length - 1 : (place + step + marks.length) % marks.length;
    const mark = marks[place];
    for (let fold = mark.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
    mark.classList.add("here");
    mark.scrollIntoView({ block: "center" });
    where.textContent = `${place + 1} of ${marks.length} places`;
  };
  const button = (/** @type {string} */ text, /** @type {() => void} */ run) => {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", run);
    return made;
  };
  const bar = make("aside", { class: "hit-bar", "aria-label": "Marked words" });
  const steps = marks.length > 0 ? [button("Previous", () => go(-1)), button("Next", () => go(1))] : [];
  const done = button("Done", () => {
    for (const mark of marks) mark.replaceWith(...mark.childNodes);
    bar.remove();
    document.querySelector(".plate")?.normalize();
  });
  bar.append(where, ...steps, done);
  return bar;
}
