// What a verifier must know of the schema itself: whether it is as the migrations made it, and shows the verifier all rows.
import { sqlState } from '../db/faults.ts';
import { guardFault, readGuards } from '../db/guards.ts';
import type { Queryable } from '../db/pool.ts';
import type { Tx } from '../db/transaction.ts';
import { UsageError } from '../lib/errors.ts';
import { type Break, broken } from './break.ts';

/** Whether every guard stands. */
export async function guardBreak(connection: Queryable): Promise<Break | undefined> {
  const fault = guardFault(await readGuards(connection));
  return fault === undefined ? undefined : broken('triggers-off', fault);
}

/** Throws UsageError for a login from which row-level security hides rows: to it, an honest database would look broken. */
export async function assertSeesEverything(connection: Queryable): Promise<void> {
  const { rows } = await connection.query<{ everything: boolean }>(
    `select halyard.sees_everything() or not row_security_active('halyard.snapshot_head')
       or not row_security_active('halyard.environment_definition') as everything`,
  );
  if (rows[0]?.everything) return;
  throw new UsageError(
    'this login sees a part of the rows alone, and verify needs all: use one in halyard_reader, or the owner.',
  );
}

/** What `look` finds; or else, where the tables cannot even be asked since they are others, what is wrong with them. */
export async function orElse<T>(
  tx: Tx,
  known: Break | undefined,
  look: () => Promise<T>,
): Promise<T | Break> {
  await tx.query('savepoint looking');
  try {
    return await look();
  } catch (error) {
    const state = sqlState(error) ?? sqlState((error as { cause?: unknown }).cause ?? {});
    if (!known || state === undefined || !/^(22|42)/.test(state)) throw error;
    await tx.query('rollback to savepoint looking');
    return known;
  }
}
