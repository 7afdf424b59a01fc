/** A static server on the loopback interface that compresses like a host does and counts what it sends. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const compress = promisify(gzip);

/** Gives the page a clock of 5 microseconds. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/**
 * @param {string} folder
 * @param {{alias?: Record<string, string>, extra?: Record<string, string>}} [options] alias: first part of a path -> folder
 *   that is served there instead; extra: path -> HTML page
 */
export async function serve(folder, { alias = {}, extra = {} } = {}) {
  /** @type {Map<string, Buffer>} */
  const cache = new Map();
  /** @type {{path: string, bytes: number}[]} */
  const sent = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    const name = path.endsWith("/") ? `${path}index.html` : path;
    try {
      const type = TYPES[/** @type {keyof typeof TYPES} */ (extra[name] ? ".html" : extname(name))] ?? "application/octet-stream";
      let body = cache.get(name);
      if (!body) {
        const prefix = Object.keys(alias).find((start) => name.startsWith(start));
        body = await compress(extra[name] ?? (await readFile(prefix ? join(alias[prefix], name.slice(prefix.length)) : join(folder, name))), { level: 9 });
        cache.set(name, body);
      }
      sent.push({ path: name, bytes: body.length });
      response.writeHead(200, { ...ISOLATED, "content-type": type, "content-encoding": "gzip", "content-length": body.length, "cache-control": "max-age=31536000" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, sent, close: () => new Promise((resolve) => server.close(resolve)) };
}
