// How large a mirror is on the disk, looked at while git writes to it: git itself has no limit for what it fetches.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tooLargeMirror } from './refusal.ts';

const LOOK_EVERY_MS = 100;

/**
 * Runs `work`, whose signal is aborted when the packs in the mirror have more than `maxBytes`. Throws RefusedError then,
 * also where that is found out only at the end.
 */
export async function withinSize<T>(
  {
    folder,
    maxBytes,
    name,
    signal,
  }: { folder: string; maxBytes: number; name: string; signal: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const excess = new AbortController();
  const done = new AbortController();
  const look = async () => {
    if ((await sizeOfPacks(folder)) > maxBytes) excess.abort(tooLargeMirror(name, maxBytes));
  };
  const watch = async () => {
    while (!done.signal.aborted && !excess.signal.aborted) {
      await look();
      await sleep(LOOK_EVERY_MS, undefined, { signal: done.signal }).catch(() => {});
    }
  };
  const watching = watch();
  try {
    const result = await work(signal ? AbortSignal.any([signal, excess.signal]) : excess.signal);
    await look();
    excess.signal.throwIfAborted();
    return result;
  } finally {
    done.abort();
    await watching;
  }
}

/** Removes what fetches that were killed have left unfinished, of any instance, that nobody has written to for so long. */
export async function removeLeftovers(folder: string, idleMs: number): Promise<void> {
  const oldest = Date.now() - idleMs;
  for (const { place, modifiedMs } of await packFiles(folder, /^\.?tmp_/)) {
    if (modifiedMs < oldest) await rm(place, { force: true });
  }
}

/** What git keeps of a fetch, and what it is receiving: fetch.unpackLimit is 1, so nothing is written elsewhere. */
export async function sizeOfPacks(folder: string): Promise<number> {
  const files = await packFiles(folder, /./);
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function packFiles(
  folder: string,
  named: RegExp,
): Promise<{ place: string; sizeBytes: number; modifiedMs: number }[]> {
  const packs = join(folder, 'objects', 'pack');
  const names = (await readdir(packs).catch(() => [])).filter((name) => named.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const place = join(packs, name);
      const file = await stat(place).catch(() => undefined);
      return file ? [{ place, sizeBytes: file.size, modifiedMs: file.mtimeMs }] : [];
    }),
  );
  return found.flat();
}
