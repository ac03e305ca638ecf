// `check` in a GitHub workflow: annotations at the lines of a pull request, as workflow commands, and a summary.
import type { Problem } from '../../model/problem.ts';
import { annotationLine, MOST_ANNOTATIONS } from '../annotation.ts';
import { counted } from '../terminal.ts';
import type { CheckOutcome } from './outcome.ts';

/** @param place the folder's path from the repository's root, with `/` at its end */
export function githubText({ problems, sources, definitions, ok }: CheckOutcome, place: string): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  const shown = [...errors, ...warnings].slice(0, MOST_ANNOTATIONS);
  const lines = shown.map((problem) => annotation(problem, place, sources.lengthOf(problem)));
  const left = problems.length - shown.length;
  if (left > 0) lines.push(`… and ${counted(left, 'more problem')}, which \`halyard check\` lists.`);
  lines.push(
    `${counted(definitions, 'definition')}: ${counted(errors.length, 'error')}, ${counted(warnings.length, 'warning')}.${
      !ok && errors.length === 0 ? ' Warnings fail with --strict.' : ''
    }`,
  );
  return `${lines.join('\n')}\n`;
}

function annotation(
  { severity, code, message, hint, file, line, column }: Problem,
  place: string,
  length: number,
): string {
  const text = [message, hint].filter(Boolean).join('\n');
  return annotationLine({
    severity,
    file: place + file,
    line,
    column,
    length,
    title: code,
    message: text,
  });
}
