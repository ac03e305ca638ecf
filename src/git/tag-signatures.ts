// Verifies signatures of annotated tags in the way of commits.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, GitError } from './command.ts';
import { findingOfTag } from './findings.ts';
import { type ObjectStore, readObjects } from './objects.ts';
import { answerOf, openRoom, readSignature, type SigningKeys, type VerifiedSignature } from './signatures.ts';
import { signatureOfTag, type TagTarget, targetOfTag } from './signed-object.ts';

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

/** Undefined for what is no tag. Git is asked about a copy in the room. */
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
