// Loads definitions as `loadDefinitions` does, without parsing again what was parsed in an earlier run of this program.
import { createHash } from 'node:crypto';
import { type KeptFile, keep, restore } from '../../definitions/kept.ts';
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import type { ReadFile } from '../../definitions/read-file.ts';
import type { SourceFile } from '../../definitions/source-file.ts';
import { cacheFolderFor } from './folder.ts';
import { readEntries, writeEntries } from './store.ts';
import { toolIdentity } from './tool-identity.ts';

/** Fewer files are parsed in less time than a cache takes. */
const WORTHWHILE_FILES = 200;
/** The cache is written again when it has got so many files behind. */
const MOST_MISSES = 50;

type ContentFile = Extract<SourceFile, { kind: 'file' }>;

/**
 * The same as `loadDefinitions(files)`. Where a cache cannot be had, is broken, or is not the user's own, it does without.
 * @param path the folder of the definitions; what lies in its repository is never taken for a cache
 */
export async function loadThroughCache(
  files: readonly SourceFile[],
  path: string,
  environment: NodeJS.ProcessEnv,
): Promise<Loaded> {
  const read = files.filter((file) => file.kind === 'file' && file.path.endsWith('.yaml')) as ContentFile[];
  const folder = read.length < WORTHWHILE_FILES ? undefined : await cacheFolderFor(path, environment);
  const identity = folder === undefined ? undefined : await toolIdentity();
  if (folder === undefined || identity === undefined) return loadDefinitions(files);
  const place = { folder, name: cacheName(read), identity };
  const entries = await readEntries(place);
  const hashes = new Map(read.map((file) => [file.path, hashOf(file)]));
  const loaded = loadDefinitions(files, { files: restored(read, hashes, entries) });
  const kept = keptOf(loaded, hashes);
  const misses = [...kept.keys()].filter((hash) => !entries.has(hash)).length;
  if (misses > MOST_MISSES) await writeEntries(place, kept);
  return loaded;
}

/** One cache for a project, wherever it is checked out. The name only says where to look: entries are found by their content. */
function cacheName(files: readonly ContentFile[]): string {
  const project = files.find(({ path }) => path === 'project.yaml');
  const [, name = ''] = /^project:(.*)$/m.exec(new TextDecoder().decode(project?.content)) ?? [];
  return createHash('sha256').update(name.trim()).digest('hex').slice(0, 32);
}

/** Findings depend on the file's name too. */
function hashOf({ path, content }: ContentFile): string {
  return createHash('sha256').update(`${path.toWellFormed()}\0`).update(content).digest('base64');
}

function restored(
  files: readonly ContentFile[],
  hashes: ReadonlyMap<string, string>,
  entries: ReadonlyMap<string, KeptFile>,
): ReadonlyMap<string, ReadFile> {
  const known = new Map<string, ReadFile>();
  for (const { path, content } of files) {
    const entry = entries.get(hashes.get(path) ?? '');
    if (entry) known.set(path, restore(path, content, entry));
  }
  return known;
}

function keptOf({ files }: Loaded, hashes: ReadonlyMap<string, string>): Map<string, KeptFile> {
  const kept = new Map<string, KeptFile>();
  for (const file of files.values()) {
    const entry = keep(file);
    const hash = hashes.get(file.path);
    if (entry && hash !== undefined) kept.set(hash, entry);
  }
  return kept;
}
