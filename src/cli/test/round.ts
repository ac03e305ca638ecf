// One round of `halyard test`: reads the folder, and runs the tests that are asked for.
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import { type Coverage, CoverageNotes } from '../../flag-tests/coverage.ts';
import { type LoadedTests, loadTests } from '../../flag-tests/load.ts';
import { type CaseResult, runCases } from '../../flag-tests/run.ts';
import type { FolderEntry } from '../../io/folder.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Definitions } from '../../model/definition.ts';
import type { Problem } from '../../model/problem.ts';
import { loadThroughCache } from '../parse-cache/load.ts';
import { type Selection, selectionOf } from './selection.ts';

export interface RoundOptions {
  path: string;
  /** Keys of flags, test files and folders; all tests if there are none. */
  wanted: readonly string[];
  coverage: boolean;
  /** The share in percent below which coverage fails. */
  minCoverage?: number;
}

export interface Round {
  path: string;
  /** As in the options. */
  wanted: readonly string[];
  ok: boolean;
  /** Whether the definitions have errors, so that no test was run. */
  isBroken: boolean;
  /** Errors of the definitions, or everything about the tests. */
  problems: Problem[];
  results: CaseResult[];
  /** How many test files there were among those asked for. */
  files: number;
  coverage?: Coverage;
  minCoverage?: number;
  durationMs: number;
}

/** Files that are as they were in the round before, or in an earlier run of this program, are not parsed again. */
export class Rounds {
  readonly #options: RoundOptions;
  #loaded: Loaded | undefined;
  #tests: LoadedTests | undefined;

  constructor(options: RoundOptions) {
    this.#options = options;
  }

  /** `entries` are those of the folder. Throws UsageError where there are no definitions, or nothing of a name that is asked for. */
  async run(entries: readonly FolderEntry[]): Promise<Round> {
    const started = performance.now();
    const { path } = this.#options;
    if (entries.length === 0)
      throw new UsageError(`there are no definitions in "${path}"; --path says where they are`);
    this.#loaded = this.#loaded
      ? loadDefinitions(entries, this.#loaded)
      : await loadThroughCache(entries, path, process.env);
    const { definitions, problems } = this.#loaded;
    if (!definitions) {
      const errors = problems.filter(({ severity }) => severity === 'error');
      const round = {
        path,
        wanted: this.#options.wanted,
        ok: false,
        isBroken: true,
        problems: errors,
        results: [],
        files: 0,
      };
      return { ...round, durationMs: performance.now() - started };
    }
    const round = this.#runTests(entries, definitions, this.#loaded.files);
    return { ...round, durationMs: performance.now() - started };
  }

  #runTests(
    entries: readonly FolderEntry[],
    definitions: Definitions,
    files: Loaded['files'],
  ): Omit<Round, 'durationMs'> {
    const { path, wanted, minCoverage } = this.#options;
    const selection = selectionOf(wanted, path, entries, definitions);
    this.#tests = loadTests(entries, definitions, { previous: this.#tests, wants: selection.mayWant });
    const { problems, cases, count } = chosen(this.#tests, selection);
    const notes = this.#options.coverage ? new CoverageNotes() : undefined;
    const results = [
      ...runCases(cases, definitions, {
        clock: () => performance.now(),
        ...(notes && { onPath: (one, explanation) => notes.note(one, explanation) }),
      }),
    ];
    const coverage = notes?.coverage(definitions, files, selection.wantsCoverage(cases));
    const ok =
      problems.every(({ severity }) => severity !== 'error') &&
      results.every(({ failures }) => failures.length === 0) &&
      isCovered(coverage, minCoverage);
    const measured = { ...(coverage && { coverage }), ...(minCoverage !== undefined && { minCoverage }) };
    return { path, wanted, ok, isBroken: false, problems, results, files: count, ...measured };
  }
}

/** What of the loaded tests is about the flags that are asked for. A file that cannot be read may be. */
function chosen({ problems, cases, files }: LoadedTests, { wants }: Selection) {
  const isWanted = (file: string) => wants(file, files.get(file)?.test?.test);
  return {
    problems: problems.filter(({ file }) => isWanted(file)),
    cases: cases.filter(({ file }) => isWanted(file)),
    count: [...files.keys()].filter(isWanted).length,
  };
}

/** Whether coverage reaches what is demanded. Compared as integers times the total, so that 100 means all. */
export function isCovered(coverage: Coverage | undefined, minCoverage: number | undefined): boolean {
  if (!coverage || minCoverage === undefined) return true;
  return coverage.covered * 100 >= minCoverage * coverage.total;
}
