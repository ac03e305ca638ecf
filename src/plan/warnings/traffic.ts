// What real traffic says against an experiment: events that never come, and units that take too long to come.
import { ticked } from '../../lib/printable.ts';
import type { Definitions } from '../../model/definition.ts';
import type { ExperimentDefinition } from '../../model/definitions.gen.ts';
import type { Warning } from '../plan.ts';
import type { ExperimentTraffic } from '../traffic.ts';
import { listed, type Surprising } from './surprising.ts';

/** Without an end of its own, an experiment that takes longer is worth a thought. */
const MANY_DAYS = 60;
const DAY_MS = 86_400_000;

export function unheardMetrics({ traffic = [] }: Surprising): Warning[] {
  return traffic.flatMap((found): Warning[] => {
    const { experiment, environment, days } = found;
    const missing = missingEvents(found);
    if (missing.length === 0) return [];
    const message = `No event ${listed(missing)} came from ${ticked(environment)} in the last ${days} days, and the primary metric of ${ticked(experiment)} is made of it. Let it come first (collectors take it once the metric is merged), or nothing is measured.`;
    return [{ code: 'metric-without-events', kind: 'experiment', key: experiment, environment, message }];
  });
}

/**
 * Where an event is missing altogether, how many units are needed is not known, and told by that warning. Of one that runs already
 * part of them are there, and `analyze` says how many.
 */
export function slowExperiments({ traffic = [], before, after, today }: Surprising): Warning[] {
  return traffic.flatMap((found): Warning[] => {
    const { experiment, environment, unitsNeeded, unitsPerDay } = found;
    const [was, definition] = [before, after].map((state) => experimentIn(state, experiment));
    if (!definition || unitsNeeded === null || missingEvents(found).length > 0) return [];
    if (was?.status === 'running') return [];
    const daysLeft = daysUntil(definition, today);
    const days = unitsPerDay > 0 ? Math.ceil(unitsNeeded / unitsPerDay) : Number.POSITIVE_INFINITY;
    if (days <= (daysLeft ?? MANY_DAYS)) return [];
    const effect = `${Number(((definition.analysis?.minimumEffect ?? 0) * 100).toPrecision(3))} %`;
    const pace =
      unitsPerDay > 0
        ? `about ${whole(unitsPerDay)} a day take part: that takes ${counted(days)}`
        : 'at present none takes part';
    const end =
      daysLeft === undefined ? '' : `, and it ends ${daysLeft === 0 ? 'today' : `in ${counted(daysLeft)}`}`;
    const message = `${ticked(experiment)} needs ${whole(unitsNeeded)} units for its minimum effect of ${effect}, and ${pace}${end}. Give it more traffic, or look for a larger effect.`;
    return [{ code: 'too-little-traffic', kind: 'experiment', key: experiment, environment, message }];
  });
}

function experimentIn(state: Definitions | undefined, experiment: string): ExperimentDefinition | undefined {
  const found = state?.all.find(({ kind, key }) => kind === 'experiment' && key === experiment);
  return found?.kind === 'experiment' ? found.body : undefined;
}

function missingEvents({ events }: ExperimentTraffic): string[] {
  return events.flatMap(({ event, count }) => (count === 0 ? [event] : []));
}

/** Until its planned end; undefined where it has none, or where `check` says that it is over. */
function daysUntil({ end }: ExperimentDefinition, today: string): number | undefined {
  if (end === undefined || end < today) return undefined;
  return Math.round((Date.parse(end) - Date.parse(today)) / DAY_MS);
}

function counted(days: number): string {
  return `${whole(days)} ${days === 1 ? 'day' : 'days'}`;
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}
