// The one statement that makes events count: their ids, and with those that are new their assignments and tracked rows.
import type { Queryable } from '../db/pool.ts';
import type { Event, Exposure, TrackEvent } from '../model/event.ts';

/** An event that counts once its id is new. */
export interface StorableEvent {
  /** See `eventUuid`. */
  uuid: string;
  event: Event;
}

/** One of several that are written together; ids are all different. */
export interface Item extends StorableEvent {
  /** Which of the requests it came with. */
  request: number;
}

/**
 * One statement is one transaction and one round trip. Rows are inserted in the order of their keys, and all ids before
 * the first assignment (the sort waits for them), so that two collectors that write the same never wait for each other
 * in a circle. What has been counted is passed over with all that it would do.
 *
 * The arm of an assignment is that of the first write; `at` and `revision` are of the earliest exposure to that arm that
 * is known, whichever way round relays deliver: so of several exposures of a unit, one to the arm that it has goes first.
 * Rows that stay as they are are not touched: an update locks what it reads.
 */
const WRITE = `
with incoming as materialized (
  select i.request, i.id, i.day from unnest($2::int[], $3::uuid[], $4::date[]) as i (request, id, day)
), fresh as (
  insert into halyard.event_id (project, id, day)
  select $1, i.id, i.day from incoming i order by i.id
  on conflict (project, id) do nothing
  returning id
), tracked as (
  insert into halyard.track_event (project, environment, event, unit_attribute, unit, at, value, properties)
  select $1, t.environment, t.event, t.unit_attribute, t.unit, to_timestamp(t.at_ms / 1000), t.value, t.properties
  from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::float8[], $11::float8[], $12::jsonb[])
    as t (id, environment, event, unit_attribute, unit, at_ms, value, properties)
  join fresh f on f.id = t.id
), exposed as materialized (
  select e.id, e.environment, e.experiment, e.unit, e.unit_attribute, e.arm, to_timestamp(e.at_ms / 1000) as at, e.revision
  from unnest($13::uuid[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::float8[], $20::int[])
    as e (id, environment, experiment, unit, unit_attribute, arm, at_ms, revision)
  join fresh f on f.id = e.id
), exposed_unit as (
  select distinct e.environment collate "C" as environment, e.experiment collate "C" as experiment, e.unit collate "C" as unit
  from exposed e
), kept as materialized (
  select p.environment, p.experiment, p.unit, p.arm, p.at, p.crossover_arm
  from exposed_unit e
  join halyard.assignment p
    on p.project = $1 and p.environment = e.environment and p.experiment = e.experiment and p.unit = e.unit
), first as materialized (
  select distinct on (e.environment collate "C", e.experiment collate "C", e.unit collate "C")
    e.environment, e.experiment, e.unit, e.unit_attribute, e.arm, e.at, e.revision
  from exposed e
  left join kept k on k.environment = e.environment and k.experiment = e.experiment and k.unit = e.unit
  order by e.environment collate "C", e.experiment collate "C", e.unit collate "C", e.arm is distinct from k.arm, e.at, e.id
), other as (
  select distinct on (e.environment collate "C", e.experiment collate "C", e.unit collate "C")
    e.environment, e.experiment, e.unit, e.arm, e.at
  from exposed e
  join first f on f.environment = e.environment and f.experiment = e.experiment and f.unit = e.unit and f.arm <> e.arm
  order by e.environment collate "C", e.experiment collate "C", e.unit collate "C", e.at, e.id
), assigned as (
  insert into halyard.assignment as a
    (project, environment, experiment, unit, unit_attribute, arm, at, revision, crossover_arm, crossover_at)
  select $1, f.environment, f.experiment, f.unit, f.unit_attribute, f.arm, f.at, f.revision, o.arm, o.at
  from first f
  left join other o on o.environment = f.environment and o.experiment = f.experiment and o.unit = f.unit
  left join kept k on k.environment = f.environment and k.experiment = f.experiment and k.unit = f.unit
  where k.unit is null
    or (k.arm = f.arm and f.at < k.at)
    or (k.crossover_arm is null and (k.arm <> f.arm or o.arm is not null))
  order by f.environment collate "C", f.experiment collate "C", f.unit collate "C"
  on conflict (project, environment, experiment, unit) do update set
    at = case when a.arm = excluded.arm then least(a.at, excluded.at) else a.at end,
    revision = case when a.arm = excluded.arm and excluded.at < a.at then excluded.revision else a.revision end,
    crossover_arm = coalesce(a.crossover_arm,
      case when excluded.arm <> a.arm then excluded.arm else excluded.crossover_arm end),
    crossover_at = coalesce(a.crossover_at,
      case when excluded.arm <> a.arm then excluded.at else excluded.crossover_at end)
)
select i.request, count(*)::int as counted
from incoming i join fresh f on f.id = i.id
group by i.request`;

/** Writes all items or, where it throws, none. Resolves to how many of each request's counted: those not counted before. */
export async function writeItems(
  database: Queryable,
  project: string,
  items: readonly Item[],
): Promise<Map<number, number>> {
  const { rows } = await database.query<{ request: number; counted: number }>(
    WRITE,
    valuesOf(project, items),
  );
  return new Map(rows.map(({ request, counted }) => [request, counted]));
}

/** A statement's columns, an array each: of ids, of tracked rows (one a unit), and of exposures. */
function valuesOf(project: string, items: readonly Item[]): unknown[] {
  const ids: [number[], string[], string[]] = [[], [], []];
  const tracked: unknown[][] = Array.from({ length: 8 }, () => []);
  const exposed: unknown[][] = Array.from({ length: 8 }, () => []);
  for (const { request, uuid, event } of items) {
    ids[0].push(request);
    ids[1].push(uuid);
    ids[2].push(dayText(dayOf(event.atMs)));
    if (event.type === 'exposure') pushRow(exposed, exposureRow(uuid, event));
    else for (const row of trackRows(uuid, event)) pushRow(tracked, row);
  }
  return [project, ...ids, ...tracked, ...exposed];
}

function pushRow(columns: unknown[][], row: readonly unknown[]): void {
  for (let at = 0; at < row.length; at++) (columns[at] as unknown[]).push(row[at]);
}

function exposureRow(uuid: string, event: Exposure): unknown[] {
  const { environment, experiment, unit, unitAttribute, arm, atMs, revision } = event;
  return [uuid, environment, experiment, unit, unitAttribute, arm, atMs, revision ?? null];
}

function trackRows(
  uuid: string,
  { environment, event, units, atMs, value, properties }: TrackEvent,
): unknown[][] {
  const json = properties === undefined ? null : JSON.stringify(properties);
  return Object.entries(units).map(([attribute, unit]) => [
    uuid,
    environment,
    event,
    attribute,
    unit,
    atMs,
    value ?? null,
    json,
  ]);
}

export const DAY_MS = 86_400_000;

/** The day (UTC) of an instant, in days since 1970. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS);
}

/** `2026-11-21`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
