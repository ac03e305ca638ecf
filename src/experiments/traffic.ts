// Who comes: the units that an experiment would get, or gets, at the present traffic.
import type { Queryable } from '../db/pool.ts';
import type { ExperimentDefinition } from '../model/definitions.gen.ts';
import { DAY_MS, instant, type Scope } from './scope.ts';

export interface Traffic {
  /** Different units with any event in the last 7, 14 and 28 days, as far as events go back. */
  units: readonly [number, number, number];
  /** Of those of the asked days, who came first by an earlier instant. */
  mature: number;
  /** Different units of the asked days. */
  active: number;
  /** How far back events go, 28 days at most. */
  days: number;
}

/** Periods of a traffic, in days. */
export const PERIODS = [7, 14, 28] as const;

/** Units of the environment by their events: of the last 28 days, and of the last `days` with those who first came before `matureMs`. */
export async function readTraffic(
  connection: Queryable,
  { project, environment, unit, atMs }: Scope,
  days: number,
  matureMs: number,
): Promise<Traffic> {
  const { rows } = await connection.query<{
    units: [number, number, number];
    mature: number;
    active: number;
    firstMs: number | null;
  }>(
    `select array[count(*) filter (where u.last > $5), count(*) filter (where u.last > $6), count(*) filter (where u.last > $7)]::integer[]
         as units,
       count(u.recent)::integer as active, (count(*) filter (where u.recent <= $9))::integer as mature,
       extract(epoch from min(u.first))::double precision * 1000 as "firstMs"
     from (
       select min(e.at) as first, max(e.at) as last, min(e.at) filter (where e.at > $8) as recent
       from halyard.track_event e
       where e.project = $1 and e.environment = $2 and e.unit_attribute = $3 and e.at <= $4
         and e.at > least($7::timestamptz, $8::timestamptz)
       group by e.unit
     ) u`,
    [
      ...[project, environment, unit, instant(atMs)],
      ...[...PERIODS, days].map((each) => instant(atMs - each * DAY_MS)),
      instant(matureMs),
    ],
  );
  const [row] = rows;
  const seenDays = row?.firstMs == null ? 0 : (atMs - row.firstMs) / DAY_MS;
  return {
    units: row?.units ?? [0, 0, 0],
    mature: row?.mature ?? 0,
    active: row?.active ?? 0,
    days: Math.min(28, Math.max(seenDays, seenDays > 0 ? 1 : 0)),
  };
}

/** Of the units that reach its rule, the share that takes part. */
export function shareOf({ traffic, slot }: ExperimentDefinition): number {
  if (slot) return (slot.to - slot.from) / 100;
  return (traffic ?? 100) / 100;
}

/** Units that a period of so many days brings: as many as came in it, or in proportion where events do not go back so far. */
export function unitsIn(traffic: Traffic, days: number): number {
  const known = PERIODS.findLastIndex((period) => period <= Math.min(days, traffic.days));
  const at = Math.max(0, known);
  const period = known < 0 ? Math.max(1, traffic.days) : (PERIODS[at] as number);
  return ((traffic.units[at] ?? 0) * days) / period;
}
