/** Places for the cases that are on their way over a slow network. What is there at once never shows them. */
import { make } from "./dom.js";

const BLINK = 250;
const FEWEST = 4;

export class Waiting {
  /** @param {HTMLElement} root @param {HTMLElement} list @param {HTMLElement} sentence above the list; what it said before the first answer was not asked for */
  constructor(root, list, sentence) {
    this.root = root;
    this.list = list;
    this.sentence = sentence;
    this.said = "";
    this.timer = 0;
    /** @type {ChildNode[] | null} */
    this.before = null;
    /** How many cases at the start of the list are those that were asked for, and how many there will be; 0 for not known. */
    this.arrived = 0;
    this.expected = 0;
    // Chips and notices that come with the sentence would move the places.
    new MutationObserver(() => list.querySelectorAll(".skeleton").forEach((place) => place.replaceWith(place.cloneNode()))).observe(sentence, { childList: true });
  }

  begin() {
    clearTimeout(this.timer);
    this.arrived = this.expected = 0;
    this.timer = window.setTimeout(() => this.#show(), BLINK);
  }

  /** A reader who is in the list keeps it. */
  #show() {
    if (this.before || this.list.contains(document.activeElement)) return;
    this.before = [...this.list.childNodes];
    const kept = [...this.list.children].slice(0, this.arrived);
    const count = (this.expected || Math.max(FEWEST, this.list.childElementCount)) - kept.length;
    this.list.replaceChildren(...kept, ...Array.from({ length: count }, () => make("li", { class: "skeleton", "aria-hidden": "true" })));
    this.root.classList.add("waiting");
    // The count may be there before the cases are.
    if (this.root.matches(".enhanced, .counted")) return;
    this.said = this.sentence.textContent ?? "";
    this.sentence.replaceChildren(make("i", {}, "Looking for the cases …"));
  }

  /** The cases are there, or never will be: then the list is as it was, or ends with those that came. @param {boolean} isDone */
  end(isDone) {
    clearTimeout(this.timer);
    if (!isDone && this.arrived > 0) this.list.replaceChildren(...[...this.list.children].slice(0, this.arrived));
    else if (this.before && !isDone) this.list.replaceChildren(...this.before);
    if (this.said && !isDone) this.sentence.textContent = this.said;
    this.said = "";
    this.before = null;
    this.list.removeAttribute("aria-busy");
    this.root.classList.remove("waiting");
  }
}
