// What events are judged by: the environments, experiments and event names of what is applied.

import type { ExperimentDefinition, MetricDefinition, ProjectDefinition } from '../model/definitions.gen.ts';
import type { Event } from '../model/event.ts';
import { MOST_AHEAD_MS } from '../model/event-limits.ts';
import type { EventFault } from '../model/event-shape.ts';

export interface Known {
  environments: ReadonlySet<string>;
  experiments: ReadonlyMap<string, { environments: ReadonlySet<string>; arms: ReadonlySet<string> }>;
  /** The event names that metrics read. */
  events: ReadonlySet<string>;
}

/** A row of `halyard.measured_definition`. */
export interface MeasuredDefinition {
  kind: string;
  key: string;
  /** JSON. */
  body: string;
}

export function knownOf(definitions: readonly MeasuredDefinition[]): Known {
  const environments = new Set<string>();
  const experiments = new Map<string, { environments: Set<string>; arms: Set<string> }>();
  const events = new Set<string>();
  for (const { kind, key, body } of definitions) {
    const definition: unknown = JSON.parse(body);
    if (kind === 'project') {
      for (const name of Object.keys((definition as ProjectDefinition).environments)) environments.add(name);
    } else if (kind === 'experiment') {
      const { arms, environments: places } = definition as ExperimentDefinition;
      const variations = new Set(arms.map(({ variation }) => variation));
      experiments.set(key, { environments: new Set(places), arms: variations });
    } else if (kind === 'metric') {
      const { event, numerator, denominator } = definition as MetricDefinition;
      for (const name of [event, numerator, denominator]) if (name !== undefined) events.add(name);
    }
  }
  return { environments, experiments, events };
}

/** Codes that newer definitions may do away with. */
export const UNKNOWN_FAULTS = ['environment', 'experiment', 'arm', 'event'] as const;
export const TIME_FAULTS = ['future', 'expired'] as const;
export type JudgedCode = (typeof UNKNOWN_FAULTS)[number] | (typeof TIME_FAULTS)[number];

/** Whether asking for newer definitions may help. */
export function isUnknown({ code }: EventFault): boolean {
  return (UNKNOWN_FAULTS as readonly string[]).includes(code);
}

/** Why an event of the right shape does not count; undefined where it does. */
export function judge(
  event: Event,
  known: Known,
  { nowMs, retentionMs }: { nowMs: number; retentionMs: number },
): EventFault<JudgedCode> | undefined {
  const { atMs, environment } = event;
  if (atMs > nowMs + MOST_AHEAD_MS)
    return { code: 'future', reason: `\`atMs\` lies more than ${MOST_AHEAD_MS / 60_000} minutes ahead.` };
  if (atMs < nowMs - retentionMs)
    return { code: 'expired', reason: '`atMs` is older than events are kept (--retention).' };
  if (!known.environments.has(environment))
    return { code: 'environment', reason: 'The project has no such environment.' };
  if (event.type === 'exposure') return exposureFault(event.experiment, event.arm, environment, known);
  if (known.events.has(event.event)) return undefined;
  return { code: 'event', reason: 'No metric of the project reads events of this name.' };
}

function exposureFault(
  key: string,
  arm: string,
  environment: string,
  { experiments }: Known,
): EventFault<JudgedCode> | undefined {
  const experiment = experiments.get(key);
  if (!experiment) return { code: 'experiment', reason: 'The project has no such experiment.' };
  if (!experiment.environments.has(environment))
    return { code: 'experiment', reason: 'The experiment does not run in this environment.' };
  if (!experiment.arms.has(arm)) return { code: 'arm', reason: 'The experiment has no such arm.' };
  return undefined;
}
