// Flags that no code reads, and reads of flags that do not exist.
import { type FlagCall, referencesIn } from './code-references.ts';
import type { FlagRow } from './flag-rows.ts';
import { GENERATED_BY } from './types/typescript-module.ts';

export interface UnknownRead extends FlagCall {
  file: string;
}

/** Fed with an app's files one by one, so that no more than one of them is in memory. */
export class CodeScan {
  readonly #known: ReadonlySet<string>;
  readonly #wrappers: readonly string[];
  readonly #named = new Set<string>();
  readonly #unknown: UnknownRead[] = [];
  readonly #tooLarge: string[] = [];
  #files = 0;

  /** `wrappers`: the names of an app's own functions that take a flag's key. */
  constructor(rows: readonly FlagRow[], wrappers: readonly string[] = []) {
    this.#known = new Set(rows.map(({ flag }) => flag));
    this.#wrappers = wrappers;
  }

  /** Generated modules name every flag, so they count as no code. `text` is absent where it is too large to be read. */
  add(file: string, text: string | undefined): void {
    if (text === undefined) {
      this.#tooLarge.push(file);
      return;
    }
    this.#files++;
    if (text.slice(0, 200).includes(GENERATED_BY)) return;
    const { named, calls } = referencesIn(text, this.#known, this.#wrappers);
    for (const key of named) this.#named.add(key);
    for (const call of calls) {
      if (this.#known.has(call.key)) this.#named.add(call.key);
      else this.#unknown.push({ file, ...call });
    }
  }

  get files(): number {
    return this.#files;
  }

  /** Files that were not read. */
  get tooLarge(): readonly string[] {
    return this.#tooLarge;
  }

  get unknown(): readonly UnknownRead[] {
    return this.#unknown;
  }

  /** The flags that code names, and those that they require, directly or through others. */
  used(rows: readonly FlagRow[]): ReadonlySet<string> {
    const requires = new Map<string, string[]>();
    for (const { flag, requiredBy } of rows) {
      for (const key of requiredBy) requires.set(key, [...(requires.get(key) ?? []), flag]);
    }
    const used = new Set(this.#named);
    for (const key of used) for (const required of requires.get(key) ?? []) used.add(required);
    return used;
  }
}
