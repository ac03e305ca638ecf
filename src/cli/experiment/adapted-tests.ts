// The tests of a flag after its experiment is concluded: what each case expected of the split, it expects of the winner.
import type { Conclusion } from '../../authoring/conclude/definitions.ts';
import { withoutExperiment } from '../../authoring/conclude/tests.ts';
import { withValue } from '../../authoring/member.ts';
import type { SourceFile } from '../../definitions/source-file.ts';
import type { BucketRange } from '../../flag-tests/bucket-ranges.ts';
import type { CaseResult, Failure } from '../../flag-tests/run.ts';
import { canonical, type JsonValue } from '../../lib/json.ts';
import type { Definitions } from '../../model/definition.ts';
import type { FlagTest } from '../../model/definitions.gen.ts';
import { decoded, withText } from './files.ts';
import { passes, type TestRound, testRound, type WrittenCase } from './test-rounds.ts';

export interface AdaptedTests {
  files: readonly SourceFile[];
  /** Cases that expect something else now. Their names may say what was. */
  adapted: { file: string; name: string }[];
  /** Cases that passed before, and do not now. */
  left: { file: string; name: string }[];
  /** Files of tests of the flag with errors, which are left as they are. */
  unread: string[];
}

interface Change {
  flag: string;
  conclusion: Conclusion;
  /** Environments in which the experiment goes on. */
  remaining: readonly string[];
  before: Definitions;
  after: Definitions;
}

/** `original` are the files before the change, `files` those after it, their tests as they were. */
export function adaptedTests(
  original: readonly SourceFile[],
  files: readonly SourceFile[],
  change: Change,
): AdaptedTests {
  const before = testRound(original, change.before);
  const passed = new Set(before.cases.filter(passes).map(idOf));
  const stripped = files.map((file) => (isOwn(before, file, change) ? strippedFile(file, change) : file));
  const round = testRound(stripped, change.after);
  const failing = round.cases.filter((each) => passed.has(idOf(each)) && !passes(each));
  const own = failing.filter(({ file }) => isOwn(round, { path: file }, change));
  const mended = stripped.map((file) => {
    const cases = own.filter((each) => each.file === file.path);
    return cases.length === 0 ? file : withText(file, cases.reduce(mendedCase, decoded(file)));
  });
  const last = testRound(mended, change.after);
  const good = new Set(last.cases.filter(passes).map(idOf));
  const named = ({ file, name }: WrittenCase) => ({ file, name });
  return {
    files: mended,
    adapted: own.filter((each) => good.has(idOf(each))).map(named),
    unread: unreadFiles(before, change),
    left: before.cases.filter((each) => passed.has(idOf(each)) && !good.has(idOf(each))).map(named),
  };
}

/** Whose flag cannot be read may be of this one, too. */
function unreadFiles({ tests }: TestRound, { flag }: Change): string[] {
  const faulty = tests.problems.filter(({ severity }) => severity === 'error').map(({ file }) => file);
  return [...new Set(faulty)].filter((file) => (tests.files.get(file)?.test?.test ?? flag) === flag);
}

function idOf({ file, index }: WrittenCase): string {
  return `${index}\t${file}`;
}

/** A file of the flag's tests, none of which runs where the experiment goes on. */
function isOwn({ tests }: TestRound, { path }: { path: string }, { flag, remaining }: Change): boolean {
  const read = tests.files.get(path);
  const test: FlagTest | undefined = read?.test;
  if (test?.test !== flag || read?.broken.size !== 0 || read.faults.length > 0) return false;
  const environments = [test.environment ?? [], test.environments ?? []].flat();
  return !environments.some((name) => remaining.includes(name));
}

function strippedFile(file: SourceFile, { conclusion }: Change): SourceFile {
  return withText(file, withoutExperiment(decoded(file), conclusion));
}

/** Where everything that a case runs for gives the same other answer, that is what it expects. */
function mendedCase(text: string, written: WrittenCase): string {
  const { index, results, ranges } = written;
  const failures = results.flatMap((result) => result.failures);
  const paths = new Map(
    failures.map((failure) => pathOf(failure, ranges)).map((path) => [path.join(' '), path]),
  );
  return [...paths.values()].reduce((before, path) => {
    const actual = sameAnswer(written, path);
    return actual === undefined ? before : withValue(before, ['cases', index, ...path], actual);
  }, text);
}

/** Where, within a case, the expectation stands that fails. */
function pathOf({ field, buckets }: Failure, ranges: readonly BucketRange[]): [string, string] {
  const range = buckets && ranges.find(({ from, to }) => from <= buckets.from && buckets.to <= to);
  return range && field === 'variation' ? ['buckets', range.key] : ['expect', field];
}

/** Undefined where it is not the same for all, or where it cannot be told, since several answers were fine. */
function sameAnswer({ results, ranges }: WrittenCase, path: [string, string]): JsonValue | undefined {
  const [part, key] = path;
  const wanted = part === 'buckets' ? ranges.filter((range) => range.key === key) : ranges;
  const answers = results.map((result): JsonValue[] | undefined => {
    const own = result.failures.filter((failure) => pathOf(failure, ranges).join(' ') === path.join(' '));
    if (ranges.length === 0 && own.length === 0) return expectedOf(result, key);
    const isWhole =
      ranges.length === 0 || widthOf(wanted) === widthOf(own.flatMap(({ buckets }) => buckets ?? []));
    return isWhole ? own.map(({ actual }) => actual) : undefined;
  });
  const different = new Map(answers.flatMap((own) => own ?? []).map((answer) => [canonical(answer), answer]));
  return different.size === 1 && !answers.includes(undefined) ? [...different.values()][0] : undefined;
}

/** What a field is where it is as expected. */
function expectedOf({ case: one }: CaseResult, key: string): JsonValue[] | undefined {
  const { anyOf = [] } = one.expected.find(({ field }) => field === key) ?? {};
  return anyOf.length === 1 ? [...anyOf] : undefined;
}

function widthOf(ranges: readonly { from: number; to: number }[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
