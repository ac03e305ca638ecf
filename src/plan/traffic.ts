// What real traffic says of the experiments that a change brings or changes: which to ask a database about, and what it answers.
import type { Definitions } from '../model/definition.ts';
import type { ExperimentDefinition, MetricDefinition } from '../model/definitions.gen.ts';
import { editsOf } from './edits.ts';

/** An experiment in an environment, as it is after the change. */
export interface Measured {
  environment: string;
  experiment: ExperimentDefinition;
  primary: MetricDefinition;
}

/** What a database knows of one. */
export interface ExperimentTraffic {
  experiment: string;
  environment: string;
  /** So many days were looked at, up to now. */
  days: number;
  /** The events that its primary metric is made of, and how many of each came. */
  events: readonly { event: string; count: number }[];
  /** Units that take part in a day, at the share that it has after the change; an estimate. */
  unitsPerDay: number;
  /** In all arms together, for its minimum effect; null where that cannot be said. */
  unitsNeeded: number | null;
}

/** The experiments that the change creates or edits, or whose primary metric it edits, as long as they are not stopped. */
export function measuredByChange(before: Definitions | undefined, after: Definitions): Measured[] {
  const edited = new Set(editsOf(before, after).map(({ kind, key }) => `${kind} ${key}`));
  const metrics = new Map(
    after.all.flatMap((each) => (each.kind === 'metric' ? [[each.key, each.body]] : [])),
  );
  return after.all.flatMap((each): Measured[] => {
    if (each.kind !== 'experiment' || each.body.status === 'stopped' || !each.body.metrics) return [];
    const primary = metrics.get(each.body.metrics.primary);
    if (!primary) return [];
    if (!edited.has(`experiment ${each.key}`) && !edited.has(`metric ${primary.metric}`)) return [];
    return each.body.environments.map((environment) => ({ environment, experiment: each.body, primary }));
  });
}

/** The names of the events that a metric is made of. */
export function eventsOf({ event, numerator, denominator }: MetricDefinition): string[] {
  return [event, numerator, denominator].filter((name) => name !== undefined);
}
