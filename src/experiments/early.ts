// Whether what the first units did can still be counted: events are kept for a time (`--retention`), first exposures for good.
import type { Queryable } from '../db/pool.ts';
import { DAY_MS, instant, type Scope } from './scope.ts';

/** The day of the first exposure (YYYY-MM-DD, UTC), where it is over and the project has no event of it or of any day before; else null. */
export async function dayWithoutEvents(
  connection: Queryable,
  { project, atMs }: Scope,
  firstMs: number,
): Promise<string | null> {
  const endMs = (Math.floor(firstMs / DAY_MS) + 1) * DAY_MS;
  if (endMs > atMs) return null;
  const { rows } = await connection.query<{ found: boolean }>(
    'select exists (select from halyard.track_event e where e.project = $1 and e.at < $2) as found',
    [project, instant(endMs)],
  );
  return rows[0]?.found ? null : instant(firstMs).slice(0, 10);
}
