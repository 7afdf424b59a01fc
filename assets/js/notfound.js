/** 404.html: when the address looks like a case, say which case may be meant. Loads the list of ids only then. */
import { bodyOf, findTyped, isWellFormed, nearest, readIds } from "./case-id.js";
import { make } from "./views/dom.js";

/** @param {string} address @returns {Promise<string>} "" when it cannot be read */
async function load(address) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.text() : "";
  } catch {
    return "";
  }
}

/** Ids of every address that has an answer. @param {string} root */
async function loadIds(root) {
  const [published, withdrawn] = await Promise.all([load(`${root}data/ids.txt`), load(`${root}withdrawn.json`)]);
  /** @type {{id: string}[]} */
  const gone = withdrawn ? JSON.parse(withdrawn) : [];
  return [...readIds(published), ...gone.map((row) => row.id)];
}

/** @param {string} root @param {string} id */
function makeLink(root, id) {
  const release = location.search.startsWith("?r=") ? location.search : "";
  const quote = /^#q\d+$/.test(location.hash) ? location.hash : "";
  return make("li", {}, make("a", { href: `${root}c/${id.toLowerCase()}/${release}${quote}` }, id));
}

/** @param {HTMLElement} place @param {string} typed */
async function help(place, typed) {
  const root = place.dataset.root ?? "/";
  const ids = nearest(typed, await loadIds(root));
  const isSound = isWellFormed(bodyOf(typed));
  if (ids.length === 0) {
    const words = isSound ? "No case has this id here." : "This is no case id: its check character does not fit, and no id here is near it.";
    place.append(make("p", {}, words));
    return;
  }
  place.append(make("p", {}, "The address looks like that of a case. Did you mean this one?"), make("ul", {}, ...ids.map((id) => makeLink(root, id))));
}

const place = document.querySelector("#near");
const typed = findTyped(location.pathname);
if (place instanceof HTMLElement && typed !== "") void help(place, typed);
