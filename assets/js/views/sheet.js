/** On a phone the legend opens as a sheet over the page: a modal dialog, so that the rest is out of reach and Escape closes it. */
import { make } from "./dom.js";

const WIDE = "(min-width: 56rem)";

export class Sheet {
  /** @param {HTMLElement} home where the dialog is kept @param {HTMLElement[]} guests what moves into it while it is open: the legend, and the place of announcements */
  constructor(home, guests) {
    this.guests = guests;
    this.places = guests.map(() => document.createComment("in the sheet"));
    this.show = make("button", { type: "button", class: "sheet-show" });
    const close = make("button", { type: "button", class: "sheet-close", "aria-label": "Close the legend" }, "×");
    const head = make("div", { class: "sheet-head" }, make("h2", { id: "sheet-title" }, "Legend"), close);
    this.dialog = make("dialog", { class: "sheet", "aria-labelledby": "sheet-title" }, head, this.show);
    for (const button of [close, this.show]) button.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.#sendHome());
    matchMedia(WIDE).addEventListener("change", ({ matches }) => matches && this.dialog.close());
    home.append(this.dialog);
  }

  /** @param {HTMLElement} opener takes the focus back */
  open(opener) {
    if (this.dialog.open) return; // a second touch, while the script was on its way
    this.opener = opener;
    this.guests.forEach((guest, i) => {
      guest.replaceWith(this.places[i]);
      this.show.before(guest);
    });
    this.dialog.showModal();
  }

  #sendHome() {
    this.guests.forEach((guest, i) => this.places[i].replaceWith(guest));
    this.opener?.focus();
  }

  /** What the button that leads back to the list says. @param {string} words */
  say(words) {
    this.show.textContent = words;
  }
}
