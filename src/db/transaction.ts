// A transaction: all of it or nothing. Writers that must be atomic demand a Tx, which only this file makes.
import assert from 'node:assert/strict';
import type { Lender, Queryable } from './pool.ts';

declare const inTransaction: unique symbol;

/** A connection inside a transaction. */
export type Tx = Queryable & { readonly [inTransaction]: true };

export interface TransactionOptions {
  /** `repeatable read` sees one state of the database throughout. */
  isolation?: 'read committed' | 'repeatable read';
  readOnly?: boolean;
}

/**
 * Commits what `work` does, or nothing of it if it throws. Deferred triggers speak at COMMIT, so their refusals are
 * thrown from here too. A connection that is lost while COMMIT is under way throws UnreachableError, and whether the
 * transaction was committed is then to be found out from the database.
 */
export async function withTransaction<T>(
  pool: Lender,
  options: TransactionOptions,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { isolation = 'read committed', readOnly = false } = options;
  return pool.withConnection(async (connection) => {
    // Without `read write`, which a standby refuses as a feature that it does not have.
    await connection.query(`begin isolation level ${isolation}${readOnly ? ' read only' : ''}`);
    try {
      const result = await work(connection as Tx);
      const { command } = await connection.query('commit');
      // COMMIT of a transaction in which a statement failed answers without an error, and rolls back.
      assert.equal(command, 'COMMIT', 'an error inside the transaction was swallowed');
      return result;
    } catch (error) {
      // If ROLLBACK fails too, the connection is broken: the pool drops it, and the server rolls back.
      await connection.query('rollback').catch(() => {});
      throw error;
    }
  });
}
