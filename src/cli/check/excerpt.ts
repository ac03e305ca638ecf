// A line of a file as a terminal shows it, with marks under what is meant: cut to the width, wherever the place is.
import stringWidth from 'string-width';
import { printable } from '../../lib/printable.ts';

/** Tabs are shown as so many blanks, wherever they stand. */
const TAB = '  ';
/** At least so much of the line stands before the place, if there is so much. */
const LEAD = 20;
/** Parts of longer lines are taken before graphemes are looked for: one of them is never so long in earnest. */
const NEARBY = 1_000;

interface Cell {
  /** What is shown. */
  text: string;
  /** In columns of the terminal. */
  width: number;
  isMarked: boolean;
}

export interface Excerpt {
  line: string;
  /** Blanks and marks, to stand under the line. */
  marks: string;
}

/**
 * The part of a line around a place that fits in so many columns, and marks under the place.
 * @param column the place, counted from 1 in UTF-16 units
 * @param length how many UTF-16 units are meant, at least 1
 * @param columns the width of the terminal, of which at least 20 are used
 */
export function excerpt(line: string, column: number, length: number, columns: number): Excerpt {
  const cells = cellsOf(line, column - 1, column - 1 + length);
  const room = Math.max(columns, 20);
  const place = cells.findIndex(({ isMarked }) => isMarked);
  const [start, end] = windowOf(cells, place === -1 ? cells.length : place, room);
  const shown = cells.slice(start, end);
  const isCut = { before: start > 0 || column > NEARBY, after: end < cells.length };
  const before = isCut.before ? '…' : '';
  const marks = shown.map(({ width, isMarked }) => (isMarked ? '^' : ' ').repeat(width)).join('');
  return {
    line: `${before}${shown.map(({ text }) => text).join('')}${isCut.after ? '…' : ''}`,
    marks: `${before && ' '}${place === -1 ? `${marks}^` : marks}`.trimEnd(),
  };
}

const segmenter = new Intl.Segmenter();

/** The graphemes near the place, from the nearest beginning that is surely one: the line's own, or a blank. */
function cellsOf(line: string, from: number, to: number): Cell[] {
  const start = from < NEARBY ? 0 : Math.max(line.lastIndexOf(' ', from - LEAD), from - NEARBY);
  const nearby = line.slice(start, to + NEARBY);
  return Array.from(segmenter.segment(nearby), ({ segment, index }): Cell => {
    const text = segment === '\t' ? TAB : printable(segment);
    const at = start + index;
    return { text, width: stringWidth(text), isMarked: at < to && at + segment.length > from };
  });
}

/** Which cells are shown: all if they fit, else a lead before the place and what follows; two columns are for `…`. */
function windowOf(cells: readonly Cell[], place: number, room: number): [number, number] {
  const total = cells.reduce((sum, { width }) => sum + width, 0);
  if (total <= room) return [0, cells.length];
  let start = 0;
  let before = cells.slice(0, place).reduce((sum, { width }) => sum + width, 0);
  const lead = before + LEAD > room ? Math.min(LEAD, Math.floor(room / 3)) : before;
  while (before > lead) before -= cells[start++]?.width ?? 0;
  let end = start;
  for (let used = 0; end < cells.length; end++) {
    used += cells[end]?.width ?? 0;
    if (used > room - 2) break;
  }
  return [start, end];
}
