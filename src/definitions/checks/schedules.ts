// Ramps and the windows of rules: instants that are some, in the order of time.
import { compareInstants, parseInstant } from '../../engine/operands/instant.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, RampStep, Rule } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { outcomesOf, rulesOf } from './walk.ts';

export function scheduleFindings(flag: FlagDefinition): Finding[] {
  const ramps = outcomesOf(flag).flatMap(({ outcome, path }) => {
    return 'serve' in outcome && outcome.ramp ? rampFindings(outcome.ramp, [...path, 'ramp']) : [];
  });
  return [...ramps, ...rulesOf(flag).flatMap(({ rule, path }) => windowFindings(rule, path))];
}

function rampFindings(steps: readonly RampStep[], path: Path): Finding[] {
  return steps.flatMap(({ at }, i) => {
    const place = [...path, i, 'at'];
    const before = steps[i - 1]?.at;
    if (before === undefined || order(before, at) < 0) return instantFindings(at, place);
    const message = `The step at ${ticked(at)} is not after the one before it, at ${ticked(before)}.`;
    const hint = 'Put the steps in the order of time, each at an instant of its own.';
    return [{ code: 'steps-not-ascending', path: place, message, hint }];
  });
}

function windowFindings({ from, until }: Rule, path: Path): Finding[] {
  const findings = [from, until].flatMap((text, i) =>
    text === undefined ? [] : instantFindings(text, [...path, i === 0 ? 'from' : 'until']),
  );
  if (from === undefined || until === undefined || order(from, until) < 0) return findings;
  const message = `The rule never holds: it ends at ${ticked(until)} and begins at ${ticked(from)}.`;
  const hint = 'Let `until` be after `from`: it is the first instant at which the rule no longer holds.';
  return [{ code: 'window-backwards', path: [...path, 'until'], message, hint }];
}

/** Negative where `a` is before `b`, or where one of them is no instant, which is said elsewhere. */
function order(a: string, b: string): number {
  const [one, other] = [parseInstant(a), parseInstant(b)];
  return one && other ? compareInstants(one, other) : -1;
}

/** What is wrong with an author's instant, and what it should probably be. */
export function instantFindings(text: string, path: Path): Finding[] {
  if (parseInstant(text)) return [];
  const message = `${ticked(text)} is not an instant: expected a day, a time and a zone (RFC 3339).`;
  return [{ code: 'invalid-instant', path, message, hint: hintFor(text) }];
}

const NEARLY = /^(\d{4}-\d\d-\d\d)(?:[Tt ] *(\d\d:\d\d)(:\d\d(?:\.\d+)?)?)? *([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** A day alone is no instant: where on earth it begins is for the author to say. */
function hintFor(text: string): string {
  const [, day, time, seconds = ':00', zone] = NEARLY.exec(text) ?? [];
  const offset = zone?.replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`);
  const whole = `${day}T${time ?? '00:00'}${seconds}${offset ?? 'Z'}`;
  if (!parseInstant(whole)) return 'Write it like `2026-12-01T09:00:00Z` or `2026-12-01T10:00:00+01:00`.';
  if (time === undefined)
    return `Write \`${whole}\`, if the beginning of that day is meant${zone ? '' : ', in UTC'}.`;
  return zone === undefined ? `Write \`${whole}\`, if it is meant in UTC.` : `Write \`${whole}\`.`;
}
