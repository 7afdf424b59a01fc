import assert from "node:assert/strict";
import { test } from "node:test";
import { IndexClient, LoadError } from "../../assets/js/index-client.js";
import { readJson } from "./files.js";

function makeClient(read = async (url) => readJson(url)) {
  const urls = [];
  const client = new IndexClient("index/", (url) => {
    urls.push(url);
    return read(url);
  });
  return { client, urls };
}

test("every part is fetched once", async () => {
  const { client, urls } = makeClient();
  await Promise.all([client.index(), client.index(), client.turns(), client.turns()]);
  await client.shards([0, 1]);
  await client.shards([1, 2]);
  assert.deepEqual(urls.sort(), ["index/index.json", "index/terms/0.json", "index/terms/1.json", "index/terms/2.json", "index/turns.json"]);
});

test("a part that failed is fetched again when asked for again", async () => {
  let fails = true;
  const { client } = makeClient(async (url) => {
    if (fails) throw new LoadError("503");
    return readJson(url);
  });
  await assert.rejects(client.index(), LoadError);
  fails = false;
  assert.equal((await client.index()).size, 150);
});

test("cards come in the order they are asked for", async () => {
  const { client, urls } = makeClient();
  const index = await client.index();
  const episodes = readJson("episodes.json");
  const ordinals = [149, 3, 17, 0];
  const cards = await client.cards(index, ordinals);
  assert.deepEqual(cards.map((card) => card.id), ordinals.map((ordinal) => episodes[ordinal].id));
  assert.deepEqual(cards.map((card) => card.name), ordinals.map((ordinal) => episodes[ordinal].name));
  assert.equal(urls.filter((url) => url.includes("cards/")).length, 3);
});

test("an index of another format is refused", async () => {
  const { client } = makeClient(async () => ({ ...readJson("index/index.json"), format: 99 }));
  await assert.rejects(client.index(), /format 99/);
});

test("a request that was aborted is not kept, one that arrived is", async () => {
  const signals = [];
  const client = new IndexClient("index/", (url, signal) => {
    if (signal) signals.push(signal);
    if (signal?.aborted) return Promise.reject(new LoadError("aborted"));
    return Promise.resolve(readJson(url));
  });
  const index = await client.index();
  await assert.rejects(client.cards(index, [0], AbortSignal.abort()), LoadError);
  const stop = new AbortController();
  const [card] = await client.cards(index, [0], stop.signal);
  await Promise.resolve();
  stop.abort();
  assert.equal((await client.cards(index, [0], stop.signal))[0].id, card.id);
  assert.equal(signals.length, 2, "the chunk that arrived was not asked for again");
});
