// Keeps the last good snapshot of a running relay on disk, with what was seen of the audit chain, and starts from it.
import { join } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { RelayCore } from './core.ts';
import { DiskCache, stemOf } from './disk-cache.ts';
import type { CheckedOptions } from './options.ts';
import { WitnessFile } from './witness-file.ts';

export interface Caching {
  /** Offers what is on disk to the store. Throws a UsageError where the folder cannot be used. */
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
  const { store, counters, log } = core;
  const cache = new DiskCache(folder, environment, project);
  const witnesses = new Witnesses(folder);
  let saving = Promise.resolve();
  const saved = (written: Promise<void>): Promise<void> =>
    written.then(
      () => counters.cacheWrites.add('written'),
      (error: unknown) => {
        counters.cacheWrites.add('failed');
        log.warn({ error, folder }, 'the snapshot could not be written to the cache');
      },
    );
  store.onSwap(({ served: { fromCache, snapshot } }) => {
    if (!fromCache) saving = saved(cache.save(snapshot));
  });
  store.onWitness((witness, snapshot) => {
    const written = saved(witnesses.of(snapshot).save(witness));
    saving = Promise.all([saving, written]).then(() => undefined);
  });
  return {
    load: async () => {
      const { snapshot, damaged } = await cache.load().catch((error: Error) => {
        throw new UsageError(`--cache ${folder} cannot be used: ${error.message}`, { cause: error });
      });
      for (const reason of damaged) log.warn({ reason }, 'a cached snapshot is not served');
      if (!snapshot) return;
      const end = await witnesses.of(snapshot).load();
      const verdict = await store.offer(snapshot, { fromCache: true, ...(end && { end }) });
      if (verdict.type === 'refused')
        log.warn({ reason: verdict.fault.message }, 'a cached snapshot is not served');
    },
    flush: () => saving,
  };
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
