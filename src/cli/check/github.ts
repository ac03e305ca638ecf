// `check` in a GitHub workflow: annotations at the lines of a pull request, as workflow commands, and a summary.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
import type { Problem } from '../../model/problem.ts';
import { counted } from '../terminal.ts';
import type { CheckOutcome } from './outcome.ts';

/** GitHub shows ten errors and ten warnings of a step; more of them are only read in its log. */
const MOST_ANNOTATIONS = 100;

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
  { severity, code, message, hint, ...at }: Problem,
  place: string,
  length: number,
): string {
  const properties = {
    file: place + at.file,
    line: at.line,
    endLine: at.line,
    col: at.column,
    endColumn: at.column + length,
    title: code,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapedMessage([message, hint].filter(Boolean).join('\n'))}`;
}

/** As `@actions/core` escapes what follows the second `::`. */
function escapedMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As `@actions/core` escapes the value of a property. */
function escapedProperty(text: string): string {
  return escapedMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
