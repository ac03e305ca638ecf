// All tests of a folder: to the cases that run, or to everything that is wrong with them. Pure, and total.
import { bounded, problemsOf, wholeFileProblem } from '../definitions/place.ts';
import { lineAndColumn, offsetOf } from '../definitions/positions.ts';
import type { SourceFile } from '../definitions/source-file.ts';
import { isTestFile, tooLarge } from '../definitions/triage.ts';
import type { Definitions } from '../model/definition.ts';
import type { Problem } from '../model/problem.ts';
import { type CheckedCase, checkTest } from './check-test.ts';
import type { FlagCase } from './flag-case.ts';
import { type CaseCount, caseLimits } from './limits.ts';
import { type ReadTest, readTest } from './read-test.ts';
import { testWorld } from './world.ts';

export interface LoadedTests {
  /** In the order of files and lines. Files with an error have none. */
  cases: FlagCase[];
  /** Errors and warnings, sorted by file, line and column. */
  problems: Problem[];
  /** What was read of each file, by path, for the next load. */
  files: ReadonlyMap<string, ReadTest>;
}

export interface LoadTestsOptions {
  /** An earlier load: files of the same path and bytes are not parsed again. */
  previous?: LoadedTests | undefined;
  /** Which files are read, by path; all of them if it is left out. */
  wants?: (path: string) => boolean;
}

/** `files` are those of the whole folder; the definitions among them are passed over, links and submodules too. */
export function loadTests(
  files: readonly SourceFile[],
  definitions: Definitions,
  { previous, wants = () => true }: LoadTestsOptions = {},
): LoadedTests {
  const world = testWorld(definitions);
  const result = { cases: [] as FlagCase[], problems: [] as Problem[], files: new Map<string, ReadTest>() };
  const room: CaseCount = { ...caseLimits.ofFolder };
  for (const file of files.filter(({ path }) => isTestFile(path)).sort(byPath)) {
    if ((file.kind !== 'file' && file.kind !== 'oversized') || !wants(file.path)) continue;
    const fault = tooLarge(file);
    if (fault || file.kind === 'oversized') {
      if (fault) result.problems.push(wholeFileProblem(file.path, fault));
      continue;
    }
    const before = previous?.files.get(file.path);
    const read = before && isSame(before.content, file.content) ? before : readTest(file.path, file.content);
    result.files.set(file.path, read);
    const { cases, findings, count } = checkTest(read, world, room);
    const problems = problemsOf(read, findings, world.personal);
    result.problems.push(...problems);
    if (problems.some(({ severity }) => severity === 'error')) continue;
    room.cases -= count.cases;
    room.values -= count.values;
    for (const one of placed(read, cases)) result.cases.push(one);
  }
  return { ...result, problems: bounded(result.problems) };
}

/** The cases with their lines; many combinations stand on one. */
function placed({ content, value, offsets, path }: ReadTest, cases: readonly CheckedCase[]): FlagCase[] {
  const text = new TextDecoder().decode(content);
  const places = new Map<number, ReturnType<typeof lineAndColumn>>();
  return cases.map(({ index, ...one }) => {
    const place =
      places.get(index) ?? lineAndColumn(text, offsetOf(value, offsets, ['cases', index], 'value'));
    places.set(index, place);
    return { ...one, file: path, ...place };
  });
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && Buffer.compare(a, b) === 0);
}
