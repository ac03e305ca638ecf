// A head that sync would reject has no plan: its errors are printed instead, in the format that was asked for.
import { join } from 'node:path';
import { block } from '../../lib/markdown-text.ts';
import { printable } from '../../lib/printable.ts';
import type { Problem } from '../../model/problem.ts';
import { renamed } from '../../sync/judge.ts';
import { problemLines } from '../problem-text.ts';
import { counted } from '../terminal.ts';
import { MARKER } from './markdown.ts';
import type { Sides } from './sides.ts';

/** In a comment; `check` prints all of them. */
const MOST_IN_COMMENT = 20;

/** Why sync would reject the head: its errors, and a project that has another name than before. */
export function headProblems({ before, after }: Sides): Problem[] {
  const { definitions } = after;
  if (definitions === undefined) return after.problems.filter(({ severity }) => severity === 'error');
  const name = before?.project.project;
  if (name === undefined || definitions.project.project === name) return [];
  const files = Array.from(after.files.values(), ({ path, content }) => ({
    path,
    kind: 'file' as const,
    content,
  }));
  return [renamed(files, definitions, name)];
}

/** To standard error for people; to standard output where a tool, or the comment of a pull request, waits for it. */
export function printProblems(
  problems: readonly Problem[],
  { base, head }: Sides,
  { format, path }: { format: 'text' | 'json' | 'markdown'; path: string },
): void {
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify({ base, head, problems }, null, 2)}\n`);
    return;
  }
  const last = `${counted(problems.length, 'error')}: definitions with errors have no plan.`;
  if (format === 'text') {
    const lines = problems.flatMap((problem) => problemLines(problem, path));
    process.stderr.write(`${[...lines, `halyard: ${last}`].join('\n')}\n`);
    return;
  }
  const lines = problems
    .slice(0, MOST_IN_COMMENT)
    .map(
      ({ file, line, column, code, message }) =>
        `${printable(join(path, file), 300)}:${line}:${column}  ${code}  ${message}`,
    );
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`and ${counted(more, 'error')} more`);
  process.stdout.write([MARKER, '### No plan', '', last, '', ...block(lines), ''].join('\n'));
}
