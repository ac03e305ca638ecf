// The repository that entries are derived from: a mirror of the branch that a chain's first entry names.
import { Mirror, type MirrorOptions } from '../../git/mirror.ts';
import type { Ask } from './reader.ts';

export interface GitRepositoryAt {
  ask: Ask;
  /** Where the definitions are; empty for the root. */
  path: string;
  /** The branch's head. */
  head: string;
}

/** Fetches the branch into its mirror. Throws UnreachableError. */
export async function openRepository(
  options: MirrorOptions,
  path: string,
  signal?: AbortSignal,
): Promise<GitRepositoryAt> {
  const mirror = new Mirror(options);
  const head = await mirror.fetchHead(signal);
  return { ask: (question) => mirror.ask(question, signal), path, head };
}
