/** Copy buttons beside every citation of a page. Without script there are none, and the text can be selected. */
import { addButtons } from "./views/copy-boxes.js";

/** @returns {HTMLElement} a status that screen readers announce; empty until something was copied */
function addStatus() {
  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");
  (document.querySelector("main") ?? document.body).append(status);
  return status;
}

const boxes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"));
if (boxes.length > 0) {
  const status = addStatus();
  for (const box of boxes) addButtons(box, (text) => (status.textContent = text));
}
