// Another relay's snapshot out of its text, in slices: ten thousand flags at once would hold the event loop for long.
import { inSlices } from '../slices.ts';

/** As a relay writes it: rows come last, and each begins alike. */
const ROWS = '"definitions":[';
const END = ']}';
const NEXT_ROW = ',{"kind":';
/** So much is parsed in well under a millisecond. */
const PART_LENGTH = 64 * 1024;

/** The same as `JSON.parse(text)`, of whatever text. Rejects with a SyntaxError. */
export async function parseInSlices(text: string): Promise<unknown> {
  if (text.length <= PART_LENGTH) return JSON.parse(text);
  return inSlices(parseByRows(text)).catch(() => JSON.parse(text));
}

/** Throws where it is written in another way: what is cut in the wrong place, is no JSON. */
function* parseByRows(text: string): Generator<void, unknown> {
  const begin = text.indexOf(ROWS) + ROWS.length;
  const end = text.length - END.length;
  const value = JSON.parse(`${text.slice(0, begin)}${END}`);
  if (begin < ROWS.length || !text.endsWith(END) || value.definitions?.length !== 0) throw new SyntaxError();
  for (let from = begin; from < end; ) {
    const next = text.indexOf(NEXT_ROW, from + PART_LENGTH);
    const to = next < 0 ? end : next;
    for (const row of JSON.parse(`[${text.slice(from, to)}]`)) value.definitions.push(row);
    from = to + 1;
    yield;
  }
  return value;
}
