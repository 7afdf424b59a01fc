import assert from "node:assert/strict";
import { test } from "node:test";
import { suggestQueries } from "../../assets/js/suggest.js";
import { readQuery } from "../../assets/js/terms.js";
import { Reader } from "../../assets/js/text.js";
import { openFixture, readJson, readShards } from "./files.js";

const index = openFixture();
const reader = new Reader(readShards(), index.firsts, index.size);
const texts = readJson("episodes.json").flatMap((episode) => [episode.name, ...episode.told]);
const suggest = (typed) => suggestQueries(typed, readQuery(typed), reader, texts);

test("the word that is being typed is completed as the cases spell it", () => {
  assert.deepEqual(suggest("renam"), ["renamed"]);
  assert.deepEqual(suggest("wrong cons"), ["wrong constraint"]);
  assert.ok(suggest("que").includes("queries") || suggest("que").includes("query"));
  assert.deepEqual(suggest("quote:renam"), ["quote:renamed"]);
});

test("nothing is suggested for short, closed or unknown words", () => {
  for (const typed of ["", "re", "renamed ", '"renam"', "-renam", "zzzz", "组", "???"]) assert.deepEqual(suggest(typed), [], typed);
});

test("what is used by more cases comes first, and there are at most eight", () => {
  const found = suggest("que");
  assert.ok(found.length > 0 && found.length <= 8);
  for (const query of found) assert.ok(query.startsWith("que"));
});
