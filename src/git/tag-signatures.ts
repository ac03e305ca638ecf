// Verifies signatures of annotated tags, and of the tags that a merge carries, in the way of commits.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, GitError } from './command.ts';
import { findingOfTag } from './findings.ts';
import { type ObjectStore, readObjects } from './objects.ts';
import { answerOf, openRoom, readSignature, type SigningKeys, type VerifiedSignature } from './signatures.ts';
import { mergedTagsOf, signatureOfTag, type TagTarget, targetOfTag } from './signed-object.ts';

/** What a tag says of itself, which is worth no more than its signature. */
export interface VerifiedTag extends TagTarget {
  signature: VerifiedSignature;
}

/**
 * An annotated tag by its whole object id; a lightweight tag is no object. Throws GitError for what is no tag, and as
 * `verifyCommits` does.
 */
export async function verifyTag(store: ObjectStore, tag: string, keys: SigningKeys): Promise<VerifiedTag> {
  const [object] = await readObjects(store, [tag]);
  const found = object?.type === 'tag' ? await verify(store, object.content, keys) : undefined;
  if (!found) throw new GitError('failed', `The mirror has no tag object ${tag}.`, 0);
  return found;
}

/**
 * The tags that a merge carries of what it merges (`git merge <signed tag>`), in its order. They may be of other commits
 * than its parents: their targets say so. Throws as `verifyTag`.
 */
export async function verifyMergedTags(
  store: ObjectStore,
  commit: string,
  keys: SigningKeys,
): Promise<VerifiedTag[]> {
  const [object] = await readObjects(store, [commit]);
  if (object?.type !== 'commit') throw new GitError('failed', `The mirror lacks the commit ${commit}.`, 0);
  const tags: VerifiedTag[] = [];
  for (const content of mergedTagsOf(object.content)) {
    const tag = await verify(store, content, keys);
    if (tag) tags.push(tag);
  }
  return tags;
}

/** Undefined for what is no tag. It is written into the room to be asked for there, so the store needs not have it as an object. */
async function verify(
  store: ObjectStore,
  content: Uint8Array,
  keys: SigningKeys,
): Promise<VerifiedTag | undefined> {
  const target = targetOfTag(content);
  if (!target) return undefined;
  const read = readSignature(signatureOfTag(content), keys);
  if ('status' in read) return { ...target, signature: read };
  await using room = await openRoom(store, target.target.id, [read], keys);
  const file = join(room.store.folder, 'tag');
  await writeFile(file, content);
  const args = ['hash-object', '-t', 'tag', '-w', '--no-filters', '--', file];
  const { exitCode, text } = await askGit(args, { ...room.store, answers: [128] });
  if (exitCode !== 0) return { ...target, signature: { status: 'invalid' } };
  const ask = async () => answerOf(read, await findingOfTag(room.store, text.trim()), keys);
  const signature = await ask();
  return { ...target, signature: signature.status === 'invalid' ? await ask() : signature };
}
