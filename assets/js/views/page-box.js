/** A box that leads to any page of a long list. */
import { make, need } from "./dom.js";

/** The box that is there keeps what is being typed. @param {HTMLElement} nav @param {number} pages @param {(page: number) => string} address */
export function placeBox(nav, pages, address) {
  const old = nav.querySelector("form");
  const box = old ?? makeBox();
  const field = need(box, "input", HTMLInputElement);
  field.max = String(pages);
  // Comes only when the browser has found nothing wrong with the field; then it is as if the page's link were followed.
  box.onsubmit = (event) => {
    event.preventDefault();
    const link = make("a", { href: address(field.valueAsNumber) });
    box.reset();
    box.append(link);
    link.click();
    link.remove();
  };
  if (!old) nav.append(box);
}

function makeBox() {
  const field = make("input", { type: "number", min: "1", required: true, inputmode: "numeric", autocomplete: "off" });
  return make("form", {}, make("label", {}, "Go to page ", field), make("button", { type: "submit" }, "Go"));
}
