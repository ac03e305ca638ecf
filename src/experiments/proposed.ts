// What real traffic says of an experiment that is proposed, applied or not: whether its events come, and how long it would take.
import type { Lender, Queryable } from '../db/pool.ts';
import type { ExperimentTraffic, Measured } from '../plan/traffic.ts';
import { powerOf } from './power.ts';
import { readTogether } from './readers.ts';
import { DAY_MS, eventsOf, instant } from './scope.ts';
import { setupOf } from './setup.ts';

/** So many days are looked back on. */
const DAYS = 14;

/** Reads alone. Sizes and days are those of `halyard power`. `atMs` is now, in epoch milliseconds. */
export async function readProposed(
  pool: Lender,
  project: string,
  { environment, experiment, primary }: Measured,
  atMs: number,
): Promise<ExperimentTraffic> {
  const names = eventsOf(primary);
  const [counts] = await readTogether(pool, async () => [
    (reader: Queryable) => readCounts(reader, project, environment, names, atMs),
  ]);
  const setup = setupOf(project, environment, experiment, primary);
  const asked = { project, experiment: experiment.experiment, environment, setup, atMs, days: DAYS };
  const { size, traffic } = await powerOf(pool, asked);
  return {
    experiment: experiment.experiment,
    environment,
    days: DAYS,
    events: names.map((event) => ({ event, count: counts?.get(event) ?? 0 })),
    // Whoever comes again counts once, so that a longer time brings fewer a day.
    unitsPerDay: size?.days ? size.units / size.days : (traffic.unitsPerDay ?? 0),
    unitsNeeded: size?.units ?? null,
  };
}

async function readCounts(
  reader: Queryable,
  project: string,
  environment: string,
  events: readonly string[],
  atMs: number,
): Promise<Map<string, number>> {
  const { rows } = await reader.query<{ event: string; count: number }>(
    `select e.event, count(*)::double precision as count
     from halyard.track_event e
     where e.project = $1 and e.environment = $2 and e.event = any ($3) and e.at > $4 and e.at <= $5
     group by e.event`,
    [project, environment, events, instant(atMs - DAYS * DAY_MS), instant(atMs)],
  );
  return new Map(rows.map(({ event, count }) => [event, count]));
}
