// The source of production: what `sync` applied to PostgreSQL. NOTIFY wakes it up; a poll on the same connection shows that it lives.
import { type Listener, openListener } from '../../db/listen.ts';
import { Pool, type Queryable } from '../../db/pool.ts';
import { withTransaction } from '../../db/transaction.ts';
import { Wake } from '../../io/wake.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type Emit, faultOf, type Source, SourceError, type Witness } from '../source.ts';
import { assemble, type State } from './postgres-assembly.ts';
import {
  type Head,
  readEnvironments,
  readHash,
  readHead,
  readProjects,
  readRows,
} from './postgres-queries.ts';

/** The channel on which `sync` wakes up relays. Its messages are empty. */
const CHANNEL = 'halyard_snapshot';
/** With the listener's own deadline of two seconds, a dead connection is seen within three. */
const POLL_MS = 1_000;

export interface PostgresOptions {
  url: string;
  environment: string;
  /** Left out: the only project of the database. */
  project?: string | undefined;
  /** A snapshot from before: only what changed since then is read. */
  known: Snapshot | undefined;
  /** The entry that was served last, which the database must still have. */
  witness: () => Witness | undefined;
  pollMs?: number;
}

export class PostgresSource implements Source {
  readonly kind = 'postgres';
  readonly #options: PostgresOptions;
  readonly #wake = new Wake();
  #project: string | undefined;
  /** The snapshot that later changes are merged into. */
  #base: Snapshot | undefined;
  /** The head that was emitted last. */
  #emitted: Head | undefined;

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.#project = options.project;
    this.#base = options.known;
  }

  wake(): void {
    this.#wake.ring();
  }

  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    let lost: unknown;
    const listener = await openListener(this.#options.url, CHANNEL, {
      applicationName: 'halyard relay',
      signal,
      onNotify: () => this.wake(),
      onLost: (error) => {
        lost = error;
        this.wake();
      },
    });
    const { url, pollMs = POLL_MS } = this.#options;
    const pool = new Pool(url, { applicationName: 'halyard relay', maxConnections: 1 });
    const onAbort = () => void pool.terminate();
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted) {
        if (lost !== undefined) throw lost;
        await this.#look(listener, pool, emit);
        await this.#wake.heard(pollMs, signal);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      await Promise.all([listener.close(), pool.close()]);
    }
  }

  async #look(listener: Listener, pool: Pool, emit: Emit): Promise<void> {
    try {
      this.#project ??= await onlyProject(listener);
      const { environment } = this.#options;
      const head = await readHead(listener, this.#project, environment);
      if (!head) throw await missing(listener, this.#project, environment);
      if (isSame(head, this.#emitted)) return await emit({ type: 'current' });
      await this.#read(pool, this.#project, emit);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      await emit({ type: 'fault', fault: faultOf(error) });
    }
  }

  /** Reads what changed since the base; where that does not add up to the head's digest, reads everything. */
  async #read(pool: Pool, project: string, emit: Emit): Promise<void> {
    const base = this.#base?.project === project ? this.#base : undefined;
    let state = await this.#readState(pool, project, base?.revision ?? 0);
    let snapshot = await assemble(state, base);
    if (!snapshot && base) {
      state = await this.#readState(pool, project, 0);
      snapshot = await assemble(state, undefined);
    }
    if (!snapshot) {
      const what = `what the database holds for ${project} ${state.environment}`;
      throw new SourceError(
        'digest',
        `${what} has not the digest that its head names. Run \`halyard audit verify\``,
      );
    }
    this.#base = snapshot;
    const { witnessed } = state;
    await emit({ type: 'snapshot', snapshot, ...(witnessed !== undefined && { witnessed }) });
    this.#emitted = state.head;
  }

  /** Head, rows and the witness' hash, as they stand together at one instant. */
  #readState(pool: Pool, project: string, afterRevision: number): Promise<State> {
    const { environment } = this.#options;
    const witness = this.#options.witness();
    return withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, async (tx) => {
      const head = await readHead(tx, project, environment);
      if (!head) throw await missing(tx, project, environment);
      const rows = await readRows(tx, project, environment, afterRevision);
      const witnessed = witness && (await readHash(tx, project, witness.entry));
      return { project, environment, head, rows, witnessed };
    });
  }
}

async function onlyProject(database: Queryable): Promise<string> {
  const [project, another] = await readProjects(database);
  if (project === undefined) {
    throw new SourceError(
      'project',
      'the database holds no project yet. `halyard sync` makes one of the first commit',
    );
  }
  if (another !== undefined) {
    const message = `the database holds several projects (${project}, ${another}, …). Name one with --project`;
    throw new SourceError('project', message);
  }
  return project;
}

async function missing(database: Queryable, project: string, environment: string): Promise<SourceError> {
  const known = await readEnvironments(database, project);
  if (known.length === 0)
    return new SourceError('project', `the database holds nothing of the project ${project} yet`);
  return new SourceError(
    'environment',
    `${project} has no environment ${environment}. It has ${known.join(', ')}`,
  );
}

function isSame(a: Head, b: Head | undefined): boolean {
  return a.revision === b?.revision && a.digest === b.digest && a.entryHash === b.entryHash;
}
