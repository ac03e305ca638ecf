// Of all that is found about a file, as much as is ever listed: the rest of a hostile folder's would fill the memory.
import { type ProblemCode, problemCodes } from '../model/problem.ts';
import { limits } from './source-file.ts';

/** The first hundred errors and the first hundred warnings, in their order; the others are counted. */
export class Few<Found extends { code: ProblemCode }> {
  readonly kept: Found[] = [];
  omitted = 0;
  readonly #left = { error: limits.problemsOfFile as number, warning: limits.problemsOfFile as number };

  constructor(all: Iterable<Found> = []) {
    for (const found of all) this.add(found);
  }

  add(found: Found): void {
    const { severity } = problemCodes[found.code];
    if (this.#left[severity] === 0) this.omitted += 1;
    else {
      this.#left[severity] -= 1;
      this.kept.push(found);
    }
  }
}
