// Regular expressions in RE2 syntax: matched in linear time, so that no text and no pattern can hang an evaluation.
import { RE2JS, RE2JSException } from 're2js';
import { type Parsed, quoted } from './parsed.ts';
import { characters } from './text.ts';

/** Regular expressions may have at most this many characters. */
export const LONGEST_PATTERN = 500;
/** Linear is not bounded: an operator of this kind fits no text over this many characters. */
export const LONGEST_SUBJECT = 1024;
/** Repetitions multiply (`(x{500}){2}`); a pattern that unfolds to more instructions than this is refused. */
const LARGEST_PROGRAM = 10_000;

export type Pattern = RE2JS;

/** Whether the pattern occurs anywhere in the text. False for a text over 1,024 characters. */
export function occursIn(pattern: Pattern, text: string): boolean {
  // A character is one or two UTF-16 units, so most texts need no counting.
  if (text.length > LONGEST_SUBJECT && characters(text, LONGEST_SUBJECT + 1) > LONGEST_SUBJECT) return false;
  return pattern.test(text);
}

export function compilePattern(source: string, ignoreCase: boolean): Pattern {
  return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
}

export function patternOperand(value: unknown): Parsed<string> {
  if (typeof value !== 'string')
    return fault(`${quoted(value)} is not a regular expression: expected a text.`);
  if (value.length > LONGEST_PATTERN && characters(value, LONGEST_PATTERN + 1) > LONGEST_PATTERN) {
    return fault(`The regular expression ${quoted(value)} has more than ${LONGEST_PATTERN} characters.`);
  }
  try {
    if (compilePattern(value, false).programSize() <= LARGEST_PROGRAM) return { operand: value };
    return fault(
      `The regular expression ${quoted(value)} repeats too much: it unfolds to over ${LARGEST_PROGRAM} steps.`,
    );
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = error.message.replace('error parsing regexp: ', '');
    return fault(
      `${quoted(value)} is not an RE2 regular expression: ${reason}.`,
      /\(\?[=!<]|\\[1-9]/.test(value) ? 'RE2 has no lookaround and no backreferences.' : undefined,
    );
  }
}

function fault(message: string, hint?: string): Parsed<string> {
  return { fault: { code: 'invalid-regex', message, ...(hint && { hint }) } };
}
