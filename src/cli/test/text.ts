// What `halyard test` prints for people: problems, failing cases, coverage, and one line that sums up.
import { MOST_EXPLAINED } from '../../flag-tests/run.ts';
import { printable } from '../../lib/printable.ts';
import { problemLines } from '../problem-text.ts';
import { counted, styled } from '../terminal.ts';
import { coverageLines } from './coverage-text.ts';
import { caseLines } from './failure-text.ts';
import type { Round } from './round.ts';

export const BROKEN = 'Definitions with errors are not tested.';

export function roundText(round: Round): string {
  const { path, problems, results, isBroken, coverage } = round;
  const failed = results.filter(({ failures }) => failures.length > 0);
  const lines = problems.flatMap((problem) => problemLines(problem, path));
  if (isBroken) lines.push(BROKEN);
  for (const result of failed.slice(0, MOST_EXPLAINED)) lines.push(...caseLines(result, path));
  if (failed.length > MOST_EXPLAINED)
    lines.push(`… and ${counted(failed.length - MOST_EXPLAINED, 'more failing case')}.`);
  if (coverage) lines.push(...coverageLines(coverage, round));
  if (!isBroken) lines.push(summary(round));
  return `${lines.join('\n')}\n`;
}

/** The one line that sums up a round whose tests were run. */
export function summary({ path, wanted, files, results, problems, durationMs }: Round): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const broken = new Set(errors.map(({ file }) => file)).size;
  const notRun = broken > 0 ? styled('red', `, ${counted(broken, 'file')} with errors not run`) : '';
  if (files === 0 && wanted.length > 0)
    return `No test of ${printable(wanted.join(', '), 300)} in ${printable(path, 300)}.`;
  if (files === 0)
    return `No tests in ${printable(path, 300)}: a file named ….test.yaml, which begins with \`test:\`, is one.`;
  const time = `in ${(durationMs / 1000).toFixed(2)} s`;
  const all = `${counted(results.length, 'case')} in ${counted(files, 'file')}`;
  if (failed === 0) return `${all}: ${styled(broken ? 'yellow' : 'green', 'none failed')}${notRun}, ${time}.`;
  return `${all}: ${styled('red', `${failed.toLocaleString('en')} failed`)}${notRun}, ${time}.`;
}
