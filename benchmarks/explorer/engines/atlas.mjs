/** This project's explorer: the modules that the browser runs, on an index that the build wrote. */
import { IndexClient } from "../../../assets/js/index-client.js";
import { answer } from "../../../assets/js/query.js";
import { bestFirst, pageOf } from "../../../assets/js/rank.js";
import { Searcher } from "../../../assets/js/search.js";
import { parse } from "../../../assets/js/state.js";

export const PAGE = 40;

/** @param {unknown} _documents @param {(path: string) => Promise<any>} read a file of the index as JSON */
export async function open(_documents, read) {
  const client = new IndexClient("", read);
  const searcher = new Searcher(client);
  const index = await client.index();

  /** @param {[string, string][]} selection */
  const stateOf = (selection) => parse(selection.map(([facet, value]) => `${facet}=${value.startsWith("?") ? value.slice(1) : encodeURIComponent(value)}`).join("&")).state;

  return {
    /** Fetches what a query needs, before the clock of a warm one starts. @param {string} q */
    prepare: (q) => searcher.find(index, q),
    /** @param {[string, string][]} selection */
    toggle: (selection) => answer(index, stateOf(selection), null, null),
    /** Case ids, best first. @param {string} q @param {number} [limit] */
    async search(q, limit = PAGE) {
      const ordinals = await rank(q, [], limit);
      return (await client.cards(index, ordinals)).map((card) => card.id);
    },
    /** Ordinals only, as a card is no part of finding. @param {string} q */
    query: (q) => rank(q, [], PAGE),
    /** @param {string} q @param {[string, string][]} selection */
    both: (q, selection) => rank(q, selection, PAGE),
  };

  /** @param {string} q @param {[string, string][]} selection @param {number} limit */
  async function rank(q, selection, limit) {
    const { match } = await searcher.find(index, q);
    const { matches } = answer(index, stateOf(selection), match?.found ?? null, null);
    return pageOf(matches, match ? bestFirst(match.scores) : null, 0, limit);
  }
}
