// Reads a folder of definitions and finds everything that is wrong with it, today.
import { overdue } from '../../definitions/expiry.ts';
import { loadDefinitions } from '../../definitions/load.ts';
import { bounded } from '../../definitions/place.ts';
import { readFolder } from '../../io/folder.ts';
import { compareProblems } from '../../model/problem.ts';
import { loadThroughCache } from '../parse-cache/load.ts';
import type { CheckOutcome } from './outcome.ts';
import { Sources } from './sources.ts';

export interface CheckOptions {
  path: string;
  /** Whether warnings fail too. */
  strict: boolean;
  /** Whether what was parsed earlier need not be parsed again. */
  cache: boolean;
}

/** Throws UsageError where the folder cannot be read. */
export async function findProblems({ path, strict, cache }: CheckOptions, now: Date): Promise<CheckOutcome> {
  const entries = await readFolder(path);
  const loaded = cache ? await loadThroughCache(entries, path, process.env) : loadDefinitions(entries);
  const late = bounded(overdue(loaded, now.toISOString().slice(0, 10)));
  const problems = [...loaded.problems, ...late].sort(compareProblems);
  return {
    ok: loaded.ok && !(strict && problems.length > 0),
    strict,
    path,
    definitions: loaded.files.size,
    problems,
    sources: new Sources(entries),
  };
}
