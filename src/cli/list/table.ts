// The table of flags as people read it.
import type { FlagRow } from '../../authoring/flag-rows.ts';
import type { CodeScan } from '../../authoring/unused.ts';
import { printable } from '../../lib/printable.ts';
import { counted, styled } from '../terminal.ts';

/** Longer texts in a cell are cut. */
const WIDEST_CELL = 40;
/** More reads are counted, not shown. */
const MOST_READS = 500;

/** One line a flag, under a header; the last line counts them. */
export async function tableLines(
  rows: readonly FlagRow[],
  environments: readonly string[],
): Promise<string[]> {
  if (rows.length === 0) return ['No flags.'];
  const header = ['FLAG', 'TYPE', 'OWNER', 'EXPIRES', ...environments.map((name) => name.toUpperCase())];
  const cells = rows.map((row) => [
    row.flag,
    row.type,
    row.owner ?? '–',
    row.expires ?? 'never',
    ...environments.map((environment) => row.environments[environment] ?? ''),
  ]);
  const table = [header, ...cells].map((line) => line.map((cell) => printable(cell, WIDEST_CELL)));
  const widthOf = await measureFor(table.flat());
  const widths = header.map((_, column) =>
    table.reduce((most, line) => Math.max(most, widthOf(line[column] ?? '')), 0),
  );
  const lines = table.map((line) =>
    line
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
  return [
    styled('bold', lines[0] ?? ''),
    ...lines.slice(1).map((line, i) => (rows[i]?.expired ? styled('yellow', line) : line)),
    '',
    `${counted(rows.length, 'flag')}.`,
  ];
}

/** Each character of these takes one column. */
const PLAIN = /^[ -~–…]*$/;

/** Tells how many columns a text takes. What knows it for all scripts takes long to load, so it is for texts that need it. */
async function measureFor(texts: readonly string[]): Promise<(text: string) => number> {
  if (texts.every((text) => PLAIN.test(text))) return ({ length }) => length;
  return (await import('string-width')).default;
}

/** The flags that no code reads, and the reads of flags that do not exist. */
export function codeLines(table: readonly string[], flags: readonly FlagRow[], scan: CodeScan): string[] {
  const files = counted(scan.files, 'file');
  const unused =
    flags.length === 0
      ? [`Every flag is read by the code (${files}).`]
      : [...table.slice(0, -1), `${counted(flags.length, 'flag')} that no code reads (${files}).`];
  if (scan.tooLarge.length > 0) {
    const [first = '', ...others] = scan.tooLarge;
    const more = others.length === 0 ? '' : ` (and ${others.length.toLocaleString('en')} more)`;
    unused.push(`Not read, as larger than 1 MB: ${printable(first, 300)}${more}`);
  }
  if (scan.unknown.length === 0) return unused;
  const reads = scan.unknown
    .slice(0, MOST_READS)
    .map(({ file, line, key }) => `${printable(file, 300)}:${line}  ${printable(key, 100)}`);
  const rest = scan.unknown.length - reads.length;
  const more = rest > 0 ? [`… and ${rest.toLocaleString('en')} more: --format json lists them all.`] : [];
  return [
    ...unused,
    '',
    `${counted(scan.unknown.length, 'read')} of flags that do not exist:`,
    ...reads,
    ...more,
  ];
}
