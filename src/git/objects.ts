// Reads many git objects through one `cat-file`.
import { CatFile, type Mode, type Readers } from './cat-file.ts';
import { GitError } from './command.ts';
import type { GitEnvironment } from './environment.ts';

export interface GitObject {
  oid: string;
  type: string;
  content: Buffer;
}

export interface ObjectStore {
  folder: string;
  environment: GitEnvironment;
  signal?: AbortSignal | undefined;
  /** Answer for the store, one question after the other; absent where each question starts a git of its own. */
  readers?: Readers;
  /** Fetches those of some trees' blobs that a partial mirror lacks; absent where the store has everything. */
  fetchMissing?: (trees: readonly string[], blobs: readonly string[]) => Promise<void>;
}

/** The objects that the names stand for, in their order; undefined for one that is not there. Names hold no line break. */
export async function readObjects(
  store: ObjectStore,
  names: readonly string[],
): Promise<(GitObject | undefined)[]> {
  if (names.length === 0) return [];
  return objectsIn(await catFile(store, '--batch', names), names.length);
}

/** As `readObjects`; undefined where they come to more than so many bytes, of which no more are read. */
export async function readObjectsWithin(
  store: ObjectStore,
  names: readonly string[],
  maxBytes: number,
): Promise<(GitObject | undefined)[] | undefined> {
  if (names.length === 0) return [];
  const output = await catFile(store, '--batch', names, maxBytes);
  return output.length > maxBytes ? undefined : objectsIn(output, names.length);
}

function objectsIn(output: Buffer, count: number): (GitObject | undefined)[] {
  const objects: (GitObject | undefined)[] = [];
  let at = 0;
  while (objects.length < count) {
    const lineEnd = output.indexOf(10, at);
    if (lineEnd < 0) throw new GitError('failed', 'git cat-file ended early.', 0);
    const header = parseHeader(output.toString('utf8', at, lineEnd));
    at = lineEnd + 1;
    objects.push(
      header && { oid: header.oid, type: header.type, content: output.subarray(at, at + header.size) },
    );
    if (header) at += header.size + 1;
  }
  return objects;
}

const BATCH_BYTES = 32 * 1024 * 1024;

/** The objects of these sizes by their names, one after the other, never many more bytes than 32 MB at once. */
export async function* readInBatches(
  store: ObjectStore,
  sizes: ReadonlyMap<string, number>,
): AsyncGenerator<[name: string, GitObject | undefined]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const [name, sizeBytes] of sizes) {
    batch.push(name);
    bytes += sizeBytes;
    if (bytes < BATCH_BYTES) continue;
    yield* await readNamed(store, batch);
    batch = [];
    bytes = 0;
  }
  yield* await readNamed(store, batch);
}

async function readNamed(
  store: ObjectStore,
  names: readonly string[],
): Promise<[string, GitObject | undefined][]> {
  const objects = await readObjects(store, names);
  return names.map((name, index) => [name, objects[index]]);
}

/** The first bytes of a large object's content. */
export async function readBeginning(store: ObjectStore, oid: string, maxBytes: number): Promise<Buffer> {
  const output = await catFile(store, '--batch', [oid], maxBytes + 200);
  const start = output.indexOf(10) + 1;
  return output.subarray(start, start + maxBytes);
}

/** As `readObjects`, without the contents. */
export async function lookUpObjects(
  store: ObjectStore,
  names: readonly string[],
): Promise<({ oid: string; type: string; size: number } | undefined)[]> {
  if (names.length === 0) return [];
  const lines = (await catFile(store, '--batch-check', names)).toString('utf8').split('\n');
  return names.map((_, index) => parseHeader(lines[index] ?? ''));
}

function parseHeader(line: string): { oid: string; type: string; size: number } | undefined {
  const match = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line);
  return match ? { oid: match[1] ?? '', type: match[2] ?? '', size: Number(match[3]) } : undefined;
}

/** All that git prints, or its beginning of more than `maxBytes`. */
async function catFile(
  store: ObjectStore,
  mode: Mode,
  names: readonly string[],
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Buffer> {
  const known = store.readers?.[mode];
  if (known) return known.ask(names, maxBytes, store.signal);
  const reader = new CatFile(store, mode);
  try {
    return await reader.ask(names, maxBytes, store.signal);
  } finally {
    reader.end();
  }
}
