// What a check found, as every format prints it.
import type { Problem } from '../../model/problem.ts';
import type { Sources } from './sources.ts';

export interface CheckOutcome {
  /** False with errors, and where warnings fail too, with warnings. */
  ok: boolean;
  /** Whether warnings fail too. */
  strict: boolean;
  /** The folder, as it was named. */
  path: string;
  /** How many definitions were read, broken ones too. */
  definitions: number;
  /** Sorted by file, line and column, and not endless. */
  problems: readonly Problem[];
  sources: Sources;
}
