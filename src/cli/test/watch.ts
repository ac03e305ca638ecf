// `halyard test --watch`: runs the tests again whenever a definition or a test changes, until it is stopped.
import { setTimeout as sleep } from 'node:timers/promises';
import { type FolderEntry, readFolder } from '../../io/folder.ts';
import { Wake } from '../../io/wake.ts';
import { watchFolder } from '../../io/watch.ts';
import { UsageError } from '../../lib/errors.ts';

/** Watchers miss things, so the folder is looked at again after so long. */
const POLL_MS = 2_000;
/** What is saved at once is read at once. */
const SETTLE_MS = 50;

/**
 * Calls `onChange` with what is in the folder, at once and after each change, and `onFault` with what keeps the folder
 * from being read or its tests from being run. Ends when the signal is aborted.
 */
export async function watchTests(
  path: string,
  onChange: (entries: readonly FolderEntry[]) => Promise<void>,
  onFault: (message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const wake = new Wake();
  await using _watcher = watchFolder(path, () => wake.ring());
  let before: readonly FolderEntry[] | undefined;
  let told: string | undefined;
  const tell = (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    if (told !== error.message) onFault(error.message);
    told = error.message;
  };
  while (!signal.aborted) {
    const started = performance.now();
    const entries = await readFolder(path).catch(tell);
    if (entries && !(before && isSame(before, entries))) {
      told = undefined;
      await onChange(entries).catch(tell);
    }
    before = entries ?? undefined;
    // A huge folder is looked at less often.
    const restMs = Math.max(POLL_MS, 20 * (performance.now() - started));
    if (await wake.heard(restMs, signal)) await sleep(SETTLE_MS);
  }
}

function isSame(a: readonly FolderEntry[], b: readonly FolderEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => isSameEntry(entry, b[index] as FolderEntry));
}

function isSameEntry(a: FolderEntry, b: FolderEntry): boolean {
  if (a.path !== b.path || a.kind !== b.kind) return false;
  if (a.kind === 'file' && b.kind === 'file') return Buffer.compare(a.content, b.content) === 0;
  return a.kind !== 'oversized' || b.kind !== 'oversized' || a.sizeBytes === b.sizeBytes;
}
