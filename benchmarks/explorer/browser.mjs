/** The measurements in Chromium: engines in a page at full and at a quarter of the speed, the real explorer, Pagefind. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { ROOT } from "./corpus.mjs";
import { serve } from "./serve.mjs";

const HERE = "/benchmarks/explorer/";
const IMPORTS = {
  minisearch: `${HERE}node_modules/minisearch/dist/es/index.js`,
  flexsearch: `${HERE}node_modules/flexsearch/dist/flexsearch.bundle.module.min.js`,
  "@orama/orama": `${HERE}node_modules/@orama/orama/dist/browser/index.js`,
  itemsjs: `${HERE}node_modules/itemsjs/dist/index.modern.js`,
};
const BENCH_PAGE = `<!doctype html><title>bench</title><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;
/** The least page that searches and shows ten results. */
const PAGEFIND_PAGE = `<!doctype html><title>cold</title><script type="module">
window.listed = (async () => {
  const engine = await import("/pagefind/pagefind.js");
  const { results } = await engine.search(location.hash.slice(1));
  for (const { url, meta } of await Promise.all(results.slice(0, 10).map((result) => result.data()))) {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: meta.title });
    document.body.append(link);
  }
  return new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
})();
</script>`;
const WORDS = ["commit", "tests", "error", "function", "agent", "file", "rules", "remove", "existing", "developer"];

/** @param {import("playwright-core").Page} page @param {number} rate 4: a quarter of the speed */
async function throttle(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

/**
 * Warm computing times of one engine in a page.
 * @param {string} name @param {string} folder as prepare.py lays it out
 */
export async function measureInPage(name, folder) {
  const server = await serve(ROOT, { extra: { "/bench": BENCH_PAGE }, alias: { "/corpus/": folder } });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(300_000);
    await page.goto(`${server.url}bench`);
    await page.evaluate(
      async ([name, here]) => {
        const [{ open }, { makeQueries, makeSelections }, clock] = await Promise.all([
          import(`${here}engines/${name.split("-")[0]}.mjs`), import(`${here}questions.mjs`), import(`${here}clock.mjs`),
        ]);
        const lines = await (await fetch("/corpus/documents.jsonl")).text();
        const documents = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
        const read = async (/** @type {string} */ path) => (await fetch(`/corpus/index/${path}`)).json();
        const engine = await open(documents, read, { isText: name !== "itemsjs-facets" });
        const [selections, queries] = [makeSelections(documents), makeQueries(documents)];
        if (engine.prepare) for (const q of queries) await engine.prepare(q);
        const both = queries.map((/** @type {string} */ q, /** @type {number} */ i) => [q, selections[i % selections.length]]);
        Object.assign(window, {
          measureAll: async (/** @type {boolean} */ isThrottled) => ({
            toggle: engine.toggle && (await clock.measure(selections, engine.toggle, { limit: 4, isThrottled })),
            query: engine.query && (await clock.measure(queries, engine.query, { limit: 4, isThrottled })),
            both: engine.both && (await clock.measure(both, ([q, selection]) => engine.both(q, selection), { limit: 4, isThrottled })),
          }),
        });
      },
      [name, HERE],
    );
    const measureAll = (/** @type {boolean} */ isThrottled) => page.evaluate((isThrottled) => /** @type {any} */ (window).measureAll(isThrottled), isThrottled);
    const full = await measureAll(false);
    await throttle(page, 4);
    return { full, quarter: await measureAll(true) };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The explorer's own page over the index of the corpus: the page is the sample's, the data are not. @param {string} sample @param {string} folder */
export async function measureExplorer(sample, folder) {
  const site = join(sample, "site");
  const [digest] = readdirSync(join(site, "index"));
  const server = await serve(site, { alias: { [`/index/${digest}/`]: join(folder, "index") } });
  const browser = await launch();
  try {
    const { page: shell, facets } = await measureLoad(browser, server);
    const screen = { full: await measureScreen(browser, server.url, 1), quarter: await measureScreen(browser, server.url, 4) };
    const cold = { full: await measureCold(browser, server.url, 1), quarter: await measureCold(browser, server.url, 4) };
    return { shell, facets, screen, cold };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Bytes of the page before and after the first choice. @param {import("playwright-core").Browser} browser @param {{url: string, sent: {path: string, bytes: number}[]}} server */
async function measureLoad(browser, server) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url, { waitUntil: "networkidle" });
  const shell = server.sent.splice(0).filter(({ path }) => !path.endsWith(".svg"));
  await page.goto(`${server.url}?form=S3`, { waitUntil: "networkidle" });
  const counted = server.sent.splice(0).filter(({ path }) => path.includes("/index/"));
  await page.close();
  const sum = (/** @type {{bytes: number}[]} */ files) => files.reduce((total, { bytes }) => total + bytes, 0);
  const cards = counted.filter(({ path }) => path.includes("/cards/"));
  return { page: { bytes: sum(shell), requests: shell.length }, facets: { bytes: sum(counted) - sum(cards), requests: counted.length - cards.length, cards: sum(cards) } };
}

/** From the click on a value of a facet to the frame that shows the new counts and the cards of the screen. @param {import("playwright-core").Browser} browser @param {string} url @param {number} rate */
async function measureScreen(browser, url, rate) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${url}?workflow=CLI`, { waitUntil: "networkidle" });
  await throttle(page, rate);
  const rounds = [];
  for (let round = 0; round < 3; round++) rounds.push(await page.evaluate(clickThrough));
  await page.close();
  return bestOf(rounds);
}

/** Runs in the page. */
async function clickThrough() {
  const results = /** @type {HTMLElement} */ (document.querySelector("#results"));
  const times = [];
  const places = ["form", "cause", "severity", "workflow", "agent"].flatMap((facet) => {
    const inputs = document.querySelectorAll(`.facet[data-facet="${facet}"] input[type="checkbox"]`);
    return [...inputs].slice(0, 6).map((_, i) => /** @type {const} */ ([facet, i]));
  });
  for (const [facet, i] of places.flatMap((place) => [place, place])) {
    const input = /** @type {HTMLInputElement} */ (document.querySelectorAll(`.facet[data-facet="${facet}"] input[type="checkbox"]`)[i]);
    times.push(
      await new Promise((resolve) => {
        const seen = new MutationObserver((records) => {
          if (results.hasAttribute("aria-busy") && !records.some(({ type }) => type === "childList")) return;
          seen.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now() - started);
            port2.postMessage(null);
          });
        });
        seen.observe(results, { childList: true, attributes: true });
        const started = performance.now();
        input.click();
      }),
    );
    // The rest of the page's cards follow; the next click finds a page at rest, as a reader's does.
    do await new Promise((resolve) => setTimeout(resolve, 50));
    while (results.hasAttribute("aria-busy"));
  }
  return times;
}

/** From the start of the navigation to the frames with the count of a word, the first cards, and the whole list. @param {import("playwright-core").Browser} browser @param {string} url @param {number} rate */
async function measureCold(browser, url, rate) {
  const [counted, begun, listed] = [[], [], []].map((times) => /** @type {number[]} */ (times));
  for (const word of WORDS) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await throttle(page, rate);
    await page.addInitScript(() => {
      /** @type {any} */ (window).listed = new Promise((resolve) => {
        document.addEventListener("DOMContentLoaded", () => {
          const results = /** @type {HTMLElement} */ (document.querySelector("#results"));
          const answer = /** @type {HTMLElement} */ (document.querySelector("#answer"));
          let [counted, begun] = [0, 0];
          new MutationObserver(() => requestAnimationFrame(() => (counted ||= performance.now()))).observe(answer, { childList: true, subtree: true });
          new MutationObserver(() => {
            if (!results.querySelector("mark")) return;
            requestAnimationFrame(() => (begun ||= performance.now()));
            if (!results.hasAttribute("aria-busy")) requestAnimationFrame(() => resolve([counted, begun, performance.now()]));
          }).observe(results, { childList: true, attributes: true });
        });
      });
    });
    await page.goto(`${url}?q=${word}`);
    const [count, begin, list] = await page.evaluate(() => /** @type {any} */ (window).listed);
    counted.push(count);
    begun.push(begin);
    listed.push(list);
    await context.close();
  }
  return { counted: bestOf([counted]), begun: bestOf([begun]), listed: bestOf([listed]) };
}

/** Pagefind in a page of its own: bytes, warm times with all counts, and a fresh page. @param {string} folder @param {string[]} queries @param {[string, string][][]} selections */
export async function measurePagefind(folder, queries, selections) {
  const server = await serve(join(folder, "pagefind-site"), { extra: { "/bench": "<!doctype html><title>bench</title>", "/cold": PAGEFIND_PAGE }, alias: { "/harness/": join(ROOT, "benchmarks", "explorer") } });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(300_000);
    const sum = () => server.sent.splice(0).filter(({ path }) => path.startsWith("/pagefind/")).reduce((total, { bytes }) => ({ bytes: total.bytes + bytes, requests: total.requests + 1 }), { bytes: 0, requests: 0 });
    /** What a fresh page fetches. @param {(engine: any) => Promise<unknown>} use */
    const bytesOf = async (use) => {
      const context = await browser.newContext();
      const fresh = await context.newPage();
      await fresh.goto(`${server.url}bench`);
      sum();
      // @ts-ignore
      await fresh.evaluate(`import("/pagefind/pagefind.js").then(${use}).then(() => {})`);
      await context.close();
      return sum();
    };
    const firstText = await bytesOf(async (/** @type {any} */ engine) => (await engine.search("commit")).results[0]?.data());
    const facets = await bytesOf(async (/** @type {any} */ engine) => [await engine.filters(), await engine.search(null, { filters: {} })]);
    await page.goto(`${server.url}bench`);
    await page.evaluate(async () => {
      // @ts-ignore
      const engine = (window.engine = await import("/pagefind/pagefind.js"));
      await engine.init();
      await engine.filters();
    });
    const chosen = selections.map((selection) => Object.fromEntries(selection.map(([facet, value]) => [facet, { any: [value] }])));
    const measureAll = (/** @type {boolean} */ isThrottled) =>
      page.evaluate(
        async ([queries, chosen, isThrottled]) => {
          const { engine } = /** @type {any} */ (window);
          // @ts-ignore
          const { measure } = await import("/harness/clock.mjs");
          const some = chosen.filter((_, i) => i % 3 === 0); // as each takes long
          for (const q of queries) await engine.search(q);
          return {
            toggle: await measure(some, (filters) => engine.search(null, { filters }), { rounds: 2, limit: 12, isThrottled }),
            query: await measure(queries, (q) => engine.search(q), { rounds: 2, limit: 12, isThrottled }),
            both: await measure(queries.map((q, i) => /** @type {const} */ ([q, chosen[i % chosen.length]])), ([q, filters]) => engine.search(q, { filters }), { rounds: 2, limit: 12, isThrottled }),
          };
        },
        /** @type {[string[], Record<string, any>[], boolean]} */ ([queries, chosen, isThrottled]),
      );
    const full = await measureAll(false);
    await throttle(page, 4);
    const quarter = await measureAll(true);
    const cold = [];
    for (const word of WORDS) {
      const context = await browser.newContext();
      const fresh = await context.newPage();
      await fresh.goto(`${server.url}cold#${word}`);
      cold.push(await fresh.evaluate(() => /** @type {any} */ (window).listed));
      await context.close();
    }
    return { facets, firstText, full, quarter, cold: bestOf([cold]) };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @param {number[][]} rounds */
function bestOf(rounds) {
  const sorted = rounds.map((times) => [...times].sort((a, b) => a - b));
  const least = (/** @type {number} */ share) => Math.min(...sorted.map((times) => times[Math.min(times.length - 1, Math.floor(times.length * share))]));
  return { least: least(0), p50: least(0.5), p95: least(0.95) };
}
