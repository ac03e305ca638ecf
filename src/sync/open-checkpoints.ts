// Opens the ref that checkpoints go to, as the options of sync name it.
import { FileRef } from '../git/file-ref.ts';
import { validRef } from '../git/ref-name.ts';
import { type GitSource, parseGitSource } from '../git/source.ts';
import { UsageError } from '../lib/errors.ts';
import { Checkpoints, type CheckpointsOptions } from './checkpoints.ts';
import type { SyncOptions } from './options.ts';

/** Undefined where none are wanted. Throws UsageError for a ref or repository that cannot be. */
export function openCheckpoints(
  { checkpoints, branch = 'main', stateFolder, credentials = {} }: SyncOptions,
  followed: GitSource,
  surroundings: Omit<CheckpointsOptions, 'ref' | 'key'>,
): Checkpoints | undefined {
  if (!checkpoints) return undefined;
  const { key, repo } = checkpoints;
  const ref = validRef(checkpoints.ref, '--checkpoint-ref');
  if (repo === undefined && ref === `refs/heads/${branch}`)
    throw new UsageError('--checkpoint-ref is the branch that is followed. Name another ref.');
  const source = repo === undefined ? followed : parseGitSource(repo, process.cwd());
  const fileRef = new FileRef({ source, ref, stateFolder, credentials, inherited: process.env });
  return new Checkpoints({ ...surroundings, ref: fileRef, key });
}
