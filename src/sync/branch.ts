// The branch as sync follows it through the mirror: its head, and the commits that it has had.
import type { Mirror } from '../git/mirror.ts';
import { Commits } from './commits.ts';

export class Branch extends Commits {
  readonly #mirror: Mirror;
  #pinned: string | undefined;

  /** @param path where the definitions are; empty for the root */
  constructor(mirror: Mirror, path: string) {
    super((question, signal) => mirror.ask(question, signal), path);
    this.#mirror = mirror;
  }

  fetchHead(signal: AbortSignal): Promise<string> {
    return this.#mirror.fetchHead(signal);
  }

  /** Keeps the last judged commit in the mirror, whatever the branch does later. It keeps those before it. */
  async pin(lastJudged: string, signal: AbortSignal): Promise<void> {
    const before = this.#pinned;
    if (lastJudged === before || !(await this.has(lastJudged, signal))) return;
    const follows = before !== undefined && (await this.holds(before, lastJudged, signal));
    await this.#mirror.pin(lastJudged, follows ? before : undefined, signal);
    this.#pinned = lastJudged;
  }
}
