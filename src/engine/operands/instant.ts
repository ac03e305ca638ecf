// Instants: RFC 3339 date-times and epoch milliseconds, compared far below the millisecond, whatever the year.
import { type Parsed, quoted } from './parsed.ts';

export interface Instant {
  /** Whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
  seconds: number;
  /** The rest of a second, [0, 1], as the nearest double: a fraction of very many nines is rounded up to 1. */
  fraction: number;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
/** No clock says more; the bound keeps a hostile text cheap. */
const LONGEST = 64;

/**
 * Parses an RFC 3339 date-time (text) or epoch milliseconds (number), or returns undefined. The calendar is checked.
 * A leap second (`23:59:60` UTC at a month's end) is the instant that follows it, as in POSIX time.
 */
export function parseInstant(value: unknown): Instant | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return undefined;
    const seconds = Math.floor(value / 1000);
    return { seconds, fraction: (value - seconds * 1000) / 1000 };
  }
  if (typeof value !== 'string' || value.length > LONGEST) return undefined;
  const match = RFC3339.exec(value);
  return match === null ? undefined : instantOf(match);
}

/** Negative when `a` is earlier, 0 at the same instant, positive when `a` is later. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.fraction - b.fraction;
}

/**
 * The first whole millisecond since 1970 that is not before an instant of an author. Clocks count milliseconds, so what
 * begins or ends at the instant does so there. Throws an error for what is no instant.
 */
export function epochMs(text: string): number {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`\`${text}\` is no instant`);
  const { seconds, fraction } = instant;
  // Dividing gives the nearest double, as parsing does; multiplying 0.069 by 1000 gives more than 69.
  const ms = Math.round(fraction * 1000);
  return seconds * 1000 + (ms / 1000 < fraction ? ms + 1 : ms);
}

export function instantOperand(value: unknown): Parsed<Instant> {
  const operand = parseInstant(value);
  if (operand) return { operand };
  return {
    fault: {
      code: 'invalid-date',
      message: `${quoted(value)} is not an instant: expected RFC 3339, such as "2027-03-31T12:00:00Z", or epoch milliseconds.`,
      hint: 'Write the day, the time and `Z` or an offset.',
    },
  };
}

function instantOf(match: RegExpExecArray): Instant | undefined {
  const part = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const [offsetHour, offsetMinute] = [part(9), part(10)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -60 : 60);
  const seconds = daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  if (second === 60 && !startsMonth(seconds)) return undefined;
  return { seconds, fraction: second === 60 ? 0 : Number(`0.${match[7] ?? 0}`) };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999, so the year is set by itself. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / 86_400_000;
}

function startsMonth(seconds: number): boolean {
  const date = new Date(seconds * 1000);
  return seconds % 86_400 === 0 && date.getUTCDate() === 1;
}
