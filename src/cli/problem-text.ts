// Problems as people read them: the place, what happened, and what to do, with colours on a terminal.
import { join } from 'node:path';
import { printable } from '../lib/printable.ts';
import type { Problem } from '../model/problem.ts';
import { styled } from './terminal.ts';

export function problemLines(
  { file, line, column, severity, code, message, hint }: Problem,
  path: string,
): string[] {
  const place = `${printable(join(path, file), 300)}:${line}:${column}`;
  const word = severity === 'error' ? styled('red', 'error') : styled('yellow', 'warning');
  const first = `${place}  ${word}  ${styled('dim', code)}  ${message}`;
  return hint ? [first, `    ${hint}`] : [first];
}
