// The commits that a chain's next entries are about, so that much of git can be read at once.
import type { Queryable } from '../../db/pool.ts';

const AT_ONCE = 8_000;
/** When fewer are left, more are read. */
const FEW = 4_000;

export class Upcoming {
  readonly #connection: Queryable;
  readonly #project: string;
  /** The entry of the last history that was accepted; 0 for none. */
  readonly lastAccepted: number;
  #known: { entry: number; commit: string }[] = [];
  #next = 0;
  #isWhole = false;

  private constructor(connection: Queryable, project: string, lastAccepted: number) {
    this.#connection = connection;
    this.#project = project;
    this.lastAccepted = lastAccepted;
  }

  static async of(connection: Queryable, project: string): Promise<Upcoming> {
    const { rows } = await connection.query<{ entry: number | null }>(
      `select max(e.entry) as entry from halyard.audit_entry e
       where e.project = $1 and e.summary ->> 'action' = 'history.accepted'`,
      [project],
    );
    return new Upcoming(connection, project, rows[0]?.entry ?? 0);
  }

  /** Moves to an entry. Entries come in their order. */
  async moveTo(entry: number): Promise<void> {
    while (this.#next < this.#known.length && (this.#known[this.#next]?.entry ?? 0) <= entry) this.#next += 1;
    if (this.#known.length - this.#next < FEW && !this.#isWhole) await this.#read(entry);
  }

  /** The commits of the next entries, as many as are known. What is no id of one is left out: git would take it for something else. */
  commits(): string[] {
    return this.#known.slice(this.#next).map(({ commit }) => commit);
  }

  /** The last one that is known. */
  get furthest(): string | undefined {
    return this.#known.at(-1)?.commit;
  }

  async #read(entry: number): Promise<void> {
    const { rows } = await this.#connection.query<{ entry: number; commit: string }>(
      `select e.entry, e.summary ->> 'commit' as commit from halyard.audit_entry e
       where e.project = $1 and e.entry > $2 and e.summary ->> 'action' in ('commit.applied', 'commit.rejected')
         and e.summary ->> 'commit' ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'
       order by e.entry limit ${AT_ONCE}`,
      [this.#project, entry],
    );
    this.#known = rows;
    this.#next = 0;
    this.#isWhole = rows.length < AT_ONCE;
  }
}
