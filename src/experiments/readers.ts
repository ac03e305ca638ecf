// Connections that all see one state of the database, so that the parts of an analysis belong together.
import type { Lender, Queryable } from '../db/pool.ts';
import { withTransaction } from '../db/transaction.ts';

/**
 * Hash joins are right whatever the statistics say: every unit and every event of a metric is needed, and tables that were filled a
 * minute ago have no statistics yet. Each reader works on one core; two of them use two. Whoever is done first waits in its
 * transaction for the other one's statement, which has a deadline of its own.
 */
const SETTINGS = `
set local enable_nestloop = off; set local enable_mergejoin = off; set local jit = off;
set local work_mem = '128MB'; set local max_parallel_workers_per_gather = 0;
set local idle_in_transaction_session_timeout = 0`;

/** Answers all questions from one state of the database, two at a time; in the order asked. */
export async function readTogether<T>(
  pool: Lender,
  first: (connection: Queryable) => Promise<readonly ((connection: Queryable) => Promise<T>)[]>,
): Promise<T[]> {
  return withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, async (one) => {
    const questions = await first(one);
    const answers = new Array<T>(questions.length);
    let next = 0;
    const answerThem = async (connection: Queryable) => {
      await connection.query(SETTINGS);
      for (let at = next++; at < questions.length; at = next++)
        answers[at] = await (questions[at] as (connection: Queryable) => Promise<T>)(connection);
    };
    if (questions.length < 2) await answerThem(one);
    else {
      const { rows } = await one.query<{ snapshot: string }>('select pg_export_snapshot() as snapshot');
      const beside = withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, async (two) => {
        await two.query(`set transaction snapshot '${rows[0]?.snapshot}'`);
        await answerThem(two);
      });
      await both(answerThem(one), beside);
    }
    return answers;
  });
}

/** Waits for both, since a connection that is in use cannot be given back; then throws what either threw. */
async function both(one: Promise<void>, two: Promise<void>): Promise<void> {
  const [first, second] = await Promise.allSettled([one, two]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
}
