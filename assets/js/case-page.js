/** On a case page: the “keep” button, and marks for the words that led here. What they need is loaded when used. */
const KEY = "atlas-basket";
const keep = /** @type {HTMLElement | null} */ (document.querySelector(".plate .keep"));
const words = new URLSearchParams(location.search).get("q")?.trim() ?? "";

function hasBasket() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

if (keep) {
  const use = async (/** @type {boolean} */ isClick) => (await import("./views/case-keep.js")).useKeep(keep, isClick);
  document.documentElement.classList.add("scripted");
  keep.addEventListener("click", () => void use(true));
  if (hasBasket()) void use(false);
}
if (words) void import("./case-highlight.js").then(({ markWords }) => markWords(words));
