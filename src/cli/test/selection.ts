// Which tests are asked for: arguments of `halyard test` are keys of flags, test files, or folders of them.
import { resolve, sep } from 'node:path';
import { hintFor } from '../../definitions/suggest.ts';
import { isTestFile } from '../../definitions/triage.ts';
import type { FlagCase } from '../../flag-tests/flag-case.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { Definitions } from '../../model/definition.ts';

export interface Selection {
  /** Whether a file may hold what is asked for, by its path in the definitions' folder. */
  mayWant: (file: string) => boolean;
  /** `flag` is undefined where the file cannot be read: it may be any. */
  wants: (file: string, flag: string | undefined) => boolean;
  /** Coverage is of the flags that are named, or of those that the named files test. */
  wantsCoverage: (cases: readonly FlagCase[]) => (flag: string) => boolean;
}

const EVERYTHING: Selection = {
  mayWant: () => true,
  wants: () => true,
  wantsCoverage: () => () => true,
};

/** Throws UsageError for an argument that is neither. */
export function selectionOf(
  wanted: readonly string[],
  folder: string,
  entries: readonly { path: string }[],
  definitions: Definitions,
): Selection {
  if (wanted.length === 0) return EVERYTHING;
  const flags = new Set(definitions.all.flatMap(({ kind, key }) => (kind === 'flag' ? [key] : [])));
  const tests = entries.map(({ path }) => path).filter(isTestFile);
  const named = new Set(wanted.filter((name) => flags.has(name)));
  const files = new Set<string>();
  for (const name of wanted) {
    if (named.has(name)) continue;
    // An empty name is a variable of the shell that is not set, and not the folder in which the shell is.
    const found = name === '' ? [] : tests.filter((path) => isAt(path, name, folder));
    if (found.length === 0) throw new UsageError(unknown(name, folder, [...flags]));
    for (const path of found) files.add(path);
  }
  return {
    mayWant: (file) => named.size > 0 || files.has(file),
    wants: (file, flag) => files.has(file) || (named.size > 0 && (flag === undefined || named.has(flag))),
    wantsCoverage: (cases) => {
      const tested = new Set(cases.map(({ flag }) => flag));
      return (flag) => tested.has(flag) || named.has(flag);
    },
  };
}

/** As the shell completes it or an editor names it, or as problems do within the folder. */
function isAt(path: string, name: string, folder: string): boolean {
  const place = resolve(folder, path);
  return [resolve(name), resolve(folder, name)].some(
    (one) => place === one || place.startsWith(`${one}${sep}`),
  );
}

function unknown(name: string, folder: string, flags: readonly string[]): string {
  const hint = hintFor(name, flags, 'Name a flag, a *.test.yaml or a folder of them.', 'There are the flags');
  return `there is no flag and no test file ${ticked(name)} in ${folder}. ${hint}`;
}
