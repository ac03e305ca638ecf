// The source of production: what `sync` applied to PostgreSQL. NOTIFY wakes it up; a poll on the same connection shows that it lives.
import { type Listener, openListener } from '../../db/listen.ts';
import { withTransaction } from '../../db/transaction.ts';
import { Wake } from '../../io/wake.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type Emit, faultOf, nextLook, type Source, SourceError, type Witness } from '../source.ts';
import { assemble, type State } from './assembly.ts';
import { Links } from './links.ts';
import { missing, onlyProject, unaudited } from './postgres-faults.ts';
import { type Head, readHead, readLink, readRows } from './postgres-queries.ts';

/** The channel on which `sync` wakes up relays. Its messages are empty. */
const CHANNEL = 'halyard_snapshot';
/** With the two seconds for which a connection may be silent, a dead one is seen within three. */
const POLL_MS = 1_000;

export interface PostgresOptions {
  url: string;
  environment: string;
  /** Left out: the only project of the database. */
  project?: string | undefined;
  /** A snapshot from before: only what changed since then is read. */
  known: Snapshot | undefined;
  /** The entry that was seen last, which the database must still have. */
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
  /** Whether the chain lacked the witness then. */
  #forked = false;
  /** The one connection: what a fleet costs its database. */
  #listener: Listener | undefined;
  readonly #links = new Links();

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.#project = options.project;
    this.#base = options.known;
  }

  wake(): void {
    this.#wake.ring();
  }

  async linkedHash(entry: number): Promise<string | null | undefined> {
    const listener = this.#listener;
    const project = this.#project;
    if (!listener || project === undefined) return undefined;
    return this.#links.ask(entry, () => readLink(listener, project, entry));
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
    this.#listener = listener;
    try {
      while (!signal.aborted) {
        if (lost !== undefined) throw lost;
        this.#links.clear();
        await this.#look(listener, emit);
        await nextLook(this.#wake, this.#options.pollMs ?? POLL_MS, signal);
      }
    } finally {
      this.#listener = undefined;
      await listener.close();
    }
  }

  async #look(listener: Listener, emit: Emit): Promise<void> {
    const witness = this.#options.witness();
    const { environment } = this.#options;
    try {
      this.#project ??= await onlyProject(listener, witness);
      const head = await readHead(listener, this.#project, environment, witness?.entry ?? 0);
      if (!head) throw await missing(listener, this.#project, environment, witness);
      const forked = isForked(head, witness);
      if (isSame(head, this.#emitted) && forked === this.#forked) {
        return await emit({ type: 'current', ...(!forked && head.end && { end: head.end }) });
      }
      // What another chain left is nothing to build on.
      if (forked !== this.#forked) this.#base = undefined;
      await this.#read(listener, this.#project, emit);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      await emit({ type: 'fault', fault: faultOf(error) });
    }
  }

  /** Reads what changed since the base; where that does not add up to the head's digest, reads everything. */
  async #read(listener: Listener, project: string, emit: Emit): Promise<void> {
    const base = this.#base?.project === project ? this.#base : undefined;
    const witness = this.#options.witness();
    let state = await this.#readState(listener, project, base?.revision ?? 0, witness);
    let snapshot = await assemble(state, base);
    if (!snapshot && base) {
      state = await this.#readState(listener, project, 0, witness);
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
    const { head } = state;
    await emit({
      type: 'snapshot',
      snapshot,
      ...(witness && { witnessed: head.witnessed }),
      ...(head.end && { end: head.end }),
    });
    this.#emitted = head;
    this.#forked = isForked(head, witness);
  }

  /** Head, rows and chain, as they stand together at one instant. */
  #readState(
    listener: Listener,
    project: string,
    afterRevision: number,
    witness: Witness | undefined,
  ): Promise<State> {
    const { environment } = this.#options;
    return withTransaction(listener, { isolation: 'repeatable read', readOnly: true }, async (tx) => {
      const head = await readHead(tx, project, environment, witness?.entry ?? 0);
      if (!head) throw await missing(tx, project, environment, witness);
      if (head.linkedHash !== head.entryHash) throw unaudited(project, environment, head);
      return { project, environment, head, rows: await readRows(tx, project, environment, afterRevision) };
    });
  }
}

/** Whether the chain lacks what was seen of it. */
function isForked(head: Head, witness: Witness | undefined): boolean {
  return witness !== undefined && head.witnessed !== witness.hash;
}

function isSame(a: Head, b: Head | undefined): boolean {
  return a.revision === b?.revision && a.digest === b.digest && a.entryHash === b.entryHash;
}
