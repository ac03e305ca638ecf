// What a repository holds and git or Halyard does not take: the repository's own fault, which asking again does not mend.
import { UnreachableError } from '../lib/errors.ts';
import { printable } from '../lib/printable.ts';
import { GitError } from './command.ts';

/** The head of the branch is not taken, and stays so until the branch moves on. The message says what to do. */
export class RefusedError extends UnreachableError {
  override name = 'RefusedError';

  constructor(message: string, options?: ErrorOptions) {
    super('git', message, options);
  }
}

/** In git's words, by index-pack(1) with fsck and by its limit of memory. */
const BAD_OBJECT = /error: object ([0-9a-f]{40,64}): (\w+: [^\n]*)/;
const TOO_LARGE_OBJECT = /attempting to allocate \d+ over limit/;

/** What a failed fetch says about the repository; undefined where it may be the network's or the mirror's fault. */
export function refusalOf(error: unknown, name: string): RefusedError | undefined {
  if (error instanceof RefusedError) return error;
  if (!(error instanceof GitError)) return undefined;
  const [, oid, why] = BAD_OBJECT.exec(error.said) ?? [];
  if (oid !== undefined && why !== undefined) {
    return new RefusedError(
      `${name} has an object in the branch's history that git refuses: ${oid} (${printable(why, 200)}). ` +
        'Take it out of the history, or, if it is old and known to be harmless, write its id into the file of --git-skip-list.',
      { cause: error },
    );
  }
  if (!TOO_LARGE_OBJECT.test(error.said)) return undefined;
  return new RefusedError(
    `${name} has an object in the branch's history that takes too much memory. Take it out of the history.`,
    { cause: error },
  );
}

/** The mirror would be larger than it may be. */
export function tooLargeMirror(name: string, maxBytes: number): RefusedError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024).toLocaleString('en');
  return new RefusedError(
    `${name} needs a mirror of more than ${megabytes} MB. Take out of the history what does not belong there, or allow more with --mirror-limit.`,
  );
}
