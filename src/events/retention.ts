// Lets go of what is older than events are kept: whole days of tracked events, and then their ids, by one collector at a time.
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlState } from '../db/faults.ts';
import type { Pool, Queryable } from '../db/pool.ts';
import { Days } from './days.ts';
import { DAY_MS, dayOf, dayText } from './write.ts';

const INTERVAL_MS = 10 * 60_000;
/** A day more than is said: clocks differ, and an event may wait for its transaction. */
const GRACE_DAYS = 1;
/** The pages of `event_id` whose rows are deleted at a time, some 20,000 rows. */
const PAGES = 200;
/** Rows of a day that other projects share are deleted at a time: each statement passes over what those before deleted. */
const ROWS = 100_000;

export interface Sweep {
  /** Days that were dropped, or emptied of the project's events. */
  days: number;
  /** Days that are to go, and had to be left: somebody reads them. */
  left: number;
  /** Ids that were deleted. */
  ids: number;
}

export interface RetentionOptions {
  pool: Pool;
  project: () => string | undefined;
  retentionMs: number;
  now: () => number;
  onSweep: (swept: Sweep) => void;
  onFault: (error: Error) => void;
}

/** Sweeps now and then until the signal is aborted. Also opens the day to come. */
export async function retain(options: RetentionOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const project = options.project();
    try {
      if (project !== undefined) {
        const swept = await sweep(options.pool, project, options, signal);
        if (swept) options.onSweep(swept);
      }
    } catch (error) {
      if (!signal.aborted) options.onFault(error as Error);
    }
    const pauseMs = project === undefined ? 1_000 : INTERVAL_MS;
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** One sweep. Undefined where another collector is at it. Throws UnreachableError, or what the database says. */
export async function sweep(
  pool: Pool,
  project: string,
  { retentionMs, now }: Pick<RetentionOptions, 'retentionMs' | 'now'>,
  signal?: AbortSignal,
): Promise<Sweep | undefined> {
  return pool.withConnection(async (connection) => {
    const nowMs = Math.min(now(), await readClock(connection));
    const today = dayOf(nowMs);
    const before = dayOf(nowMs - retentionMs) - GRACE_DAYS;
    await new Days(connection).open([today, today + 1]);
    const lock = [`halyard events of ${project}`];
    const { rows } = await connection.query<{ locked: boolean }>(
      'select pg_catalog.pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
      lock,
    );
    if (!rows[0]?.locked) return undefined;
    try {
      // First the rows, then the ids: what comes again in between has its id still, and counts as before.
      const { days, left } = await dropDays(connection, project, before, signal);
      const ids = await deleteIds(connection, project, Math.min(before, ...left), signal);
      return { days, left: left.length, ids };
    } finally {
      await connection
        .query('select pg_catalog.pg_advisory_unlock(hashtextextended($1, 0))', lock)
        .catch(() => {});
    }
  });
}

/** PostgreSQL's, in epoch milliseconds: a machine whose own clock is ahead must not drop what others still need. */
async function readClock(connection: Queryable): Promise<number> {
  const { rows } = await connection.query<{ ms: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  );
  return rows[0]?.ms ?? 0;
}

/** How many days were dropped, and which had to be left. */
async function dropDays(
  connection: Queryable,
  project: string,
  before: number,
  signal?: AbortSignal,
): Promise<{ days: number; left: number[] }> {
  let days = 0;
  const left: number[] = [];
  for (const day of await openDays(connection)) {
    if (day >= before) break;
    const became = signal?.aborted ? 'left' : await dropDay(connection, project, day);
    if (became === 'left') left.push(day);
    else if (became === 'dropped') days++;
  }
  return { days, left };
}

/** The days that have a table, oldest first. */
export async function openDays(connection: Queryable): Promise<number[]> {
  const { rows } = await connection.query<{ day: string }>(
    `select right(c.relname, 8) as day
     from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'halyard.track_event'::regclass and c.relname ~ '^track_event_[0-9]{8}$' order by 1`,
  );
  return rows.map(({ day }) => dayOf(Date.parse(day.replace(/^(....)(..)(..)$/, '$1-$2-$3'))));
}

/** A day is left where somebody reads the table just now: the next sweep finds it. Another project's may hold nothing of ours. */
async function dropDay(
  connection: Queryable,
  project: string,
  day: number,
): Promise<'dropped' | 'empty' | 'left'> {
  try {
    const { rows } = await connection.query<{ dropped: boolean }>(
      'select halyard.drop_event_day($1, $2) as dropped',
      [project, dayText(day)],
    );
    return rows[0]?.dropped || (await deleteDay(connection, project, day)) ? 'dropped' : 'empty';
  } catch (error) {
    if (sqlState((error as Error).cause ?? error) === '55P03') return 'left';
    throw error;
  }
}

/** Another project has events of that day. */
async function deleteDay(connection: Queryable, project: string, day: number): Promise<boolean> {
  for (let deleted = 0; ; ) {
    const { rowCount } = await connection.query(
      `delete from halyard.track_event t
       where (t.tableoid, t.ctid) in (
         select o.tableoid, o.ctid from halyard.track_event o
         where o.project = $1 and o.at >= $2::timestamptz and o.at < $3::timestamptz limit ${ROWS})
         and t.at >= $2::timestamptz and t.at < $3::timestamptz`,
      [project, new Date(day * DAY_MS), new Date((day + 1) * DAY_MS)],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS) return deleted > 0;
  }
}

/** Once over the pages that hold old ids, some of them a statement: each is short, and none looks for what others have done. */
async function deleteIds(
  connection: Queryable,
  project: string,
  before: number,
  signal?: AbortSignal,
): Promise<number> {
  const values = [project, dayText(before)];
  const { rows } = await connection.query<{ page: number }>(
    `select distinct ((i.ctid::text::point)[0]::int / ${PAGES}) * ${PAGES} as page
     from halyard.event_id i where i.project = $1 and i.day < $2 order by 1`,
    values,
  );
  let deleted = 0;
  for (const { page } of rows) {
    if (signal?.aborted) break;
    const { rowCount } = await connection.query(
      `delete from halyard.event_id i
       where i.ctid >= $3::tid and i.ctid < $4::tid and i.project = $1 and i.day < $2`,
      [...values, `(${page},0)`, `(${page + PAGES},0)`],
    );
    deleted += rowCount ?? 0;
  }
  return deleted;
}
