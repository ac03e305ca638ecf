// Regular expressions in RE2 syntax: matched in linear time, so that no text and no pattern can hang an evaluation.
import { RE2JS, RE2JSException } from 're2js';
import { type OperandCode, type Parsed, quoted } from './parsed.ts';
import { isLongerThan } from './text.ts';

/** Regular expressions may have at most this many characters. */
export const LONGEST_PATTERN = 500;
/** Linear is not bounded: an operator of this kind fits no text over this many characters. */
export const LONGEST_SUBJECT = 1024;
/**
 * Repetitions multiply (`(x{500}){2}`), and the time that a match takes is bounded by the steps to which a pattern
 * unfolds, times the length of the text. A length that is asked for (`^.{1,1000}$`) unfolds to 2,003.
 */
const LARGEST_PROGRAM = 2100;

export type Pattern = RE2JS;

/** Whether the pattern occurs anywhere in the text. False for a text over 1,024 characters. */
export function occursIn(pattern: Pattern, text: string): boolean {
  return !isLongerThan(text, LONGEST_SUBJECT) && pattern.test(text);
}

/** `(?i)` in front. */
export function ignoringCase(pattern: Pattern): Pattern {
  return RE2JS.compile(pattern.pattern(), RE2JS.CASE_INSENSITIVE);
}

export function patternOperand(value: unknown): Parsed<Pattern> {
  if (typeof value !== 'string')
    return fault('invalid-regex', `${quoted(value)} is not a text.`, 'Quote it.');
  if (isLongerThan(value, LONGEST_PATTERN)) {
    const message = `The regular expression ${quoted(value)} has more than ${LONGEST_PATTERN} characters.`;
    return fault('regex-too-long', message, 'Write several: `value` may be a list of them.');
  }
  try {
    const pattern = RE2JS.compile(value);
    if (pattern.programSize() <= LARGEST_PROGRAM) return { operand: pattern };
    const message = `The regular expression ${quoted(value)} repeats too much: it unfolds to more than ${LARGEST_PROGRAM} steps.`;
    return fault('regex-too-large', message, 'Use shorter repetitions (`{…}`).');
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = error.message.replace('error parsing regexp: ', '');
    return fault(
      'invalid-regex',
      `${quoted(value)} is not a regular expression in RE2 syntax: ${reason}.`,
      hintFor(value, reason),
    );
  }
}

function hintFor(value: string, reason: string): string {
  if (/\(\?<?[=!]|\\[1-9]/.test(value)) return 'RE2 has no lookaround and no backreferences.';
  if (reason.startsWith('invalid repeat count'))
    return 'Repeat at most 1,000 times, nested repetitions multiplied, and write the smaller number first.';
  return 'Put a backslash before a special character that is meant as it is.';
}

function fault(code: OperandCode, message: string, hint: string): Parsed<Pattern> {
  return { fault: { code, message, hint } };
}
