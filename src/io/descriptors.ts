// How many files and connections this process may have open.
import { readFile } from 'node:fs/promises';

/** The process's limit of open descriptors; infinite where the system does not tell. */
export async function mostDescriptors(): Promise<number> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, soft] = /^Max open files\s+(\d+)/m.exec(text) ?? [];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}
