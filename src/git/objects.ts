// Reads many git objects through one `cat-file --batch`: the one command that is spawned, since its output is binary.
import { spawn } from 'node:child_process';
import { DEFAULT_DEADLINE_MS, GitError } from './command.ts';
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

/** All that git prints, or its beginning: git is stopped after about `maxBytes`. */
async function catFile(
  store: ObjectStore,
  mode: string,
  names: readonly string[],
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Buffer> {
  const deadline = AbortSignal.timeout(DEFAULT_DEADLINE_MS);
  const child = spawn('git', ['cat-file', mode, '--buffer'], {
    cwd: store.folder,
    env: store.environment,
    signal: store.signal ? AbortSignal.any([store.signal, deadline]) : deadline,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let stderr = '';
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000);
  });
  child.on('error', reject);
  child.on('close', (code) => {
    if (code === 0 || bytes > maxBytes) resolve(Buffer.concat(chunks));
    else reject(new GitError('failed', `git cat-file failed: ${stderr.trim()}`, code ?? -1));
  });
  // A reader that ended has said why by its exit code; the broken pipe adds nothing.
  child.stdin.on('error', () => {});
  child.stdin.end(`${names.join('\n')}\n`);
  try {
    return await promise;
  } catch (cause) {
    store.signal?.throwIfAborted();
    if (deadline.aborted) throw new GitError('deadline', 'git cat-file did not end in time.', -1, { cause });
    throw cause;
  }
}
