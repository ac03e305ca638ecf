// What waits to be written to the spool, in groups: who comes while one is being written is in the next one.

import type { EventKind } from './backlog.ts';

/** From this on it takes nothing more in. The call that fills it may make it longer, by as much as its events take up. */
const GROUP_BYTES = 512 * 1024;

export interface Group {
  texts: string[];
  bytes: number;
  count: number;
  /** How many of them are exposures. */
  exposures: number;
  /** When the first of it came. */
  atMs: number;
  /** It is being written, and takes nothing in any more. */
  isClosed: boolean;
  /** Resolves with whether it is on the disk. */
  kept: PromiseWithResolvers<boolean>;
}

export class Groups {
  /** The oldest first. */
  readonly #groups: Group[] = [];
  bytes = 0;

  get first(): Group | undefined {
    return this.#groups[0];
  }

  get last(): Group | undefined {
    return this.#groups.at(-1);
  }

  add(kind: EventKind, text: string, bytes: number, count: number, nowMs: number): void {
    const group = this.#open(nowMs);
    group.texts.push(text);
    group.bytes += bytes;
    group.count += count;
    if (kind === 'exposure') group.exposures += count;
    this.bytes += bytes;
  }

  /** The first group is on the disk. */
  written(): void {
    const group = this.#groups.shift();
    this.bytes -= group?.bytes ?? 0;
    group?.kept.resolve(true);
  }

  /** Gives all up. Returns how many events they had. */
  lose(): number {
    const lost = this.#groups.splice(0);
    this.bytes = 0;
    for (const { kept } of lost) kept.resolve(false);
    return lost.reduce((sum, { count }) => sum + count, 0);
  }

  #open(nowMs: number): Group {
    const { last } = this;
    if (last && !last.isClosed && last.bytes < GROUP_BYTES) return last;
    const kept = Promise.withResolvers<boolean>();
    const group = { texts: [], bytes: 0, count: 0, exposures: 0, atMs: nowMs, isClosed: false, kept };
    this.#groups.push(group);
    return group;
  }
}
