/** Texts of the gateway in which what was found is marked. They are people's own words: only ever shown as text. */

export interface Piece {
  text: string;
  found: boolean;
}

const OPEN = "<mark>";
const CLOSE = "</mark>";

/** The text in pieces, by its marks; any other `<` in it is a character like any other. */
export function pieces(marked: string): Piece[] {
  const found: Piece[] = [];
  for (const part of marked.split(OPEN).entries()) found.push(...piecesOf(part[1], part[0] > 0));
  return found.filter((piece) => piece.text !== "");
}

function piecesOf(part: string, opened: boolean): Piece[] {
  const end = opened ? part.indexOf(CLOSE) : -1;
  if (end < 0) return [{ text: part, found: false }];
  return [{ text: part.slice(0, end), found: true }, { text: part.slice(end + CLOSE.length), found: false }];
}
