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
  return shown();
})();
</script>`;
/** The least page that fetches a file and says so: what no page on this machine can be faster than. */
const LEAST_PAGE = `<!doctype html><title>least</title><p>Nothing yet</p><script type="module">
window.listed = (async () => {
  const { length } = await (await fetch("/fetched")).text();
  document.querySelector("p").textContent = length;
  return shown();
})();
</script>`;
const WORDS = ["commit", "tests", "error", "function", "agent", "file", "rules", "remove", "existing", "developer"];

/** Opening a tab starts processes, which is not the doing of the page that it will show. */
const REST = 500;

/** A tab at rest, whose pages can ask when a change is on screen: `shown()`. @param {import("playwright-core").Browser} browser @param {number} [rate] */
async function openTab(browser, rate = 1) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await throttle(page, rate);
  await page.addInitScript(() => {
    const { scheduler } = /** @type {any} */ (window);
    /** The time at the end of the next frame, before anything else runs. */
    const shown = () => new Promise((resolve) => requestAnimationFrame(() => scheduler.postTask(() => resolve(performance.now()), { priority: "user-blocking" })));
    Object.assign(window, { shown });
  });
  await new Promise((resolve) => setTimeout(resolve, REST));
  return page;
}

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
  const server = await serve(site, { alias: { [`/index/${digest}/`]: join(folder, "index") }, extra: { "/least": LEAST_PAGE, "/fetched": "x" } });
  const browser = await launch();
  try {
    const { page: shell, facets } = await measureLoad(browser, server);
    const atBoth = async (/** @type {typeof measureScreen | typeof measureFirst | typeof measureCold | typeof measureLeast | typeof measureTyping} */ measure) => ({ full: await measure(browser, server.url, 1), quarter: await measure(browser, server.url, 4) });
    return { shell, facets, screen: await atBoth(measureScreen), first: await atBoth(measureFirst), cold: await atBoth(measureCold), typing: await atBoth(measureTyping), least: await atBoth(measureLeast) };
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
  const page = await openTab(browser);
  await page.goto(`${url}?workflow=CLI`, { waitUntil: "networkidle" });
  await throttle(page, rate);
  const rounds = [];
  for (let round = 0; round < 3; round++) rounds.push(await page.evaluate(clickThrough));
  await page.context().close();
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
          void /** @type {any} */ (window).shown().then((/** @type {number} */ time) => resolve(time - started));
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

/** Runs in a page of the explorer: resolves to the times at which the count, the first cards and the whole list are on screen. */
function watch() {
  const { shown } = /** @type {any} */ (window);
  const results = /** @type {HTMLElement} */ (document.querySelector("#results"));
  const answer = /** @type {HTMLElement} */ (document.querySelector("#answer"));
  return new Promise((resolve) => {
    /** @type {Promise<number> | undefined} */
    let counted;
    /** @type {Promise<number> | undefined} */
    let begun;
    // Before there is a count, the place may say that it is being looked for.
    new MutationObserver(() => {
      if (document.querySelector("#explorer.counted")) counted ??= shown();
    }).observe(answer, { childList: true, subtree: true });
    const seen = new MutationObserver(() => {
      if (!results.querySelector("mark")) return;
      begun ??= shown();
      if (results.hasAttribute("aria-busy")) return;
      seen.disconnect();
      resolve(Promise.all([counted, begun, shown()]));
    });
    seen.observe(results, { childList: true, attributes: true });
  });
}

/** @param {[number, number, number][]} times */
function threeOf(times) {
  const [counted, begun, listed] = [0, 1, 2].map((which) => bestOf([times.map((one) => one[which])]));
  return { counted, begun, listed };
}

/** From the first question to a page that has loaded nothing of the index yet. @param {import("playwright-core").Browser} browser @param {string} url @param {number} rate */
async function measureFirst(browser, url, rate) {
  /** @type {[number, number, number][]} */
  const times = [];
  for (const word of WORDS) {
    const page = await openTab(browser);
    await page.goto(url, { waitUntil: "networkidle" });
    await throttle(page, rate);
    await page.evaluate(`watch = ${watch}`);
    times.push(
      await page.evaluate(async (word) => {
        const input = /** @type {HTMLInputElement} */ (document.querySelector("#q"));
        const started = performance.now();
        const seen = /** @type {any} */ (window).watch();
        input.value = word;
        input.form?.requestSubmit();
        return (await seen).map((/** @type {number} */ time) => time - started);
      }, word),
    );
    await page.context().close();
  }
  return threeOf(times);
}

/** From the start of the navigation to an address with a word. @param {import("playwright-core").Browser} browser @param {string} url @param {number} rate */
async function measureCold(browser, url, rate) {
  /** @type {[number, number, number][]} */
  const times = [];
  for (const word of WORDS) {
    const page = await openTab(browser, rate);
    await page.addInitScript(`window.listed = new Promise((resolve) => addEventListener("DOMContentLoaded", () => resolve((${watch})())))`);
    await page.goto(`${url}?q=${word}`);
    times.push(await page.evaluate(() => /** @type {any} */ (window).listed));
    await page.context().close();
  }
  return threeOf(times);
}

/** From each key to the frame with its letter, in words that are typed at a letter every 150 ms; a pause of 120 ms asks anew. @param {import("playwright-core").Browser} browser @param {string} url @param {number} rate */
async function measureTyping(browser, url, rate) {
  const page = await openTab(browser);
  await page.goto(url, { waitUntil: "networkidle" });
  await page.click("#q");
  await throttle(page, rate);
  await page.evaluate(() => {
    const { shown } = /** @type {any} */ (window);
    /** @type {Promise<number>[]} */
    const waits = [];
    const since = (/** @type {number} */ start) => (/** @type {number} */ time) => time - start;
    // A key has the time at which it was pressed, however long the page was busy then; the letter comes after it.
    let pressed = 0;
    addEventListener("keydown", ({ timeStamp }) => (pressed = timeStamp), { capture: true });
    addEventListener("input", () => pressed > 0 && waits.push(shown().then(since(pressed))), { capture: true });
    Object.assign(window, { waits });
  });
  for (const word of WORDS) {
    await page.keyboard.type(word, { delay: 150 });
    await page.waitForTimeout(500);
    await page.evaluate(() => {
      const input = /** @type {HTMLInputElement} */ (document.querySelector("#q"));
      input.value = "";
      input.form?.requestSubmit();
    });
    await page.waitForTimeout(500);
  }
  const waits = /** @type {number[]} */ (await page.evaluate(() => Promise.all(/** @type {any} */ (window).waits)));
  await page.context().close();
  return bestOf([waits]);
}

/** @param {import("playwright-core").Browser} browser @param {string} url @param {number} rate */
async function measureLeast(browser, url, rate) {
  return measureListed(browser, WORDS.map(() => `${url}least`), rate);
}

/** Fresh pages that say themselves when they are done. @param {import("playwright-core").Browser} browser @param {string[]} urls @param {number} rate */
async function measureListed(browser, urls, rate) {
  /** @type {number[]} */
  const times = [];
  for (const url of urls) {
    const page = await openTab(browser, rate);
    await page.goto(url);
    times.push(await page.evaluate(() => /** @type {any} */ (window).listed));
    await page.context().close();
  }
  return bestOf([times]);
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
    await page.close(); // throttling takes time from other tabs
    const urls = WORDS.map((word) => `${server.url}cold#${word}`);
    const cold = { full: await measureListed(browser, urls, 1), quarter: await measureListed(browser, urls, 4) };
    return { facets, firstText, full, quarter, cold };
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
