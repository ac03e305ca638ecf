// The lines that problems point at, and how much of a line a problem is about.
import type { Problem } from '../../model/problem.ts';

/** A quoted text, else what a plain one has before a blank, a bracket, a comma or the colon of a key. */
const TOKEN = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:[^\s,[\]{}:]|:(?=[^\s,[\]{}]))+)/;

/** The texts of the files that were read, by their lines. */
export class Sources {
  readonly #contents: ReadonlyMap<string, Uint8Array | undefined>;
  /** Problems come sorted by file, so the last one's lines are the next one's. */
  #last: { file: string; lines: string[] } = { file: '', lines: [] };

  constructor(entries: readonly { path: string; content?: Uint8Array }[]) {
    this.#contents = new Map(entries.map(({ path, content }) => [path, content]));
  }

  /** The line that a problem points at, without its end; undefined where its file was not read. */
  lineOf({ file, line }: Problem): string | undefined {
    if (this.#last.file !== file) {
      const text = new TextDecoder().decode(this.#contents.get(file));
      this.#last = { file, lines: text.split('\n') };
    }
    return this.#last.lines[line - 1]?.replace(/\r$/, '');
  }

  /** How many UTF-16 units the thing at the problem's place has: a text in quotes, a word, or 1 for what is neither. */
  lengthOf(problem: Problem): number {
    const rest = this.lineOf(problem)?.slice(problem.column - 1, problem.column + 999) ?? '';
    return TOKEN.exec(rest)?.[0].length ?? 1;
  }
}
