// Runs before the first paint, so it is a classic script. What only works with script is shown only with it. An address
// with a question shows the answer at once: the introduction steps back, and the list waits for the script instead of
// showing cases that were not asked for. What the answer needs is fetched now, beside the scripts and not after them.
document.documentElement.classList.add("js");
// A place in the list that the browser goes back to is counted in pixels: then all cards have their heights at once.
const [visit] = performance.getEntriesByType("navigation");
if (visit instanceof PerformanceNavigationTiming && visit.type !== "navigate") {
  document.documentElement.classList.add("returned", "untouched");
  for (const kind of ["wheel", "pointerdown", "keydown"]) addEventListener(kind, () => document.documentElement.classList.remove("untouched"), { once: true, passive: true });
}
if (location.search.length > 1) {
  document.documentElement.classList.add("asked");
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const fetchEarly = (/** @type {Record<string, string>} */ attributes) => document.head.append(Object.assign(document.createElement("link"), attributes));
  // Without these a question remains that may be the first screen's own, which needs no data.
  if (/[?&](?!page=|view=cards|sort=newest)./.test(location.search)) fetchEarly({ rel: "preload", as: "fetch", crossOrigin: "anonymous", href: script.dataset.preload ?? "" });
  if (/[?&]q=./.test(location.search)) {
    for (const name of ["search", "text", "terms", "highlight"]) fetchEarly({ rel: "modulepreload", href: new URL(`${name}.js`, script.src).href });
  }
}
