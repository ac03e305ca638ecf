// The two sides of a plan: the definitions of the base, as far as they are any, and those of the head.
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import { earlierStates, isShallowClone } from '../../git/revisions.ts';
import { readFolder } from '../../io/folder.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { Definitions } from '../../model/definition.ts';
import { loadThroughCache } from '../parse-cache/load.ts';
import { counted } from '../terminal.ts';
import type { Repository } from './repository.ts';
import { type Compared, comparedRevisions } from './revisions.ts';

/** How far back a state without errors is looked for. */
const MOST_EARLIER_STATES = 20;

export interface Base {
  /** As it was asked for, or found: `origin/main`. */
  revision: string;
  /** The commit that is compared: where the head left the base, or an earlier state of it. Absent for nothing at all. */
  commit?: string;
  /** Why it is an earlier commit, or none: a sentence. */
  note?: string;
}

export interface Head {
  /** As it was asked for; absent, with the commit, for the folder as it is on the disk. */
  revision?: string;
  commit?: string;
}

export interface Sides {
  base: Base;
  head: Head;
  /** Undefined: the base has no definitions. */
  before: Definitions | undefined;
  after: Loaded;
}

/** Reads both sides. Files that are the same on both are parsed once. Throws UsageError. */
export async function readSides(
  repository: Repository,
  folder: string,
  asked: { base?: string | undefined; head?: string | undefined },
): Promise<Sides> {
  const compared = await comparedRevisions(repository.store, asked);
  const { base, before, loaded } = await readBase(repository, folder, compared);
  if (compared.head === undefined) {
    return { base, head: {}, before, after: loadDefinitions(await readFolder(folder), loaded) };
  }
  const revision = asked.head ?? compared.head;
  const files = await repository.filesOf(compared.head);
  if (files === undefined && before === undefined) {
    throw new UsageError(
      `neither ${ticked(compared.base)} nor ${ticked(revision)} has a folder "${folder}". --path says where the definitions are.`,
    );
  }
  const head = { revision, commit: compared.head };
  return { base, head, before, after: loadDefinitions(files ?? [], loaded) };
}

/** With the branch that the commit left; one that is merged by now, with what was there before it: nothing, or itself. */
export async function comparedSides(
  repository: Repository,
  path: string,
  id: string,
): Promise<Sides | undefined> {
  const compare = (base?: string) => readSides(repository, path, { base, head: id }).catch(withoutBase);
  const sides = await compare();
  return sides?.base.commit === id ? ((await compare(`${id.slice(0, 10)}^`)) ?? sides) : sides;
}

/** A repository may have no such branch, and a commit no parent: then there is nothing to compare with. */
function withoutBase(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error;
}

interface ReadBase {
  base: Base;
  before: Definitions | undefined;
  /** What was parsed, so that what is the same in the head is not parsed again. */
  loaded: Loaded | undefined;
}

/**
 * A base with errors must not stand in the way of the change that mends it: sync has rejected it, and serves what was
 * good before, so that is what the change is compared with.
 */
async function readBase(
  repository: Repository,
  folder: string,
  { base: revision, mergeBase }: Compared,
): Promise<ReadBase> {
  const files = (await repository.filesOf(mergeBase)) ?? [];
  const newest = await loadThroughCache(files, folder, process.env);
  if (newest.ok) return { base: { revision, commit: mergeBase }, before: newest.definitions, loaded: newest };
  const why = `${ticked(revision)} ${fault(newest, repository.path)}`;
  const { store, path } = repository;
  let loaded: Loaded = newest;
  const earlier = await earlierStates(store, mergeBase, path, MOST_EARLIER_STATES);
  for (const commit of earlier) {
    loaded = loadDefinitions((await repository.filesOf(commit)) ?? [], loaded);
    if (!loaded.ok) continue;
    const note = `${why}. Compared with ${commit.slice(0, 10)}, the last state before it without errors: that is what is served.`;
    return { base: { revision, commit, note }, before: loaded.definitions, loaded };
  }
  const far = (await isShallowClone(store))
    ? ' This is a shallow clone, which may lack an earlier state.'
    : '';
  const nor =
    earlier.length === 0
      ? ''
      : ` Nor is any of the last ${counted(earlier.length, 'state')} before it without errors.`;
  const note = `${why}, so everything is new.${nor}${far}`;
  return { base: { revision, note }, before: undefined, loaded: newest };
}

function fault({ problems }: Loaded, path: string): string {
  if (problems.some(({ code }) => code === 'project-missing')) {
    return path === '' ? 'has no definitions' : `has no definitions in ${ticked(path)}`;
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return `has definitions with ${counted(errors, 'error')}, which sync rejects`;
}
