/** Writes Pagefind's index: node pagefind-build.mjs <folder>. Called by run.mjs. */
import { join } from "node:path";
import { readDocuments } from "./corpus.mjs";
import { writePagefind } from "./engines/pagefind.mjs";

const [folder] = process.argv.slice(2);
await writePagefind(readDocuments(folder), join(folder, "pagefind-site"));
