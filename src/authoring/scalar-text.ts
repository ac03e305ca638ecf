// A scalar as YAML that everyone reads as the same value.
import { parse } from '../definitions/parse.ts';

/**
 * The value on one line: plain where it cannot be taken for anything else, also within braces if it is to stand there, and
 * in double quotes otherwise.
 */
export function scalarText(value: string | number | boolean | null, inFlow: boolean): string {
  if (typeof value !== 'string') return String(value);
  const looksPlain = PLAIN.test(value) && !(inFlow && /[,[\]{}]/.test(value));
  return looksPlain && parse(new TextEncoder().encode(value)).value === value ? value : JSON.stringify(value);
}

/** A text that begins with a letter and holds nothing that could end it, a date or instant, or a span of time. */
const PLAIN =
  /^(?:[\p{L}_/](?:[^\p{Cc}\p{Cs}\p{Z}\ufeff#:\\]| (?! |$)|:(?! |$))*|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?|\d+[mhd])$/u;
