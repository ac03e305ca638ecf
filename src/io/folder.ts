// Reads a folder of definitions from the disk, as the reader of git reads a tree: every entry, whatever its name.
import { constants, type Dirent } from 'node:fs';
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { UsageError } from '../lib/errors.ts';

/** Paths are relative to the folder, with `/` between their parts. What is not UTF-8 in a name is U+FFFD, as it is read from git. */
export type FolderEntry =
  | { path: string; kind: 'file'; content: Uint8Array }
  /** `unlisted` is a folder that was not looked into. */
  | { path: string; kind: 'link' | 'submodule' | 'unlisted' }
  | { path: string; kind: 'oversized'; sizeBytes: number };

export interface ReadFolderOptions {
  /** Whether symbolic links are read as what they point to: a mounted Kubernetes ConfigMap is made of them. */
  followLinks?: boolean;
  /** Larger files are named, not read. */
  maxFileBytes?: number;
  /** After so many bytes in all, the other files are named, not read. */
  maxFolderBytes?: number;
  /** Looking ends after so many YAML files and links: it is more than a folder may have. */
  maxFiles?: number;
  /** Deeper folders are named, not looked into. */
  maxDepth?: number;
  /** After so many folders, the others are named, not looked into: links can lead to one by ever more ways. */
  maxFolders?: number;
}

type Limits = Required<ReadFolderOptions>;

/** One more than the definitions' limits, so that their loader sees that they are passed. */
const DEFAULTS: Limits = {
  followLinks: false,
  maxFileBytes: 256 * 1024,
  maxFolderBytes: 64 * 1024 * 1024 + 1,
  maxFiles: 20_001,
  maxDepth: 64,
  maxFolders: 1_000_000,
};

/** UTF-16 units, as of a path that is read from git. Longer ones are named, not read; systems have no much longer ones. */
const LONGEST_PATH = 4_000;

/** Files that are open at once. */
const CONCURRENCY = 32;

/**
 * All links and all files named .yaml or .yml (in any case), sorted by path, and where links are not followed also the
 * folders that are repositories of their own, which git would keep as submodules. Files that vanish meanwhile are left out.
 * Throws UsageError where the folder, or something in it, cannot be read.
 */
export async function readFolder(root: string, options: ReadFolderOptions = {}): Promise<FolderEntry[]> {
  const limits = { ...DEFAULTS, ...options };
  const found = await listFolder(root, limits);
  const entries: (FolderEntry | undefined)[] = [];
  const budget = { leftBytes: limits.maxFolderBytes };
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < found.length; i = next++) {
      const { path, place, kind } = found[i] as Found;
      entries[i] = kind === 'file' ? await readEntry(path, place, limits, budget) : { path, kind };
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return entries.filter((entry) => entry !== undefined);
}

interface Found {
  path: string;
  /** Where it is on the disk: a name need not be UTF-8. */
  place: Buffer;
  kind: 'file' | 'link' | 'submodule' | 'unlisted';
}

interface Folder {
  /** With a slash at its end; empty for the root. */
  path: string;
  place: Buffer;
  depth: number;
  /** Where links are followed: the real folders that it lies in. */
  parents: readonly string[];
}

/** Folders are walked one after the other, with a list of those still to come instead of recursion. */
async function listFolder(root: string, limits: Limits): Promise<Found[]> {
  const found: Found[] = [];
  const folders: Folder[] = [{ path: '', place: Buffer.from(root), depth: 0, parents: [] }];
  for (const [at, folder] of folders.entries()) {
    if (folder.depth > limits.maxDepth || at > limits.maxFolders || folder.path.length > LONGEST_PATH)
      found.push({ path: folder.path.slice(0, -1), place: folder.place, kind: 'unlisted' });
    else await listOne(folder, found, folders, limits);
    if (found.length >= limits.maxFiles) return found;
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Adds what matters in a folder to `found`, as long as there is room, and the folders in it to `folders`. */
async function listOne(folder: Folder, found: Found[], folders: Folder[], limits: Limits): Promise<void> {
  const { path, place, depth, parents } = folder;
  const real = limits.followLinks ? await realpath(place).catch(() => place.toString()) : '';
  if (parents.includes(real)) return; // a link that leads back up
  const entries = await list(place, path);
  if (path !== '' && !limits.followLinks && entries.some(({ name }) => name.equals(GIT))) {
    found.push({ path: path.slice(0, -1), place, kind: 'submodule' });
    return;
  }
  for (const entry of entries) {
    const name = entry.name.toString();
    if (isForeign(name, limits)) continue;
    const child = { path: path + name, place: Buffer.concat([place, SLASH, entry.name]) };
    const kind = await kindOf(entry, child.place, limits);
    if (kind === 'folder')
      folders.push({
        path: `${child.path}/`,
        place: child.place,
        depth: depth + 1,
        parents: limits.followLinks ? [...parents, real] : [],
      });
    if (kind === 'link' || (kind === 'file' && /\.ya?ml$/i.test(name)))
      found.push({ ...child, kind: child.path.length > LONGEST_PATH ? 'unlisted' : kind });
    if (found.length >= limits.maxFiles) return;
  }
}

const SLASH = Buffer.from('/');
const GIT = Buffer.from('.git');

/** Git keeps nothing named `.git`; Kubernetes keeps the versions of a mount under names that begin with `..`. */
function isForeign(name: string, { followLinks }: Limits): boolean {
  return name === '.git' || (followLinks && name.startsWith('..'));
}

async function list(folder: Buffer, path: string): Promise<Dirent<Buffer>[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    return entries.sort((a, b) => Buffer.compare(a.name, b.name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (path !== '' && code === 'ENOENT') return [];
    if (code === 'ENOENT')
      throw new UsageError(
        `there is no folder "${folder}". --path says where the definitions are; \`halyard new project\` begins them`,
      );
    if (code === 'ENOTDIR')
      throw new UsageError(`"${folder}" is not a folder; --path names the folder of the definitions`);
    throw new UsageError(`the folder "${folder}" cannot be read (${code})`, { cause: error });
  }
}

async function kindOf(
  entry: Dirent<Buffer>,
  place: Buffer,
  { followLinks }: Limits,
): Promise<'file' | 'folder' | 'link' | undefined> {
  if (entry.isSymbolicLink()) {
    const target = followLinks ? await stat(place).catch(() => undefined) : undefined;
    if (!target) return 'link';
    return target.isDirectory() ? 'folder' : target.isFile() ? 'file' : undefined;
  }
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : undefined;
}

async function readEntry(
  path: string,
  place: Buffer,
  limits: Limits,
  budget: { leftBytes: number },
): Promise<FolderEntry | undefined> {
  let file: FileHandle | undefined;
  try {
    // Another thing may have taken the file's place: a link is not followed, and a pipe not waited for.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | (limits.followLinks ? 0 : constants.O_NOFOLLOW);
    file = await open(place, flags);
    const found = await file.stat();
    if (!found.isFile()) return undefined;
    if (found.size > limits.maxFileBytes || budget.leftBytes <= 0)
      return { path, kind: 'oversized', sizeBytes: found.size };
    budget.leftBytes -= found.size;
    const content = await readAtMost(file, found.size, limits.maxFileBytes);
    if (content.length > limits.maxFileBytes) return { path, kind: 'oversized', sizeBytes: content.length };
    return { path, kind: 'file', content };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return undefined;
    throw new UsageError(`the file "${place}" cannot be read (${code})`, { cause: error });
  } finally {
    await file?.close();
  }
}

/** The whole of a file that has about so many bytes, which may grow meanwhile, without end even: one byte more than the most. */
async function readAtMost(file: FileHandle, sizeBytes: number, maxBytes: number): Promise<Buffer> {
  let content = Buffer.alloc(Math.min(sizeBytes, maxBytes) + 1);
  for (let length = 0; ; ) {
    const { bytesRead } = await file.read(content, length, content.length - length, length);
    length += bytesRead;
    if (bytesRead === 0 || length > maxBytes) return content.subarray(0, length);
    if (length === content.length) content = Buffer.concat([content], Math.min(2 * length, maxBytes + 1));
  }
}
