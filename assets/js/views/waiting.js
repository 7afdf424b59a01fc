/** Places for the cases that are on their way over a slow network. What is there at once never shows them. */
import { make } from "./dom.js";

const BLINK = 250;
const FEWEST = 4;

export class Waiting {
  /** @param {HTMLElement} root @param {HTMLElement} list */
  constructor(root, list) {
    this.root = root;
    this.list = list;
    this.timer = 0;
    /** @type {ChildNode[] | null} */
    this.before = null;
  }

  begin() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#show(), BLINK);
  }

  /** A reader who is in the list keeps it. */
  #show() {
    if (this.before || this.list.contains(document.activeElement)) return;
    this.before = [...this.list.childNodes];
    const count = Math.max(FEWEST, this.list.childElementCount);
    this.list.replaceChildren(...Array.from({ length: count }, () => make("li", { class: "skeleton", "aria-hidden": "true" })));
    this.root.classList.add("waiting");
  }

  /** The cases are there, or never will be: then the list is as it was. @param {boolean} isDone */
  end(isDone) {
    clearTimeout(this.timer);
    if (this.before && !isDone) this.list.replaceChildren(...this.before);
    this.before = null;
    this.list.removeAttribute("aria-busy");
    this.root.classList.remove("waiting");
  }
}
