// What is said of a history that was rewritten: its entries, and whether sync may go on.
import type { ProjectSource } from '../audit/store.ts';
import type { Pool } from '../db/pool.ts';
import { type Applied, readApplied } from './applied.ts';
import { applyEntry } from './apply.ts';
import type { Branch } from './branch.ts';
import type { SyncEvent } from './event.ts';
import { historyContent } from './history.ts';

export interface DivergenceOptions {
  pool: Pool;
  branch: Branch;
  /** As the database keeps it: the repository's name without secrets, the path (empty: the root) and the branch. */
  source: ProjectSource;
  /** Accept a rewritten history, in this actor's name, where there is nobody to ask. */
  acceptHistoryAs?: string;
  onEvent: (event: SyncEvent) => void;
  /** The clock, in epoch milliseconds; it dates entries about history alone. */
  now: () => number;
}

export class Divergence {
  readonly #options: DivergenceOptions;
  /** The commit that was last told to be accepted. */
  #told: string | undefined;

  constructor(options: DivergenceOptions) {
    this.#options = options;
  }

  /** The branch holds what was judged, so that the next divergence is told again. */
  isOver(): void {
    this.#told = undefined;
  }

  /** Writes what is to be said of a head that does not hold what was judged last. Sync may go on where someone accepts it. */
  async settle(
    applied: Applied,
    head: string,
    signal: AbortSignal,
  ): Promise<{ applied: Applied; isAccepted: boolean }> {
    const { acceptHistoryAs, branch, onEvent } = this.#options;
    const { project, lastJudgedCommit: base = '', history } = applied.head;
    if (acceptHistoryAs === undefined) await branch.assertWholeHistory(base, signal);
    let known = applied;
    if (history?.action !== 'history.diverged') {
      const written = await this.#write(known, 'history.diverged', head, 'halyard sync');
      known = written.applied;
      onEvent({ type: 'diverged', project, entry: written.entry, commit: head, base });
      this.#told = head;
    } else if (acceptHistoryAs === undefined) {
      // The entry's commit may have been rewritten since; then it is the present head that can be accepted.
      const commit = (await branch.holds(history.commit, head, signal)) ? history.commit : head;
      if (this.#told !== commit) onEvent({ type: 'diverged', project, entry: history.entry, commit, base });
      this.#told = commit;
    }
    if (acceptHistoryAs === undefined) return { applied: known, isAccepted: false };
    const written = await this.#write(known, 'history.accepted', head, acceptHistoryAs);
    onEvent({ type: 'accepted', project, entry: written.entry, commit: head });
    return { applied: written.applied, isAccepted: true };
  }

  async #write(
    { head }: Applied,
    action: 'history.diverged' | 'history.accepted',
    commit: string,
    actor: string,
  ): Promise<{ entry: number; applied: Applied }> {
    const { pool, source, now } = this.#options;
    const content = historyContent(head, action, commit, { actor, at: new Date(now()).toISOString() });
    const { entry } = await applyEntry(pool, source, head.lastEntry, content);
    const applied = await readApplied(pool, head.project);
    if (!applied) throw new Error(`the project ${head.project} is gone`);
    return { entry, applied };
  }
}
