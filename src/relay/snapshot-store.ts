// Holds the one snapshot that is served: compiles a newer one aside, and swaps it in with a single assignment.
import { compileInSteps, type Ruleset } from '../engine/compile.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { Answers } from './answers.ts';
import { changedFlags } from './changed-flags.ts';
import { inSlices } from './slices.ts';
import type { Fault, Witness } from './source.ts';

/** A snapshot and all that is made from it. A request reads it once, so it never sees two revisions (invariant 7). */
export interface Served {
  readonly snapshot: Snapshot;
  readonly ruleset: Ruleset;
  readonly answers: Answers;
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

export type Verdict = { type: 'served' } | { type: 'same' } | { type: 'refused'; fault: Fault };

export interface Offer {
  fromCache?: boolean;
  /** The hash that the source's chain has for the witness' entry; null where it has no such entry. */
  witnessed?: string | null;
}

export class SnapshotStore {
  #served: Served | undefined;
  #acceptRewind: boolean;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(swap: Swap) => void>();

  /** @param acceptRewind the first snapshot of a source may go back (after a restore of the database) */
  constructor({ acceptRewind = false } = {}) {
    this.#acceptRewind = acceptRewind;
  }

  get served(): Served | undefined {
    return this.#served;
  }

  /** The last audit entry that was served, with its hash. */
  get witness(): Witness | undefined {
    const { entry, entryHash } = this.#served?.snapshot ?? {};
    return entry === undefined || entryHash === undefined ? undefined : { entry, hash: entryHash };
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
    if (before) {
      const fault =
        this.#acceptRewind && !offer.fromCache ? undefined : goesBack(before.snapshot, snapshot, offer);
      if (fault) return { type: 'refused', fault };
      if (isSame(before.snapshot, snapshot)) {
        if (!offer.fromCache) this.#acceptRewind = false;
        this.#served = { ...before, fromCache: false };
        return { type: 'same' };
      }
    }
    const started = performance.now();
    let ruleset: Ruleset;
    try {
      ruleset = await inSlices(compileInSteps(snapshot));
    } catch (error) {
      return { type: 'refused', fault: { code: 'does-not-compile', message: (error as Error).message } };
    }
    const compileMs = performance.now() - started;
    if (!offer.fromCache) this.#acceptRewind = false;
    this.#swap({ snapshot, ruleset, compileMs, answers: new Answers(), fromCache: offer.fromCache ?? false });
    return { type: 'served' };
  }

  #swap(served: Served): void {
    const before = this.#served;
    this.#served = served;
    const swap = { before, served, flags: changedFlags(before?.snapshot, served.snapshot) };
    for (const listener of this.#listeners) listener(swap);
  }
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  return (
    a.revision === b.revision && a.digest === b.digest && a.entryHash === b.entryHash && a.commit === b.commit
  );
}

/** Why `next` may not follow `served`: it is of another environment, older, or of a chain that lacks what was served. */
function goesBack(served: Snapshot, next: Snapshot, { witnessed }: Offer): Fault | undefined {
  if (next.project !== served.project || next.environment !== served.environment) {
    const [was, is] = [served, next].map(({ project, environment }) => `${project} ${environment}`);
    return { code: 'other-project', message: `${was} is served, and the source now holds ${is}` };
  }
  if (served.entry !== undefined && next.entry !== undefined) {
    const known = next.entry === served.entry ? next.entryHash : witnessed;
    const lost = next.entry < served.entry || (known !== undefined && known !== served.entryHash);
    if (lost) return rewound(served.entry, next.entry);
  }
  if (next.revision < served.revision) {
    const message = `revision ${next.revision} is older than revision ${served.revision}, which is served`;
    return { code: 'older', message };
  }
  return undefined;
}

function rewound(servedEntry: number, sourceEntry: number): Fault {
  return {
    code: 'rewound',
    message:
      `the database went back: audit entry ${servedEntry}, which is served, is no longer in its chain (it offers ` +
      `entry ${sourceEntry}). If it was restored on purpose, restart the relay with --accept-rewind`,
  };
}
