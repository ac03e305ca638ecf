// Finds the commit that a person means: a revision of their clone, a branch of the remote, or the head of a pull request.

import { hintFor } from '../../definitions/suggest.ts';
import type { ObjectStore } from '../../git/objects.ts';
import { presentObjects } from '../../git/presence.ts';
import { findCommit, findTag, namedRevisions } from '../../git/revisions.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { Place } from './place.ts';
import { atRemote } from './remote.ts';

const MOST_NAMES = 1_000;

export interface Meant {
  commit: string;
  /** The annotated tag that was named. */
  tag?: string;
}

/** Resolves to the commit's id, which the place's repository then has. Throws UsageError where there is none, UnreachableError. */
export async function commitMeant(place: Place, asked: string): Promise<string> {
  const meant = await findMeant(place, asked);
  if (meant) return meant.commit;
  const hint = 'Name a commit, a branch, or a pull request: pr/12.';
  const names = await namesIn(place);
  throw new UsageError(`there is no commit ${ticked(asked)}. ${hintFor(asked, names, hint, 'There are')}`);
}

/** Branches and tags of the clone. */
export function namesIn({ repository }: Place): Promise<string[]> {
  return namedRevisions(repository.store, MOST_NAMES);
}

/**
 * What is named, in the clone or else at the remote; the place's repository then has it. Throws UsageError for a pull
 * request that there is not, UnreachableError.
 */
export async function findMeant(place: Place, asked: string): Promise<Meant | undefined> {
  const { store } = place.repository;
  const pullRequest = numberOf(asked);
  if (pullRequest !== undefined) return meantBy(store, await pullRequestHead(place, pullRequest));
  const here = await meantBy(store, asked);
  if (here) return here;
  const there = await fromRemote(place, asked);
  return there === undefined ? undefined : meantBy(store, there);
}

async function meantBy(store: ObjectStore, revision: string): Promise<Meant | undefined> {
  const commit = await findCommit(store, revision);
  if (commit === undefined) return undefined;
  const tag = await findTag(store, revision);
  return { commit, ...(tag !== undefined && { tag }) };
}

/** `pr/12`, `mr/12`, `#12`, `!12`, `pull/12`, `refs/pull/12/head`, `refs/merge-requests/12/head`, with `/head` or without. */
function numberOf(asked: string): string | undefined {
  return /^(?:(?:refs\/)?(?:pull|merge-requests|pr|mr)\/|[#!])([1-9]\d{0,8})(?:\/head)?$/.exec(asked)?.[1];
}

/** GitHub, Gitea and Forgejo keep heads under refs/pull, GitLab under refs/merge-requests. */
async function pullRequestHead(place: Place, number: string): Promise<string> {
  const refs = ['pull', 'merge-requests'].map((kind) => `refs/${kind}/${number}/head`);
  const found = await fetchRef(place, refs);
  if (found !== undefined) return found;
  throw new UsageError(
    `${ticked(place.name)} has no pull or merge request ${number}, or keeps no ref of its head. Name a commit or a branch.`,
  );
}

async function fromRemote(place: Place, asked: string): Promise<string | undefined> {
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(asked)) {
    const { git, remote, isPartial } = place;
    // A repository may refuse a commit by its name, and then it is as if there were none.
    await git.fetch(remote, [asked], { withoutFiles: isPartial }).catch(() => undefined);
    return findCommit(place.repository.store, asked);
  }
  if (!/^[\w./+-]+$/.test(asked) || asked.startsWith('-')) return undefined;
  return fetchRef(place, [`refs/heads/${asked}`, `refs/tags/${asked}`, asked]);
}

/** Fetches the first of these refs that the remote has, and resolves to its object. */
async function fetchRef(place: Place, refs: readonly string[]): Promise<string | undefined> {
  const { git, remote, name, repository, isPartial } = place;
  const listing = await atRemote(name, git.listRemote(remote, refs));
  const there = new Map(
    Array.from(listing.matchAll(/^(\S+)\t(.+)$/gm), ([, object = '', ref]) => [ref, object]),
  );
  const ref = refs.find((each) => there.has(each));
  const object = there.get(ref);
  if (ref === undefined || object === undefined) return undefined;
  const isHere = (await presentObjects(repository.store, [object])).has(object);
  if (!isHere) await atRemote(name, git.fetch(remote, [ref], { withoutFiles: isPartial }));
  return object;
}
