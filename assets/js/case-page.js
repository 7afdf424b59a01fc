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
  const lost = Object.assign(document.createElement("p"), { className: "notice", textContent: "The case could not be kept, because a part of the page could not be loaded. Try again." });
  lost.setAttribute("role", "alert");
  const use = async (/** @type {boolean} */ isClick) => {
    const module = await import("./views/case-keep.js").catch(() => null);
    lost.remove();
    if (module) module.useKeep(keep, isClick);
    else if (isClick) keep.closest(".plate-id")?.after(lost);
  };
  document.documentElement.classList.add("scripted");
  keep.addEventListener("click", () => void use(true));
  if (hasBasket()) void use(false);
}
if (words) void import("./case-highlight.js").then(({ markWords }) => markWords(words), () => {}); // the case can be read without marks
