// Where a person's commands work on commits: the clone that they stand in, or a repository that they only name; and its remote.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { localEnvironment } from '../../git/environment.ts';
import { createRepository } from '../../git/mirror-folder.ts';
import type { ObjectStore } from '../../git/objects.ts';
import { OwnGit } from '../../git/own-git.ts';
import { presentObjects } from '../../git/presence.ts';
import { isPartialClone } from '../../git/revisions.ts';
import { type GitSource, locateRepository, parseGitSource } from '../../git/source.ts';
import { isGitInstalled, type WorkTree, workTreeOf } from '../../git/work-tree.ts';
import { UsageError } from '../../lib/errors.ts';
import { printable, ticked } from '../../lib/printable.ts';
import { normalPath } from '../../sync/options.ts';
import { Repository } from '../plan/repository.ts';
import { atRemote } from './remote.ts';

export interface PlaceOptions {
  /** A path on this machine or a URL. */
  repo: string;
  /** The folder of the definitions, from there. */
  path: string;
  /** A remote's name in a clone, or `.` for the clone itself. Left out: `origin` where there is one, else the clone. */
  remote?: string | undefined;
}

export interface Place {
  /** For reading, which obeys nobody's configuration. */
  repository: Repository;
  git: OwnGit;
  /** What git is told to talk to. */
  remote: string;
  /** The remote, as it may be shown. */
  name: string;
  /** The repository has no files until they are read. */
  isPartial: boolean;
}

/** Hands the place to `work`. Throws UsageError for a repository, a folder or a remote that there is not, UnreachableError. */
export async function atPlace<T>(options: PlaceOptions, work: (place: Place) => Promise<T>): Promise<T> {
  const source = parseGitSource(options.repo, process.cwd());
  const stateFolder = await mkdtemp(join(tmpdir(), 'halyard-place-'));
  try {
    if (!(await isGitInstalled(stateFolder))) throw new UsageError('git is not installed. Install git.');
    const place =
      source.kind === 'path'
        ? await inClone(source, options, stateFolder)
        : await fromUrl(source, options, stateFolder);
    return await work(place);
  } finally {
    await rm(stateFolder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function inClone(
  source: Extract<GitSource, { kind: 'path' }>,
  { path, remote: asked }: PlaceOptions,
  stateFolder: string,
): Promise<Place> {
  const { folder } = await locateRepository(source.path).catch((cause: unknown) => {
    throw new UsageError(`${source.path} is in no git repository. --repo says where one is.`, { cause });
  });
  const inside = relative(folder, resolve(await realpath(source.path), path));
  const workTree = await workTreeOf(source, stateFolder);
  const git = new OwnGit(folder, process.env);
  const has = async (name: string) => (await git.setting(`remote.${name}.url`)) !== undefined;
  const remote = asked ?? ((await has('origin')) ? 'origin' : '.');
  if (remote !== '.' && !(await has(remote))) {
    throw new UsageError(
      `this repository has no remote ${ticked(remote)}. Name one with --remote, or the repository that sync reads with --repo.`,
    );
  }
  const name = remote === '.' ? folder : remote;
  const { store } = workTree;
  const isPartial = await isPartialClone(store);
  const reading = isPartial ? fetching(store, { git, remote, name }) : store;
  const repository = new Repository(readable(reading), normalPath(inside.split(sep).join('/')));
  return { repository, git, remote, name, isPartial };
}

/** A repository of our own for as long as it takes, with commits and trees alone until files are read. */
async function fromUrl(
  { url, name, userinfo }: Extract<GitSource, { kind: 'url' }>,
  { path }: PlaceOptions,
  stateFolder: string,
): Promise<Place> {
  if (userinfo !== undefined)
    throw new UsageError(
      '--repo holds a password, which every user of this machine can read. Use a credential helper.',
    );
  const environment = localEnvironment({
    globalConfigFile: '/dev/null',
    ceilings: [stateFolder],
    inherited: process.env,
  });
  const folder = join(stateFolder, 'repository.git');
  const listing = await atRemote(name, new OwnGit(stateFolder, process.env).listRemote(url, ['HEAD']));
  const head = /^([0-9a-f]+)\tHEAD$/m.exec(listing)?.[1];
  if (head === undefined) throw new UsageError(`${printable(name, 200)} has no commit yet.`);
  await createRepository(folder, head, environment);
  const git = new OwnGit(folder, process.env);
  // Named as a clone names it, so that commits can be compared with it.
  await atRemote(name, git.fetch(url, ['+HEAD:refs/remotes/origin/HEAD'], { withoutFiles: true }));
  const store = fetching({ folder, environment }, { git, remote: url, name });
  const repository = new Repository(readable(store), normalPath(path));
  return { repository, git, remote: url, name, isPartial: true };
}

/** A store that fetches the files that it lacks when they are read. */
function fetching(
  store: ObjectStore,
  { git, remote, name }: { git: OwnGit; remote: string; name: string },
): ObjectStore {
  const fetchMissing = async (_trees: readonly string[], blobs: readonly string[]): Promise<void> => {
    const present = await presentObjects(store, blobs);
    const absent = blobs.filter((blob) => !present.has(blob));
    if (absent.length > 0) await atRemote(name, git.fetch(remote, absent, { withoutFiles: true }));
  };
  return { ...store, fetchMissing };
}

/** What a repository's commits are read through. Whatever is checked out does not matter. */
function readable(store: ObjectStore): WorkTree {
  return {
    root: store.folder,
    store,
    head: async () => undefined,
    branch: async () => undefined,
    has: async () => false,
    uncommitted: async () => [],
  };
}
