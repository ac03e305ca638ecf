// What is told when git fails at a repository that a command reads.
import { GitError } from '../git/command.ts';
import { UnreachableError } from '../lib/errors.ts';

/** Rethrows: what git says becomes an UnreachableError, all else stays as it is. */
export function unreadable(cause: unknown): never {
  if (!(cause instanceof GitError)) throw cause;
  throw new UnreachableError('git', `the repository cannot be read: ${cause.message}`, { cause });
}
