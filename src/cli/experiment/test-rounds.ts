// Runs the tests of a folder before and after a change, to find the cases that pass no longer because of it.
import { lineAndColumn, offsetOf } from '../../definitions/positions.ts';
import type { SourceFile } from '../../definitions/source-file.ts';
import { type BucketRange, bucketRanges } from '../../flag-tests/bucket-ranges.ts';
import type { FlagCase } from '../../flag-tests/flag-case.ts';
import { type LoadedTests, loadTests } from '../../flag-tests/load.ts';
import type { ReadTest } from '../../flag-tests/read-test.ts';
import { type CaseResult, runCases } from '../../flag-tests/run.ts';
import type { Definitions } from '../../model/definition.ts';

/** What came of a case as it is written, over all its combinations and environments. */
export interface WrittenCase {
  file: string;
  /** Among the file's cases, from 0. */
  index: number;
  name: string;
  ranges: BucketRange[];
  results: CaseResult[];
}

export interface TestRound {
  tests: LoadedTests;
  cases: WrittenCase[];
}

export function testRound(files: readonly SourceFile[], definitions: Definitions): TestRound {
  const tests = loadTests(files, definitions);
  const results = [...runCases(tests.cases, definitions, { clock: () => 0 })];
  const byFile = Map.groupBy(results, (result) => result.case.file);
  const cases = Array.from(byFile, ([file, own]) => writtenCases(tests.files.get(file), own)).flat();
  return { tests, cases };
}

function writtenCases(read: ReadTest | undefined, results: readonly CaseResult[]): WrittenCase[] {
  if (!read?.test) return [];
  const text = new TextDecoder().decode(read.content);
  const byPlace = Map.groupBy(results, ({ case: one }) => placeText(one));
  return read.test.cases.flatMap(({ name, buckets = {} }, index): WrittenCase[] => {
    const { ranges } = bucketRanges(Object.keys(buckets), []);
    const place = lineAndColumn(text, offsetOf(read.value, read.offsets, ['cases', index], 'value'));
    const own = byPlace.get(placeText(place));
    return own ? [{ file: read.path, index, name, ranges, results: own }] : [];
  });
}

function placeText({ line, column }: Pick<FlagCase, 'line' | 'column'>): string {
  return `${line}:${column}`;
}

export function passes({ results }: WrittenCase): boolean {
  return results.every(({ failures }) => failures.length === 0);
}
