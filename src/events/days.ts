// The days that tracked events are kept in: opened before they are needed.
import { sqlState } from '../db/faults.ts';
import type { Queryable } from '../db/pool.ts';
import { UnreachableError } from '../lib/errors.ts';
import { dayText } from './write.ts';

const INVALID_PARAMETER_VALUE = '22023';

export class Days {
  readonly #database: Queryable;
  readonly #open = new Set<number>();

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Makes sure that there is a table for each of these days, given in days since 1970. Throws UnreachableError for one that cannot be now. */
  async open(days: Iterable<number>): Promise<void> {
    for (const day of days) {
      if (this.#open.has(day)) continue;
      try {
        await this.#database.query('select halyard.open_event_day($1)', [dayText(day)]);
      } catch (cause) {
        if (sqlState(cause) !== INVALID_PARAMETER_VALUE) throw cause;
        // No fault of the event: by the collector's clock it is of now.
        const reason = `PostgreSQL opens no day ${dayText(day)}: its clock and the collector's are more than a week apart.`;
        throw new UnreachableError('postgres', reason, { cause });
      }
      this.#open.add(day);
    }
  }

  /** What was open may have been dropped since, by retention. */
  forget(): void {
    this.#open.clear();
  }
}
