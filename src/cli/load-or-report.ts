// Reads the definitions of a folder for a command that can do nothing with broken ones.
import type { Loaded } from '../definitions/load.ts';
import { readFolder } from '../io/folder.ts';
import type { Definitions } from '../model/definition.ts';
import { EXIT } from './exit.ts';
import { loadThroughCache } from './parse-cache/load.ts';
import { problemLines } from './problem-text.ts';

/** Undefined where there are errors: they are printed, `then` says what does not happen, and the command exits with 1. */
export async function loadOrReport(path: string, then: string): Promise<Definitions | undefined> {
  const loaded = await loadThroughCache(await readFolder(path), path, process.env);
  if (loaded.ok) return loaded.definitions;
  reportErrors(loaded, path, then);
  return undefined;
}

/** Prints the errors and what does not happen for them; the command exits with 1. */
export function reportErrors({ problems }: Loaded, path: string, then: string): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const lines = errors.flatMap((problem) => problemLines(problem, path));
  process.stderr.write(`${[...lines, `halyard: definitions with errors ${then}.`].join('\n')}\n`);
  process.exitCode = EXIT.problems;
}
