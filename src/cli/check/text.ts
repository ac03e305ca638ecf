// `check` for people: on a terminal with the source line and marks under the place.

import type { Problem } from '../../model/problem.ts';
import { problemLines } from '../problem-text.ts';
import { counted, styled } from '../terminal.ts';
import type { excerpt } from './excerpt.ts';
import type { CheckOutcome } from './outcome.ts';

/** Nobody reads more at once; the formats for programs list all. */
const MOST_SHOWN = 500;

/** A terminal, on which lines are shown. */
export interface Screen {
  columns: number;
  excerpt: typeof excerpt;
}

export function checkText(outcome: CheckOutcome, screen?: Screen): string {
  const { problems, path } = outcome;
  const shown = problems.length > MOST_SHOWN ? errorsFirst(problems).slice(0, MOST_SHOWN) : problems;
  const lines = shown.flatMap((problem) => [
    ...problemLines(problem, path),
    ...(screen ? sourceLines(outcome, problem, screen) : []),
  ]);
  const left = problems.length - shown.length;
  if (left > 0) lines.push(`… and ${counted(left, 'more problem')}: --format json lists them all.`);
  const [first] = shown;
  const more = first && screen ? [`\`halyard check --explain ${first.code}\` says more.`] : [];
  return [...lines, summary(outcome), ...more, ''].join('\n');
}

function sourceLines({ sources }: CheckOutcome, problem: Problem, { columns, excerpt }: Screen): string[] {
  const source = sources.lineOf(problem);
  if (!source?.trim()) return [];
  const number = String(problem.line);
  const gutter = `  ${' '.repeat(number.length)} | `;
  const { line, marks } = excerpt(source, problem.column, sources.lengthOf(problem), columns - gutter.length);
  const colour = problem.severity === 'error' ? 'red' : 'yellow';
  return [styled('dim', `  ${number} | ${line}`), `${styled('dim', gutter)}${styled(colour, marks)}`];
}

function summary({ problems, definitions, strict }: CheckOutcome): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (problems.length === 0) return styled('green', `${counted(definitions, 'definition')}, no problems.`);
  const total = `${counted(errors, 'error')}, ${counted(warnings, 'warning')} in ${counted(definitions, 'definition')}.`;
  return strict && errors === 0 ? `${total} Warnings fail with --strict.` : total;
}

function errorsFirst(problems: readonly Problem[]): Problem[] {
  const rank = ({ severity }: Problem) => (severity === 'error' ? 0 : 1);
  return problems.toSorted((a, b) => rank(a) - rank(b));
}
