// A connection that listens: wake-ups come in, and questions asked on it at short intervals show at once when it is dead.
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { Client } from 'pg';
import { publicUrl } from '../lib/public-url.ts';
import { databaseFault, sqlState } from './faults.ts';
import { connectionConfig, type Lender, type Queryable } from './pool.ts';

const SILENCE_TIMEOUT_MS = 2_000;

export interface ListenOptions {
  /** A wake-up, which carries no data: somebody has committed something, or says so. */
  onNotify: () => void;
  /** Called at most once, with an UnreachableError or UsageError: the connection is gone. Not called after close. */
  onLost: (error: unknown) => void;
  /** Closes the connection. */
  signal?: AbortSignal;
  applicationName?: string;
  connectTimeoutMs?: number;
  /** While a query is under way. A connection on which nothing passes for so long counts as lost. */
  silenceTimeoutMs?: number;
}

/**
 * Queries run on the listening connection itself, so that each is its heartbeat too. One that reads much may take its
 * time, as long as something comes. Transactions are lent the same connection, so they are not to overlap.
 */
export interface Listener extends Queryable, Lender, AsyncDisposable {
  close(): Promise<void>;
}

/**
 * Connects and listens on a channel. Whoever uses it reads what it cares for after this resolves, and then whenever
 * `onNotify` is called and at intervals besides; nothing is missed. Throws UnreachableError or UsageError.
 */
export async function openListener(url: string, channel: string, options: ListenOptions): Promise<Listener> {
  assert.match(channel, /^[a-z][a-z_]*$/);
  const listener = made(url, options);
  try {
    await listener.listen(channel);
  } catch (error) {
    await listener.close();
    throw error;
  }
  return listener;
}

/** A URL that `pg` cannot use shows already here. */
function made(url: string, options: ListenOptions): ListeningConnection {
  try {
    return new ListeningConnection(url, options);
  } catch (error) {
    throw databaseFault(error, publicUrl(url));
  }
}

class ListeningConnection implements Listener {
  readonly #client: Client;
  /** Our own, so that a connection into nowhere can be dropped without waiting for its answer. */
  readonly #socket = new Socket();
  readonly #place: string;
  readonly #options: ListenOptions;
  #state: 'connecting' | 'open' | 'ended' = 'connecting';
  #queries = 0;
  readonly #onAbort = () => {
    void this.close();
  };

  constructor(url: string, options: ListenOptions) {
    this.#options = options;
    this.#place = publicUrl(url);
    this.#client = new Client({
      ...connectionConfig(url, {
        applicationName: options.applicationName ?? 'halyard listen',
        connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
        lockTimeoutMs: SILENCE_TIMEOUT_MS,
      }),
      stream: () => this.#socket,
    });
    // `pg` listens too, but not before it connects, which it may not come to.
    this.#socket.on('error', () => undefined);
    this.#socket.on('timeout', () => this.#lose(new Error('Connection terminated: it is silent')));
    this.#client.on('error', (error) => this.#lose(error));
    this.#client.on('end', () => this.#lose(new Error('Connection terminated')));
    this.#client.on('notification', () => {
      if (this.#state === 'open') options.onNotify();
    });
  }

  async listen(channel: string): Promise<void> {
    this.#options.signal?.throwIfAborted();
    this.#options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    try {
      await this.#client.connect();
      this.#expectBytes(1);
      await this.#client.query(`listen ${channel}`);
      this.#expectBytes(-1);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      throw databaseFault(error, this.#place);
    }
    this.#state = 'open';
  }

  async query<Row extends object>(text: string, values?: readonly unknown[]) {
    this.#expectBytes(1);
    try {
      const { rows, rowCount, command } = await this.#client.query<Row>(text, values as unknown[]);
      return { rows, rowCount, command };
    } catch (error) {
      if (sqlState(error) === undefined) this.#lose(error);
      throw databaseFault(error, this.#place);
    } finally {
      this.#expectBytes(-1);
    }
  }

  withConnection<T>(use: (connection: Queryable) => Promise<T>): Promise<T> {
    return use(this);
  }

  /** Between queries silence means nothing. */
  #expectBytes(queries: 1 | -1): void {
    this.#queries += queries;
    const { silenceTimeoutMs = SILENCE_TIMEOUT_MS } = this.#options;
    this.#socket.setTimeout(this.#queries > 0 ? silenceTimeoutMs : 0);
  }

  /** Never rejects, and takes half a second at most: a server that does not answer the goodbye is left. */
  async close(): Promise<void> {
    const connecting = this.#state === 'connecting';
    this.#end();
    // `pg` never settles a connect() that is ended, only one that fails.
    if (connecting) this.#socket.destroy(new Error('Connection terminated'));
    let overdue: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      overdue = setTimeout(resolve, 500);
    });
    await Promise.race([this.#client.end().catch(() => {}), late]);
    clearTimeout(overdue);
    this.#socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #lose(error: unknown): void {
    const wasOpen = this.#state === 'open';
    this.#end();
    this.#socket.destroy();
    if (wasOpen) this.#options.onLost(databaseFault(error, this.#place));
  }

  #end(): void {
    this.#state = 'ended';
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }
}
