// The time in which a rule holds: half-open, [from, until).
import type { Rule } from '../model/definitions.gen.ts';
import { epochMs } from './operands/instant.ts';

export interface Window extends Pick<Rule, 'from' | 'until'> {
  /** The first whole millisecond; -Infinity without `from`. */
  readonly fromMs: number;
  /** The first whole millisecond after it; Infinity without `until`. */
  readonly untilMs: number;
}

/** Undefined for a rule that holds at any time. Throws an error for what is no instant. */
export function compileWindow({ from, until }: Pick<Rule, 'from' | 'until'>): Window | undefined {
  if (from === undefined && until === undefined) return undefined;
  return {
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    fromMs: from === undefined ? Number.NEGATIVE_INFINITY : epochMs(from),
    untilMs: until === undefined ? Number.POSITIVE_INFINITY : epochMs(until),
  };
}

/** Whether a time (epoch milliseconds) lies in the window. */
export function isOpen({ fromMs, untilMs }: Window, nowMs: number): boolean {
  return nowMs >= fromMs && nowMs < untilMs;
}
