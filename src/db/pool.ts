// The door to PostgreSQL: a small pool of connections with a deadline on everything, and errors that say whose fault it is.
import { once } from 'node:events';
import { Socket } from 'node:net';
import { Pool as PgPool, type PoolClient, type PoolConfig } from 'pg';
import { UsageError } from '../lib/errors.ts';
import { publicUrl } from '../lib/public-url.ts';
import { databaseFault, sqlState } from './faults.ts';

export interface Result<Row> {
  rows: Row[];
  /** How many rows the statement returned or changed; null for one that does neither. */
  rowCount: number | null;
  /** What was done: `SELECT`, `INSERT`, `COMMIT` … */
  command: string;
}

/** Anything that runs one statement: a pool, a connection or a transaction. Readers take this; writers demand a Tx. */
export interface Queryable {
  /** Values are bound to `$1`, `$2` … and never become a part of the text. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Result<Row>>;
}

/** What lends a connection of its own to a transaction. */
export interface Lender {
  withConnection<T>(use: (connection: Queryable) => Promise<T>): Promise<T>;
}

export interface PoolOptions {
  /** Shown in pg_stat_activity, `halyard sync` say. */
  applicationName?: string;
  maxConnections?: number;
  connectTimeoutMs?: number;
  /** For each statement, COMMIT with its deferred triggers included. */
  statementTimeoutMs?: number;
  lockTimeoutMs?: number;
}

/** How long connections may take to be closed. */
const CLOSE_DEADLINE_MS = 3_000;
/** How much longer than the server's own deadline the client waits for an answer. */
const GRACE_MS = 2_000;

/** What a login's, a database's or a URL's own settings say could lend an operator another meaning, or a date another form. */
const OPTIONS = '-c search_path=pg_catalog,pg_temp -c datestyle=ISO';

/** Options for `pg` that put a deadline on connecting, on statements, on locks and on idle transactions. */
export function connectionConfig(url: string, options: PoolOptions = {}): PoolConfig {
  const { statementTimeoutMs = 60_000, lockTimeoutMs = 15_000 } = options;
  return {
    connectionString: checkedUrl(url),
    application_name: options.applicationName ?? 'halyard',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + GRACE_MS,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    options: OPTIONS,
  };
}

/**
 * `pg` takes what a URL says for more than what it is told, so its `options` are kept and ours come after them, which
 * win. Throws a UsageError for a port on which `pg` would throw too late to be closed.
 */
function checkedUrl(text: string): string {
  const url = URL.parse(text);
  const port = url?.searchParams.get('port');
  if (port && !(Number(port) > 0 && Number(port) < 65_536))
    throw new UsageError(`PostgreSQL at ${publicUrl(text)}: the database URL names no port.`);
  const theirs = url?.searchParams.get('options');
  if (!url || !theirs) return text;
  url.searchParams.set('options', `${theirs} ${OPTIONS}`);
  return url.href;
}

export class Pool implements Queryable, Lender, AsyncDisposable {
  readonly #pool: PgPool;
  readonly #sockets = new Set<Socket>();
  /** The server and database as they may be shown: without user, password and parameters. */
  readonly place: string;

  /** Opens no connection before one is needed. */
  constructor(url: string, options: PoolOptions = {}) {
    this.place = publicUrl(url);
    this.#pool = new PgPool({
      ...connectionConfig(url, options),
      max: options.maxConnections ?? 4,
      stream: () => this.#openSocket(),
    });
    // An idle connection that breaks is dropped by the pool; the next query opens another or says why it cannot.
    this.#pool.on('error', () => {});
    // One that breaks in the instant in which it is lent, before anyone listens, fails the next query as well.
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Result<Row>> {
    return this.withConnection((connection) => connection.query<Row>(text, values));
  }

  /** Lends one connection. One that broke is not used again. Throws UnreachableError or UsageError, or what `use` throws. */
  async withConnection<T>(use: (connection: Queryable) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken: Error | undefined;
    const onBroken = (error: Error) => {
      broken = error;
    };
    client.on('error', onBroken);
    const connection: Queryable = {
      query: async <Row extends object>(text: string, values?: readonly unknown[]) => {
        try {
          const { rows, rowCount, command } = await client.query<Row>(text, values as unknown[]);
          return { rows, rowCount, command };
        } catch (error) {
          if (sqlState(error) === undefined) broken = error as Error;
          throw databaseFault(error, this.place);
        }
      },
    };
    try {
      return await use(connection);
    } finally {
      client.off('error', onBroken);
      client.release(broken);
    }
  }

  /** Waits for connections that are lent, then closes all. A server that does not answer the goodbye is left after a while. */
  async close(): Promise<void> {
    if (this.#pool.ending) return;
    await this.#pool.end();
    const overdue = setTimeout(() => this.#drop(), CLOSE_DEADLINE_MS);
    await Promise.all([...this.#sockets].map((socket) => once(socket, 'close').catch(() => {})));
    clearTimeout(overdue);
  }

  /** Drops every connection, and with it the query under way, which rejects; the server rolls back. For a stop that cannot wait. */
  async terminate(): Promise<void> {
    this.#drop();
    await this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #drop(): void {
    for (const socket of this.#sockets) socket.destroy(new Error('Connection terminated'));
  }

  #openSocket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    return socket.once('close', () => this.#sockets.delete(socket));
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw databaseFault(error, this.place);
    }
  }
}
