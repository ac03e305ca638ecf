// Many relays in a few processes, and when each of them served what.
import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import type { Orders, Told } from './propagation-relays.ts';

const DEADLINE_MS = 60_000;

export class Fleet implements AsyncDisposable {
  readonly #children: ChildProcess[] = [];
  /** By process and relay: when it first gave an answer of a revision. */
  readonly #served = new Map<string, Map<number, number>>();
  readonly urls: string[] = [];
  #heard: () => void = () => undefined;

  /** Starts as many relays as there are sources, dealt out to so many processes, and waits until all are ready. */
  static async start(sources: readonly string[], processes: number): Promise<Fleet> {
    const fleet = new Fleet();
    const shares = Array.from({ length: processes }, (_, at) =>
      sources.filter((_, n) => n % processes === at),
    );
    await Promise.all(shares.filter((share) => share.length > 0).map((share, at) => fleet.#fork(share, at)));
    return fleet;
  }

  /** When each relay served this revision or a later one, in epoch milliseconds. Rejects where one does not in a minute. */
  async servedAtMs(revision: number): Promise<number[]> {
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      const moments = [...this.#served.values()].flatMap((byRevision) => {
        const later = [...byRevision].filter(([served]) => served >= revision);
        return later.length === 0 ? [] : [Math.min(...later.map(([, atMs]) => atMs))];
      });
      if (moments.length === this.urls.length) return moments;
      if (performance.now() > end)
        throw new Error(`${moments.length} of ${this.urls.length} relays serve ${revision}`);
      await this.#news();
    }
  }

  /** What all processes have spent of the CPU so far: the relays, and the apps that ask them. */
  async cpuMs(): Promise<number> {
    const spent = this.#children.map(async (child) => {
      child.send('cpu');
      for await (const [told] of on(child, 'message') as AsyncIterable<[Told]>) {
        if (told.type === 'cpu') return told.ms;
      }
      return Number.NaN;
    });
    return (await Promise.all(spent)).reduce((sum, ms) => sum + ms, 0);
  }

  /** How many revisions later than this one each relay served. */
  servedAfter(revision: number): number[] {
    return Array.from(this.#served.values(), (byRevision) => {
      return [...byRevision.keys()].filter((served) => served > revision).length;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.disconnect();
    await Promise.all(this.#children.map((child) => child.exitCode ?? once(child, 'exit')));
  }

  async #fork(sources: readonly string[], process: number): Promise<void> {
    const child = fork(join(import.meta.dirname, 'propagation-relays.ts'), {
      execArgv: ['--max-old-space-size=8192'],
    });
    this.#children.push(child);
    child.send({ sources, environment: 'prod' } satisfies Orders);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`a process of relays ended with ${code}`)));
      child.on('message', (told: Told) => {
        if (told.type === 'ready') {
          this.urls.push(...told.urls);
          for (const relay of told.urls.keys()) this.#served.set(`${process} ${relay}`, new Map());
          resolve();
        } else if (told.type === 'served') {
          const byRevision = this.#served.get(`${process} ${told.relay}`);
          if (byRevision && !byRevision.has(told.revision)) byRevision.set(told.revision, told.atMs);
          this.#heard();
        }
      });
    });
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      this.#heard = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
