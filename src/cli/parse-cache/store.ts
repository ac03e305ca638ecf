// The cache's files: whole or not there, checked before they are believed, and not too many.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptFile } from '../../definitions/kept.ts';

export interface CachePlace {
  folder: string;
  /** Names the file; a word of letters and digits. */
  name: string;
  /** What wrote it: entries of another are not believed. */
  identity: string;
}

/** All files of the folder together; the oldest give way. */
const MOST_BYTES = 256 * 1024 * 1024;

type StoredEntry = [hash: string, entry: Omit<KeptFile, 'offsets'> & { offsets: number[] }];

/** What was kept, by hash. Empty where nothing was, or where what is there is broken or of another program. */
export async function readEntries({ folder, name, identity }: CachePlace): Promise<Map<string, KeptFile>> {
  try {
    const text = await readFile(join(folder, name), 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== seal(identity, body)) return new Map();
    const entries = JSON.parse(body) as StoredEntry[];
    return new Map(
      entries.map(([hash, entry]) => [hash, { ...entry, offsets: Uint32Array.from(entry.offsets) }]),
    );
  } catch {
    return new Map();
  }
}

/** Replaces the file at once; whoever reads meanwhile reads the old one or the new one. Not being able to is no fault. */
export async function writeEntries(place: CachePlace, kept: ReadonlyMap<string, KeptFile>): Promise<void> {
  const entries = Array.from(kept, ([hash, entry]): StoredEntry => {
    return [hash, { ...entry, offsets: [...entry.offsets] }];
  });
  const body = JSON.stringify(entries);
  const temporary = join(place.folder, `${place.name}.${randomUUID()}`);
  try {
    await writeFile(temporary, `${seal(place.identity, body)}\n${body}`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, join(place.folder, place.name));
    await removeOldest(place.folder);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function seal(identity: string, body: string): string {
  return createHash('sha256').update(`${identity}\n`).update(body).digest('hex');
}

/** What a killed process left half-written goes the same way. */
async function removeOldest(folder: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const { mtimeMs, size } = await stat(path);
      return { path, mtimeMs, size };
    }),
  );
  let total = 0;
  for (const { path, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    total += size;
    if (total > MOST_BYTES) await rm(path, { force: true });
  }
}
