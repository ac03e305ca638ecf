// What of a flag depends on time: its ramps, the bounds of its rules' windows, the end of its override.
import type { Outcome } from '../model/definitions.gen.ts';
import type { FlagBody } from '../model/snapshot.ts';
import { epochMs } from './operands/instant.ts';
import { CompiledRamp } from './ramp.ts';
import { compileWindow } from './window.ts';

/** Read off the body, so that a flag that nobody asks for need not be compiled to know when it changes. */
export interface Schedule {
  readonly key: string;
  /** Until then the override alone decides. */
  readonly overrideUntilMs: number | undefined;
  readonly ramps: readonly CompiledRamp[];
  /** Where windows open and close, in whole milliseconds. */
  readonly boundsMs: readonly number[];
}

/** Undefined where time has no say. Throws an error for what is no instant, or a ramp out of order. */
export function scheduleOf(key: string, body: FlagBody): Schedule | undefined {
  if (!hasSchedule(body)) return undefined;
  const { override, enabled, rules = [], fallthrough } = body;
  const overrideUntilMs = override && epochMs(override.until);
  if (!enabled) return { key, overrideUntilMs, ramps: [], boundsMs: [] };
  const outcomes = [...rules.map((rule) => rule.then), ...(fallthrough ? [fallthrough] : [])];
  const ramps = outcomes.flatMap((outcome) => (hasRamp(outcome) ? new CompiledRamp(outcome) : []));
  const windows = rules.flatMap((rule) => compileWindow(rule) ?? []);
  const boundsMs = windows.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]).filter(Number.isFinite);
  return { key, overrideUntilMs, ramps, boundsMs };
}

function hasSchedule({ override, enabled, rules, fallthrough }: FlagBody): boolean {
  if (override !== undefined || !enabled) return override !== undefined;
  if (fallthrough !== undefined && hasRamp(fallthrough)) return true;
  return (
    rules?.some((rule) => rule.from !== undefined || rule.until !== undefined || hasRamp(rule.then)) ?? false
  );
}

function hasRamp(outcome: Outcome): outcome is Extract<Outcome, { serve: string }> {
  return 'serve' in outcome && outcome.ramp !== undefined;
}
