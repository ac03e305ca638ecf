// Lines for a terminal: texts wrapped to its width, and tables whose columns fit it.
import stringWidth from 'string-width';

export interface Column {
  title: string;
  isNumber?: true;
  /** Columns of a greater number are left out first where there is no room; 0 never is. */
  leaveOut: number;
}

/** A row's cells, one a column; or a line that stands across all columns. */
export type Row = readonly string[] | string;

const GAP = 2;

/** The text in lines of at most `width` columns, those after the first indented. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, width - indent.length))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line.trim() !== '' && stringWidth(longer) > width) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}

/** A word that is longer than a line, in pieces. */
function pieces(word: string, width: number): string[] {
  if (stringWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (stringWidth(part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}

/** The columns that fit, by their index. The first one is always there. */
export function fitting(columns: readonly Column[], rows: readonly Row[], width: number): number[] {
  let kept = [...columns.keys()];
  while (tableWidth(columns, rows, kept) > width) {
    const [worst] = kept
      .filter((index) => (columns[index]?.leaveOut ?? 0) > 0)
      .sort((a, b) => (columns[b]?.leaveOut ?? 0) - (columns[a]?.leaveOut ?? 0));
    if (worst === undefined) break;
    kept = kept.filter((index) => index !== worst);
  }
  return kept;
}

export function tableWidth(
  columns: readonly Column[],
  rows: readonly Row[],
  kept: readonly number[],
): number {
  return kept.reduce((sum, index) => sum + widthOf(columns, rows, index) + GAP, -GAP);
}

function widthOf(columns: readonly Column[], rows: readonly Row[], index: number): number {
  const cells = rows.map((row) => (typeof row === 'string' ? '' : (row[index] ?? '')));
  return Math.max(...[columns[index]?.title ?? '', ...cells].map((cell) => stringWidth(cell)));
}

/** One line a row, the columns aligned; empty columns are left out. The first line has the titles. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly Row[],
  kept: readonly number[],
  title: (text: string) => string,
): string[] {
  const shown = kept.filter((index) =>
    rows.some((row) => typeof row !== 'string' && (row[index] ?? '') !== ''),
  );
  const line = (cells: readonly string[]) =>
    shown
      .map((index) => padded(cells[index] ?? '', widthOf(columns, rows, index), columns[index]))
      .join('  ')
      .trimEnd();
  return [
    title(line(columns.map((column) => column.title))),
    ...rows.map((row) => (typeof row === 'string' ? row : line(row))),
  ];
}

function padded(cell: string, width: number, column: Column | undefined): string {
  const gap = ' '.repeat(Math.max(0, width - stringWidth(cell)));
  return column?.isNumber ? gap + cell : cell + gap;
}
