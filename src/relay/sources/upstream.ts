// The source of a fleet: another relay, so that ten thousand sidecars need a handful of database connections.
import { Wake } from '../../io/wake.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { inSlices } from '../slices.ts';
import { type Emit, nextLook, type Source, SourceError, type Witness } from '../source.ts';
import { assemble } from './assembly.ts';
import { Links } from './links.ts';
import { type Answer, freshnessOf, readRows, type Told } from './upstream-answer.ts';
import { UpstreamChain, witnessedBy } from './upstream-chain.ts';
import { type Reply, UpstreamClient } from './upstream-client.ts';

/** Finds what the stream missed (invariant 9), and shows within three seconds a relay that is dead. */
const POLL_MS = 1_000;

export interface UpstreamOptions {
  /** The other relay's address, without a path or with the one that a proxy before it has. */
  url: string;
  environment: string;
  project?: string | undefined;
  /** The file with the token that the other relay demands. */
  sourceTokenFile?: string | undefined;
  /** A snapshot from before: only what changed since then is read. */
  known: Snapshot | undefined;
  /** The entry that was seen last, which the chain must still have. */
  witness: () => Witness | undefined;
  pollMs?: number;
}

/** What later changes are laid over. */
interface Base {
  snapshot: Snapshot;
  /** What the other relay calls it. */
  revision: number;
  tag?: string | undefined;
}

/** What a look has found. */
interface Look {
  isNew: boolean;
  witness: Witness | undefined;
  place: string;
}

export class UpstreamSource implements Source {
  readonly kind = 'upstream';
  readonly #options: UpstreamOptions;
  readonly #wake = new Wake();
  #client: UpstreamClient | undefined;
  #base: Base | undefined;
  /** Whether the chain lacked the witness when a snapshot was last emitted; undefined = none was. */
  #forked: boolean | undefined;
  readonly #chain = new UpstreamChain();
  readonly #links = new Links();

  constructor(options: UpstreamOptions) {
    this.#options = options;
    const { known } = options;
    this.#base = known && { snapshot: known, revision: known.revision };
  }

  wake(): void {
    this.#wake.ring();
  }

  async linkedHash(entry: number): Promise<string | null | undefined> {
    const client = this.#client;
    return client && this.#links.ask(entry, () => client.linkedHash(entry));
  }

  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    const { url, sourceTokenFile, pollMs = POLL_MS } = this.#options;
    const client = await UpstreamClient.open(url, sourceTokenFile);
    this.#client = client;
    const over = new AbortController();
    const onAbort = () => over.abort(signal.reason);
    signal.addEventListener('abort', onAbort);
    const listening = client.listen(() => this.wake(), over.signal);
    try {
      while (!signal.aborted) {
        this.#links.clear();
        await this.#look(client, emit, signal);
        await nextLook(this.#wake, pollMs, signal);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      over.abort();
      await listening;
    }
  }

  /** @param whole asks for everything, since changes alone did not add up */
  async #look(client: UpstreamClient, emit: Emit, signal: AbortSignal, whole = false): Promise<void> {
    const witness = this.#options.witness();
    const { revision: after, tag } = (whole ? undefined : this.#base) ?? {};
    const question = { after, tag, witness: witness?.entry };
    const reply = await client.ask(question, signal);
    if (reply.type === 'not-ready') {
      const message = `the relay at ${client.place} has no snapshot yet`;
      return emit({ type: 'fault', fault: { code: 'not-ready', message } });
    }
    if (reply.type === 'same' && tag === undefined) {
      throw new SourceError(
        'answer',
        `the relay at ${client.place} answers that nothing changed, of what nobody named`,
      );
    }
    const hold = this.#chain.whyHold(client.place, reply, witness);
    if (hold) return hold.fault && emit({ type: 'fault', fault: hold.fault });
    const isNew = reply.type === 'changed' && (await this.#take(client, reply, whole));
    if (isNew === undefined) return this.#look(client, emit, signal, true);
    await this.#tell(emit, reply, { isNew, witness, place: client.place });
  }

  /** Emits what was taken, or that nothing is newer, with all that the answer tells. */
  async #tell(emit: Emit, reply: Told, { isNew, witness, place }: Look): Promise<void> {
    const witnessed = witnessedBy(reply, witness);
    // While it cannot be told, what was found out before stands.
    const isTold = witness === undefined || witnessed !== undefined;
    const forked = isTold ? witness !== undefined && witnessed !== witness.hash : (this.#forked ?? false);
    const freshness = freshnessOf(reply, place);
    const end = isTold && !forked ? reply.end : undefined;
    if (this.#base && (isNew || forked !== this.#forked)) {
      const { snapshot } = this.#base;
      const told = {
        freshness,
        ...(witnessed !== undefined && { witnessed }),
        ...(reply.end && { end: reply.end }),
      };
      await emit({ type: 'snapshot', snapshot, ...told });
      this.#forked = forked;
    } else {
      await emit({ type: 'current', freshness, ...(end && { end }) });
    }
  }

  /** Makes the answer the base. False where it is what the base was already; undefined where changes do not add up. Throws SourceError. */
  async #take(
    client: UpstreamClient,
    { answer, tag }: Reply & { type: 'changed' },
    whole: boolean,
  ): Promise<boolean | undefined> {
    const snapshot = await this.#assembled(client, answer);
    if (!snapshot && answer.after !== undefined && !whole) return undefined;
    if (!snapshot) {
      const message = `what the relay at ${client.place} answers has not the digest that it names`;
      throw new SourceError('digest', message);
    }
    const before = this.#base?.snapshot;
    const taken = before ? numberedAfter(before, snapshot) : snapshot;
    this.#base = { snapshot: taken, revision: answer.revision, tag };
    return taken !== before || this.#forked === undefined;
  }

  /** Undefined where the rows do not add up. */
  async #assembled({ place }: UpstreamClient, answer: Answer): Promise<Snapshot | undefined> {
    this.#refuseOthers(answer, place);
    const { project, environment, revision, commit, digest, entry, entryHash, after } = answer;
    const rows = await inSlices(readRows(answer, place));
    const head = { revision, commit: commit ?? null, digest, entry: entry ?? 0, entryHash: entryHash ?? '' };
    const unread = { linkedHash: null, witnessed: null, end: null };
    const base = after === undefined ? undefined : this.#base?.snapshot;
    const snapshot = await assemble({ project, environment, rows, head: { ...head, ...unread } }, base);
    if (!snapshot || entry !== undefined) return snapshot;
    const { entry: _, entryHash: __, ...withoutEntry } = snapshot;
    return withoutEntry;
  }

  #refuseOthers({ project, environment }: Answer, place: string): void {
    const wanted = this.#options;
    if (environment !== wanted.environment) {
      const message = `the relay at ${place} serves the environment ${environment}, not ${wanted.environment}`;
      throw new SourceError('environment', message);
    }
    if (wanted.project !== undefined && project !== wanted.project) {
      throw new SourceError(
        'project',
        `the relay at ${place} serves the project ${project}, not ${wanted.project}`,
      );
    }
  }
}

/** The one before where nothing changed. A relay over a folder counts its revisions anew at each start; this one goes on from its own. */
function numberedAfter(before: Snapshot, next: Snapshot): Snapshot {
  if (isSame(before, next)) return before;
  if (before.entry !== undefined || next.entry !== undefined || next.project !== before.project) return next;
  if (next.digest === before.digest) return before;
  return { ...next, revision: Math.max(next.revision, before.revision + 1) };
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  const isOfOneRevision = a.revision === b.revision && a.entryHash === b.entryHash && a.commit === b.commit;
  return isOfOneRevision && a.digest === b.digest && a.project === b.project;
}
