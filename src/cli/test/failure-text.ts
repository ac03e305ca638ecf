// A failing case as people read it: expected, actual, and how it was decided.
import { join } from 'node:path';
import type { CaseResult, Failure } from '../../flag-tests/run.ts';
import type { JsonValue } from '../../lib/json.ts';
import { printable } from '../../lib/printable.ts';
import { explanationLines } from '../evaluate/explanation-text.ts';
import { counted, styled } from '../terminal.ts';

/** More failures of one case are counted: buckets may go back and forth. */
const MOST_FAILURES = 20;

export function caseLines({ case: one, failures, explanation }: CaseResult, folder: string): string[] {
  const place = `${printable(join(folder, one.file), 300)}:${one.line}:${one.column}`;
  return [
    `${place}  ${styled('red', 'failed')}  ${one.flag} in ${one.environment}: ${caseName(one)}`,
    ...failureLines(failures).map((line) => `    ${line}`),
    ...(explanation ? [`    ${styled('dim', whichDecision(failures))}`] : []),
    ...(explanation ? explanationLines(explanation).map((line) => (line ? `      ${line}` : '')) : []),
    '',
  ];
}

export function caseName({ name }: { name: string }): string {
  return printable(name, 400);
}

/** `variation: expected "on", got "off" for the buckets 1000-2499`. */
export function failureLines(failures: readonly Failure[]): string[] {
  const lines = failures.slice(0, MOST_FAILURES).map(({ field, anyOf, actual, buckets }) => {
    const expected = anyOf.map(shown).join(' or ');
    return `${field}: expected ${expected}, got ${shown(actual)}${buckets ? bucketsText(buckets) : ''}`;
  });
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `and so on: ${counted(more, 'more range')} of buckets`] : lines;
}

function bucketsText({ from, to }: { from: number; to: number }): string {
  return from === to ? ` for the bucket ${from}` : ` for the buckets ${from}-${to}`;
}

function whichDecision([first]: readonly Failure[]): string {
  return first?.buckets ? `how it is decided for the bucket ${first.buckets.from}:` : 'how it is decided:';
}

function shown(value: JsonValue): string {
  return value === null ? 'none' : printable(JSON.stringify(value), 300);
}
