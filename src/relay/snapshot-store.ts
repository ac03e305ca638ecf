// Holds the one snapshot that is served: compiles a newer one aside, and swaps it in with a single assignment.
import { compileInSteps, type Ruleset } from '../engine/compile.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { Answers } from './answers.ts';
import { RecentCallers } from './recent-callers.ts';
import { inSlices } from './slices.ts';
import type { Fault, Witness } from './source.ts';

/** A snapshot and all that is made from it. A request reads it once, so it never sees two revisions (invariant 7). */
export interface Served {
  readonly snapshot: Snapshot;
  readonly ruleset: Ruleset;
  readonly answers: Answers;
  readonly recentCallers: RecentCallers;
  /** True until a source has confirmed what came from the disk cache. */
  readonly fromCache: boolean;
  readonly compileMs: number;
}

export interface Swap {
  readonly before: Served | undefined;
  readonly served: Served;
  /** The keys of the flags that may answer differently now. */
  readonly flags: readonly string[];
}

export type Verdict =
  /** `rewoundFrom`: it was taken although the chain lacks that entry, since that was asked for. */
  { type: 'served' | 'same'; rewoundFrom?: number } | { type: 'refused'; fault: Fault };

export interface Offer {
  fromCache?: boolean;
  /** It was compiled before, by a relay of this very build: flags may be compiled when they are first asked for. */
  isProven?: boolean;
  /** The hash that the source's chain has for the witness' entry; null where it has no such entry. */
  witnessed?: string | null;
  /** The last entry of the source's chain, or the last one that was seen before a restart. */
  end?: Witness;
  /** It comes from a process that has judged it already, whose follower this one is. */
  judged?: boolean;
}

export interface StoreOptions {
  acceptRewind?: boolean;
  answersOf?: ((snapshot: Snapshot) => Answers) | undefined;
}

export class SnapshotStore {
  #served: Served | undefined;
  #witness: Witness | undefined;
  #acceptRewind: boolean;
  readonly #answersOf: (snapshot: Snapshot) => Answers;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(swap: Swap) => void>();
  readonly #witnessListeners = new Set<(witness: Witness, of: Snapshot) => void>();

  /**
   * @param options.acceptRewind the first snapshot of a source may go back (after a restore of the database)
   * @param options.answersOf makes what keeps the answers of a ruleset
   */
  constructor({ acceptRewind = false, answersOf = () => new Answers() }: StoreOptions = {}) {
    this.#acceptRewind = acceptRewind;
    this.#answersOf = answersOf;
  }

  get served(): Served | undefined {
    return this.#served;
  }

  /** The last audit entry that was seen in the chain of what is served, which may be later than the one that is served. */
  get witness(): Witness | undefined {
    return this.#witness;
  }

  /** Calls the listener whenever the witness is another one, with a snapshot of the project and environment that it is of. */
  onWitness(listener: (witness: Witness, of: Snapshot) => void): void {
    this.#witnessListeners.add(listener);
  }

  /** Takes in that the chain of what is served has grown. */
  saw(end: Witness): void {
    if (this.#served) this.#remember(end, this.#served.snapshot);
  }

  /** Calls the listener after each swap, until the returned function is called. */
  onSwap(listener: (swap: Swap) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes a snapshot if it is newer than the served one and compiles. Offers are dealt with one after the other.
   * What is refused changes nothing, and the fault says why.
   */
  offer(snapshot: Snapshot, offer: Offer = {}): Promise<Verdict> {
    const verdict = this.#turn.then(() => this.#judge(snapshot, offer));
    this.#turn = verdict.catch(() => undefined);
    return verdict;
  }

  async #judge(snapshot: Snapshot, offer: Offer): Promise<Verdict> {
    const before = this.#served;
    const isToBeJudged = before !== undefined && !offer.judged;
    const fault = isToBeJudged ? goesBack(before.snapshot, snapshot, this.#witness, offer) : undefined;
    if (fault && (!this.#acceptRewind || fault.code === 'other-project')) return { type: 'refused', fault };
    const seen = this.#witness?.entry ?? before?.snapshot.entry;
    const back = fault && seen !== undefined ? { rewoundFrom: seen } : {};
    if (before && isSame(before.snapshot, snapshot)) {
      this.#served = { ...before, fromCache: false };
      this.#taken(snapshot, offer);
      return { type: 'same', ...back };
    }
    const started = performance.now();
    let ruleset: Ruleset;
    try {
      const proven = before?.ruleset ?? (offer.isProven ? 'all' : 'nothing');
      ruleset = await inSlices(compileInSteps(snapshot, { proven }));
    } catch (error) {
      return { type: 'refused', fault: { code: 'does-not-compile', message: (error as Error).message } };
    }
    const compileMs = performance.now() - started;
    this.#taken(snapshot, offer);
    this.#swap({
      snapshot,
      ruleset,
      compileMs,
      answers: this.#answersOf(snapshot),
      recentCallers: new RecentCallers(ruleset),
      fromCache: offer.fromCache ?? false,
    });
    return { type: 'served', ...back };
  }

  /** From now on the source's chain must go on from here: also where it is an older one, which was accepted once. */
  #taken(snapshot: Snapshot, { fromCache = false, end }: Offer): void {
    if (!fromCache) this.#acceptRewind = false;
    const { entry, entryHash } = snapshot;
    const own = entry !== undefined && entryHash !== undefined ? { entry, hash: entryHash } : undefined;
    const witness = end && end.entry >= (own?.entry ?? 0) ? end : own;
    if (witness) this.#remember(witness, snapshot);
  }

  #remember(witness: Witness, of: Snapshot): void {
    if (witness.entry === this.#witness?.entry && witness.hash === this.#witness.hash) return;
    this.#witness = witness;
    for (const listener of this.#witnessListeners) listener(witness, of);
  }

  #swap(served: Served): void {
    const before = this.#served;
    this.#served = served;
    const swap = { before, served, flags: served.ruleset.changed };
    for (const listener of this.#listeners) listener(swap);
  }
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  return (
    a.revision === b.revision && a.digest === b.digest && a.entryHash === b.entryHash && a.commit === b.commit
  );
}

/** Why `next` may not follow `served`: it is of another environment, older, or of a chain that lacks what was seen. */
function goesBack(
  served: Snapshot,
  next: Snapshot,
  witness: Witness | undefined,
  { witnessed, end }: Offer,
): Fault | undefined {
  if (next.project !== served.project || next.environment !== served.environment) {
    const [was, is] = [served, next].map(({ project, environment }) => `${project} ${environment}`);
    const hint = 'If that is meant, restart the relay with an empty folder for its cache';
    return { code: 'other-project', message: `${was} is served, and the source now holds ${is}. ${hint}` };
  }
  if (witness && witnessed !== undefined && witnessed !== witness.hash)
    return rewound(witness.entry, end?.entry);
  if (served.entry !== undefined && next.entry !== undefined) {
    const isOther = next.entry === served.entry && next.entryHash !== served.entryHash;
    if (next.entry < served.entry || isOther) return rewound(served.entry, end?.entry ?? next.entry);
  }
  if (next.revision < served.revision) {
    const message = `revision ${next.revision} is older than revision ${served.revision}, which is served`;
    return { code: 'older', message };
  }
  return undefined;
}

function rewound(seen: number, last: number | undefined): Fault {
  const what =
    last !== undefined && last >= seen
      ? `the database's audit chain is another one: entry ${seen}, which this relay has seen, was replaced`
      : `the database went back: audit entry ${seen}, which this relay has seen, is gone from its chain`;
  const now = last === undefined ? '' : ` (its last entry is ${last})`;
  return {
    code: 'rewound',
    message: `${what}${now}. If it was restored on purpose, restart the relay with --accept-rewind`,
  };
}
