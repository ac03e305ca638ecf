// Keeps the last good snapshot of a running relay on disk, and starts from it.
import { UsageError } from '../lib/errors.ts';
import type { RelayCore } from './core.ts';
import { DiskCache } from './disk-cache.ts';
import type { CheckedOptions } from './options.ts';

export interface Caching {
  /** Offers what is on disk to the store. Throws a UsageError where the folder cannot be used. */
  load(): Promise<void>;
  /** Resolves when what was swapped in is written, or could not be. */
  flush(): Promise<void>;
}

/** From now on every snapshot that a source gives is written to the folder of `--cache`. */
export function keepOnDisk(
  { store, counters, log }: RelayCore,
  { cache: folder, environment, project }: CheckedOptions,
) {
  if (folder === undefined) return undefined;
  const cache = new DiskCache(folder, environment, project);
  let saving = Promise.resolve();
  store.onSwap(({ served }) => {
    if (served.fromCache) return;
    saving = cache.save(served.snapshot).then(
      () => counters.cacheWrites.add('written'),
      (error: unknown) => {
        counters.cacheWrites.add('failed');
        log.warn({ error, folder }, 'the snapshot could not be written to the cache');
      },
    );
  });
  return {
    load: async () => {
      const { snapshot, damaged } = await cache.load().catch((error: Error) => {
        throw new UsageError(`--cache ${folder} cannot be used: ${error.message}`, { cause: error });
      });
      for (const reason of damaged) log.warn({ reason }, 'a cached snapshot is not served');
      const verdict = snapshot && (await store.offer(snapshot, { fromCache: true }));
      if (verdict?.type === 'refused')
        log.warn({ reason: verdict.fault.message }, 'a cached snapshot is not served');
    },
    flush: () => saving,
  };
}
