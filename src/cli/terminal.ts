// How commands print: whole lines to standard output, coloured on a terminal alone. The text is the same everywhere.
import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Prints lines that belong together, in one write. */
export function say(...lines: string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** The text in a colour, where standard output is a terminal that wants colours. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout, validateStream: true });
}

/** `1 flag`, `2 flags`. */
export function counted(count: number, thing: string): string {
  // Most counts are small, and a locale takes long to load.
  const figure = count < 1_000 ? count : count.toLocaleString('en');
  return `${figure} ${thing}${count === 1 ? '' : 's'}`;
}
