// Problems as people read them: with colours on a terminal, and `check`'s with the source line and a caret.
import { join } from 'node:path';
import { styleText } from 'node:util';
import { printable } from '../lib/printable.ts';
import type { Problem } from '../model/problem.ts';

export interface CheckOutcome {
  path: string;
  /** How many definitions there are. */
  definitions: number;
  problems: readonly Problem[];
  /** What was read, for the source lines. */
  entries: readonly { path: string; content?: Uint8Array }[];
}

export function problemsText({ path, definitions, problems, entries }: CheckOutcome): string {
  const isTerminal = process.stdout.isTTY === true;
  const contents = new Map(entries.map((entry) => [entry.path, entry.content]));
  const lines = problems.flatMap((problem) => {
    const content = isTerminal ? contents.get(problem.file) : undefined;
    return [...problemLines(problem, path), ...(content ? sourceLines(problem, content) : [])];
  });
  return [...lines, summary(definitions, problems), ''].join('\n');
}

export function problemLines(
  { file, line, column, severity, code, message, hint }: Problem,
  path: string,
): string[] {
  const place = `${printable(join(path, file), 300)}:${line}:${column}`;
  const word = severity === 'error' ? styled('red', 'error') : styled('yellow', 'warning');
  const first = `${place}  ${word}  ${styled('dim', code)}  ${message}`;
  return hint ? [first, `    ${hint}`] : [first];
}

/** Longer lines are cut: what matters is where the caret points. */
const WIDEST = 160;

function sourceLines({ line, column }: Problem, content: Uint8Array): string[] {
  const source = new TextDecoder().decode(content).split('\n')[line - 1]?.trimEnd() ?? '';
  if (source === '' || column > WIDEST) return [];
  const before = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    `    ${styled('dim', printable(source, WIDEST).replaceAll('\\u{9}', '\t'))}`,
    `    ${before}${styled('red', '^')}`,
  ];
}

function summary(definitions: number, problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (problems.length === 0) return styled('green', `${count(definitions, 'definition')}, no problems.`);
  return `${count(errors, 'error')}, ${count(warnings, 'warning')} in ${count(definitions, 'definition')}.`;
}

function count(n: number, word: string): string {
  return `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;
}

/** Plain text off a terminal, and where NO_COLOR is set. */
function styled(style: 'red' | 'yellow' | 'green' | 'dim', text: string): string {
  return styleText(style, text, { stream: process.stdout, validateStream: true });
}
