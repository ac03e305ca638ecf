// The days that tracked events are kept in: opened before they are needed.
import type { Queryable } from '../db/pool.ts';
import { dayText } from './write.ts';

export class Days {
  readonly #database: Queryable;
  readonly #open = new Set<number>();

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Makes sure that there is a table for each of these days, given in days since 1970. */
  async open(days: Iterable<number>): Promise<void> {
    for (const day of days) {
      if (this.#open.has(day)) continue;
      await this.#database.query('select halyard.open_event_day($1)', [dayText(day)]);
      this.#open.add(day);
    }
  }

  /** What was open may have been dropped since, by retention. */
  forget(): void {
    this.#open.clear();
  }
}
