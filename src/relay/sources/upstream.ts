// The source of a fleet: another relay, so that ten thousand sidecars need a handful of database connections.
import { Wake } from '../../io/wake.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { inSlices } from '../slices.ts';
import { type Emit, type Fault, nextLook, type Source, SourceError, type Witness } from '../source.ts';
import { assemble } from './postgres-assembly.ts';
import { type Answer, freshnessOf, readRows, staleFault, type Told, witnessedBy } from './upstream-answer.ts';
import { type Reply, UpstreamClient } from './upstream-client.ts';

/** Finds what the stream missed (invariant 9), and shows within three seconds a relay that is dead. */
const POLL_MS = 1_000;
/** Of several relays behind one address, one may be behind for so long before that means that the database went back. */
const LAG_MS = 3_000;

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

export class UpstreamSource implements Source {
  readonly kind = 'upstream';
  readonly #options: UpstreamOptions;
  readonly #wake = new Wake();
  #client: UpstreamClient | undefined;
  #base: Base | undefined;
  /** Whether the chain lacked the witness when a snapshot was last emitted; undefined = none was. */
  #forked: boolean | undefined;
  #behindSinceMs: number | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    const { known } = options;
    this.#base = known && { snapshot: known, revision: known.revision };
  }

  wake(): void {
    this.#wake.ring();
  }

  async linkedHash(entry: number): Promise<string | null | undefined> {
    // Any tag will do: only the headers are wanted.
    const asked = this.#client?.ask({ witness: entry, tag: '*' }, AbortSignal.timeout(2_000));
    const reply = await asked?.catch(() => undefined);
    return reply?.type === 'same' ? reply.witnessed : undefined;
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
        await this.#look(client, emit, signal);
        await nextLook(this.#wake, pollMs, signal);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      over.abort();
      await listening;
    }
  }

  async #look(client: UpstreamClient, emit: Emit, signal: AbortSignal): Promise<void> {
    const witness = this.#options.witness();
    const base = this.#base;
    const question = { after: base?.revision, tag: base?.tag, witness: witness?.entry };
    const reply = await client.ask(question, signal);
    if (reply.type === 'not-ready') {
      const message = `the relay at ${client.place} has no snapshot yet`;
      return emit({ type: 'fault', fault: { code: 'not-ready', message } });
    }
    if (reply.type === 'same' && base?.tag === undefined) {
      throw new SourceError(
        'answer',
        `the relay at ${client.place} answers that nothing changed, of what nobody named`,
      );
    }
    const witnessed = witnessedBy(reply, witness);
    const lag = this.#lagOf(client, reply, witness);
    if (lag) return emit({ type: 'fault', fault: lag });
    const isNew = reply.type === 'changed' && (await this.#take(client, reply, signal));
    const forked = witness !== undefined && witnessed !== undefined && witnessed !== witness.hash;
    const told = { freshness: freshnessOf(reply, client.place), ...(reply.end && { end: reply.end }) };
    if (this.#base && (isNew || forked !== this.#forked)) {
      const { snapshot } = this.#base;
      await emit({ type: 'snapshot', snapshot, ...(witnessed !== undefined && { witnessed }), ...told });
      this.#forked = forked;
    } else {
      await emit({ type: 'current', freshness: told.freshness, ...(!forked && told) });
    }
  }

  /** Why nothing is to be taken from a relay that has seen less of the chain than this one. */
  #lagOf(client: UpstreamClient, { end, stale }: Told, witness: Witness | undefined): Fault | undefined {
    if (!witness || !end || end.entry >= witness.entry) {
      this.#behindSinceMs = undefined;
      return undefined;
    }
    if (stale !== undefined) return staleFault(client.place, stale);
    // At the start nothing tells a lag from a database that went back; later, time does.
    if (this.#forked === undefined) return undefined;
    this.#behindSinceMs ??= performance.now();
    if (performance.now() - this.#behindSinceMs > LAG_MS) return undefined;
    const message = `the relay at ${client.place} is behind: it has seen less of the audit chain than this relay`;
    return { code: 'behind', message };
  }

  /** Makes the answer the base. False where it is what the base was already. Throws SourceError. */
  async #take(
    client: UpstreamClient,
    reply: Reply & { type: 'changed' },
    signal: AbortSignal,
  ): Promise<boolean> {
    let { answer, tag } = reply;
    let snapshot = await this.#assembled(client, answer);
    if (!snapshot && answer.after !== undefined) {
      const whole = await client.ask({}, signal);
      if (whole.type !== 'changed')
        throw new SourceError('answer', `the relay at ${client.place} has lost its snapshot`);
      ({ answer, tag } = whole);
      snapshot = await this.#assembled(client, answer);
    }
    if (!snapshot) {
      throw new SourceError(
        'digest',
        `what the relay at ${client.place} answers has not the digest that it names`,
      );
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
