/** Texts in which the gateway has marked what was found: HTML, in which all but the marks is escaped.
 * They are people's own words, so they are taken apart and shown as text, never put into the page as HTML. */

export interface Piece {
  text: string;
  found: boolean;
}

const OPEN = "<mark>";
const CLOSE = "</mark>";

const ESCAPED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The text in pieces, by its marks; whatever else is in it is a character like any other. */
export function pieces(marked: string): Piece[] {
  const found: Piece[] = [];
  for (const part of marked.split(OPEN).entries()) found.push(...piecesOf(part[1], part[0] > 0));
  return found.filter((piece) => piece.text !== "");
}

function piecesOf(part: string, opened: boolean): Piece[] {
  const end = opened ? part.indexOf(CLOSE) : -1;
  if (end < 0) return [{ text: plain(part), found: false }];
  return [{ text: plain(part.slice(0, end)), found: true }, { text: plain(part.slice(end + CLOSE.length)), found: false }];
}

function plain(html: string): string {
  return html.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ESCAPED[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
