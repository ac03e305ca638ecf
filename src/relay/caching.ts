// Keeps the last good snapshot of a running relay on disk, with what was seen of the audit chain, and starts from it.
import { join } from 'node:path';
import { backoffMs } from '../lib/backoff.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { RelayCore } from './core.ts';
import { DiskCache, stemOf } from './disk-cache.ts';
import type { CheckedOptions } from './options.ts';
import { WitnessFile } from './witness-file.ts';

/** A disk that is full or away is tried again at growing intervals, up to this. */
const LONGEST_PAUSE_MS = 30_000;
/** A snapshot of ten thousand flags is megabytes, and changes may come in a row. */
const REST_MS = 1_000;

/** The files, as the log names them. */
const FILES = { snapshot: 'the snapshot', witness: 'what was seen of the audit chain' };
type File = keyof typeof FILES;

export interface Caching {
  /** Offers what is on disk to the store. Where the folder cannot be used, the log says so, and the relay goes on without. */
  load(): Promise<void>;
  /** Resolves when what was swapped in is written, or could not be. */
  flush(): Promise<void>;
}

/** From now on every snapshot that a source gives is written to the folder of `--cache`. */
export function keepOnDisk(
  core: RelayCore,
  { cache: folder, environment, project }: CheckedOptions,
): Caching | undefined {
  if (folder === undefined) return undefined;
  return new Keeper(core, folder, new DiskCache(folder, environment, project, REST_MS));
}

class Keeper implements Caching {
  readonly #core: RelayCore;
  readonly #folder: string;
  readonly #cache: DiskCache;
  readonly #witnesses: Witnesses;
  /** Those under way, and those that wait. */
  readonly #writes = new Set<Promise<void>>();
  /** Why a file is not as it should be, of each that is not. */
  readonly #faults = new Map<File, string>();
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(core: RelayCore, folder: string, cache: DiskCache) {
    this.#core = core;
    this.#folder = folder;
    this.#cache = cache;
    this.#witnesses = new Witnesses(folder);
    core.store.onSwap(({ served: { snapshot, fromCache } }) => {
      if (!fromCache) this.#follow('snapshot', cache.save(snapshot));
    });
    core.store.onWitness((witness, of) => this.#follow('witness', this.#witnesses.of(of).save(witness)));
  }

  async load(): Promise<void> {
    const { snapshot, damaged } = await this.#cache.load();
    const refused = snapshot && (await this.#offer(snapshot));
    if (refused !== undefined) {
      damaged.push(refused);
      // What a relay of another version has written may not compile here, and the one before it may.
      const before = await this.#cache.loadPrevious(damaged);
      const refusedToo = before && (await this.#offer(before));
      if (refusedToo !== undefined) damaged.push(refusedToo);
    }
    for (const reason of damaged) this.#core.log.warn({ reason }, 'a cached snapshot is not served');
  }

  async flush(): Promise<void> {
    this.#cache.hurry();
    clearTimeout(this.#retry);
    await Promise.allSettled(this.#writes);
    clearTimeout(this.#retry);
  }

  /** Why the snapshot was refused; undefined where it is served now. */
  async #offer(snapshot: Snapshot): Promise<string | undefined> {
    const end = await this.#witnesses.of(snapshot).load();
    const verdict = await this.#core.store.offer(snapshot, {
      fromCache: true,
      isProven: this.#cache.isProven(snapshot),
      ...(end && { end }),
    });
    return verdict.type === 'refused' ? verdict.fault.message : undefined;
  }

  /** Takes in what becomes of a write; undefined: there was no need of one. */
  #follow(file: File, write: Promise<void> | undefined): void {
    if (write === undefined) this.#isWell(file);
    // One that waits is followed already.
    else if (!this.#writes.has(write)) {
      this.#writes.add(write);
      const followed = write.then(
        () => this.#wrote(file),
        (error: Error) => this.#failed(file, error),
      );
      void followed.finally(() => this.#writes.delete(write));
    }
  }

  #wrote(file: File): void {
    const { counters, now } = this.#core;
    counters.cacheWrites.add('written');
    counters.cacheWrittenAtMs = now();
    this.#isWell(file);
  }

  #isWell(file: File): void {
    if (!this.#faults.delete(file) || this.#faults.size > 0) return;
    this.#failures = 0;
    this.#core.log.info({ folder: this.#folder }, 'the cache is well again');
    this.#core.health.cacheIs(undefined);
  }

  #failed(file: File, error: Error): void {
    const { counters, log, health } = this.#core;
    counters.cacheWrites.add('failed');
    // The message names the draft, which is another one each time.
    const reason = (error as NodeJS.ErrnoException).code ?? error.message;
    if (reason !== this.#faults.get(file))
      log.warn({ error, folder: this.#folder }, `${FILES[file]} could not be written to the cache`);
    this.#faults.set(file, reason);
    health.cacheIs({ code: 'cache', message: `${this.#folder} cannot be written: ${reason}` });
    this.#retry ??= setTimeout(
      () => this.#tryAgain(),
      backoffMs(++this.#failures, Math.random(), { capMs: LONGEST_PAUSE_MS }),
    ).unref();
  }

  #tryAgain(): void {
    this.#retry = undefined;
    const { served, witness } = this.#core.store;
    if (!served) return;
    if (this.#faults.has('snapshot')) this.#follow('snapshot', this.#cache.save(served.snapshot));
    if (this.#faults.has('witness') && witness)
      this.#follow('witness', this.#witnesses.of(served.snapshot).save(witness));
  }
}

/** The files of witnesses, by the environment that is served; a relay has one, which it may learn only later. */
class Witnesses {
  readonly #folder: string;
  readonly #byStem = new Map<string, WitnessFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  of({ project, environment }: Snapshot): WitnessFile {
    const stem = stemOf(project, environment);
    const known = this.#byStem.get(stem);
    if (known) return known;
    const file = new WitnessFile(join(this.#folder, `${stem}.witness`));
    this.#byStem.set(stem, file);
    return file;
  }
}
