// What the calendar has overtaken. Loading has no clock, so these warnings are a step of their own.
import { compareInstants, type Instant, parseInstant } from '../engine/operands/instant.ts';
import type { ExperimentDefinition, FlagDefinition, Rule } from '../model/definitions.gen.ts';
import type { Problem } from '../model/problem.ts';
import { outcomesOf, rulesOf } from './checks/walk.ts';
import type { Finding, Path } from './finding.ts';
import type { Loaded } from './load.ts';
import { problemsOf } from './place.ts';

/** What is over is still right, so nobody is told in the first weeks. */
const GRACE_MS = 30 * 86_400_000;

/**
 * Warnings, as on the day `today` (YYYY-MM-DD, UTC): flags whose `expires` is before it, running experiments whose `end`
 * is, and ramps and rules' windows that were over 30 days before it.
 */
export function overdue(loaded: Loaded, today: string): Problem[] {
  const limit = parseInstant(Date.parse(`${today}T00:00:00Z`) - GRACE_MS);
  return [...loaded.files.values()].flatMap((file) => {
    const { definition } = file;
    const findings =
      definition?.kind === 'flag'
        ? [...expired(definition.body, today), ...(limit ? schedulesOver(definition.body, limit) : [])]
        : definition?.kind === 'experiment'
          ? ended(definition.body, today)
          : [];
    if (findings.length === 0) return [];
    return problemsOf({ ...file, faults: [], findings: [], omitted: 0 }, findings, new Set());
  });
}

function expired({ flag, expires }: FlagDefinition, today: string): Finding[] {
  if (!expires || expires >= today) return [];
  const message = `The flag \`${flag}\` was to be gone by ${expires}.`;
  const hint = 'Remove it from the code and then here, or give it a later day.';
  return [{ code: 'flag-expired', path: ['expires'], message, hint }];
}

function ended({ experiment, status, end }: ExperimentDefinition, today: string): Finding[] {
  if (status !== 'running' || !end || end >= today) return [];
  const message = `The experiment \`${experiment}\` was to end on ${end}, and is running.`;
  const hint = `Conclude it: \`halyard experiment conclude ${experiment}\`. Who waits for a result that fits finds one.`;
  return [{ code: 'experiment-over', path: ['end'], message, hint }];
}

function schedulesOver(flag: FlagDefinition, limit: Instant): Finding[] {
  const ramps = outcomesOf(flag).flatMap(({ outcome, path }): Finding[] => {
    const last = 'serve' in outcome ? outcome.ramp?.at(-1) : undefined;
    if (!isBefore(last?.at, limit)) return [];
    const message = `The ramp came to its end, ${last?.percent} percent, at ${last?.at}.`;
    const instead =
      last?.percent === 100 ? '`serve` alone is for everyone' : `write \`percent: ${last?.percent}\``;
    const hint = `Remove the ramp: ${instead}.`;
    return [{ code: 'schedule-over', path: [...path, 'ramp'], on: 'key', message, hint }];
  });
  return [...ramps, ...rulesOf(flag).flatMap(({ rule, path }) => windowOver(rule, path, limit))];
}

function windowOver({ from, until }: Rule, path: Path, limit: Instant): Finding[] {
  if (isBefore(until, limit)) {
    const message = `The rule ended at ${until}: it never holds again.`;
    const hint = 'Remove the rule, or give it a later `until`.';
    return [{ code: 'schedule-over', path: [...path, 'until'], message, hint }];
  }
  if (!isBefore(from, limit) || until !== undefined) return [];
  const message = `The rule began at ${from}: \`from\` makes no difference any more.`;
  return [{ code: 'schedule-over', path: [...path, 'from'], message, hint: 'Remove `from`.' }];
}

function isBefore(text: string | undefined, limit: Instant): boolean {
  const instant = parseInstant(text);
  return instant !== undefined && compareInstants(instant, limit) < 0;
}
