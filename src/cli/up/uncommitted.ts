// Tells of edits that are not committed, since only commits are served and nothing would happen.
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkTree } from '../../git/work-tree.ts';
import { printable } from '../../lib/printable.ts';
import { counted, say, styled } from '../terminal.ts';

const LOOK_EVERY_MS = 1_000;
/** A file that is being written in one go with its commit is not worth a line. */
const SETTLE_LOOKS = 2;

/** Looks until the signal is aborted, and names each file once, until it was committed or restored. */
export async function tellUncommitted(workTree: WorkTree, path: string, signal: AbortSignal): Promise<void> {
  const looks = new Map<string, number>();
  while (!signal.aborted) {
    const files = new Set(await workTree.uncommitted(path, signal).catch(() => []));
    for (const file of looks.keys()) if (!files.has(file)) looks.delete(file);
    for (const file of files) looks.set(file, (looks.get(file) ?? 0) + 1);
    const news = [...files].filter((file) => looks.get(file) === SETTLE_LOOKS);
    if (news.length > 0) say(styled('yellow', `not committed, so not served: ${listed(news)}`));
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

function listed(files: string[]): string {
  const shown = files.slice(0, 3).map((file) => printable(file, 100));
  const more = files.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${counted(more, 'other file')}` : shown.join(', ');
}
