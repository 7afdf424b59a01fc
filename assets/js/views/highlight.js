/** Writes scrubbed text into an element: placeholders and control characters marked, hits of the search highlighted. */
import { make } from "./dom.js";

/**
 * @typedef {import("../pieces.js").Piece} Piece
 * @typedef {import("../highlight.js").Segment} Segment
 */

/** @param {Element} element @param {Piece[]} pieces @param {(text: string) => Segment[]} highlight */
export function writeText(element, pieces, highlight) {
  element.replaceChildren(...pieces.flatMap((piece) => writePiece(piece, highlight)));
}

/** @param {Piece} piece @param {(text: string) => Segment[]} highlight @returns {(Node | string)[]} */
function writePiece(piece, highlight) {
  if (piece.kind !== "text") return [make("span", { class: piece.kind, title: piece.title }, piece.text)];
  return highlight(piece.text).map(({ text, isHit }) => (isHit ? make("mark", { class: "hit" }, text) : text));
}
