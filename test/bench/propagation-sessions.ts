// What relays cost a PostgreSQL server in sessions, and when these began.
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from '../../src/db/pool.ts';

const OF_RELAYS = `application_name = 'halyard relay'`;

/** Counts sessions of relays every 20 ms until it is disposed of. */
export function mostSessions(admin: Pool): AsyncDisposable & { readonly count: number } {
  let most = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; await sleep(20)) {
      const { rows } = await admin.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity where ${OF_RELAYS}`,
      );
      most = Math.max(most, rows[0]?.count ?? 0);
    }
  })().catch(() => undefined);
  return {
    get count() {
      return most;
    },
    [Symbol.asyncDispose]: () => {
      isOver = true;
      return counting;
    },
  };
}

/** Ends every session of a relay. */
export async function terminateSessions(admin: Pool): Promise<void> {
  await admin.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity where ${OF_RELAYS}`);
}

/** When each of so many sessions began, in milliseconds from the first one on. Rejects where they do not begin in a minute. */
export async function sessionsBegan(url: string, count: number): Promise<number[]> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(100)) {
    await using admin = new Pool(url, { maxConnections: 1 });
    const began = await admin
      .query<{ ms: number }>(
        `select 1000 * extract(epoch from backend_start - min(backend_start) over ())::float8 as ms
         from pg_stat_activity where ${OF_RELAYS}`,
      )
      .catch(() => ({ rows: [] }));
    if (began.rows.length >= count) return began.rows.map(({ ms }) => ms);
  }
  throw new Error('the fleet does not come back');
}
