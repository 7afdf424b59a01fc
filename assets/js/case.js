/** On a case page: tell the reader of a link with ?r=<release> what has changed since. */
import { askedRelease, readHistory, sinceLink } from "./case-history.js";

const section = /** @type {HTMLElement | null} */ (document.querySelector("[data-history]"));
const target = document.querySelector(".since-link");
const history = readHistory(section?.dataset.history ?? "");
if (target && history) target.textContent = sinceLink(history, askedRelease(location.search));
