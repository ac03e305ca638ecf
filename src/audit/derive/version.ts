// Which version of the rules an entry may claim: an older one was judged by less, and whoever forges an entry would choose it. Pure.
import { CONTENT_VERSION, type EntryContent } from '../content.ts';
import type { State } from './state.ts';

/** The version from which on signatures and policies were judged. */
export const JUDGED_VERSION = 2;

/** Why an entry cannot be of the version that it says; undefined where it can. */
export function versionFault({ v, changes }: EntryContent, state: State): string | undefined {
  if (v < 1 || v > CONTENT_VERSION)
    return `it is of version ${v}, and this halyard knows 1 to ${CONTENT_VERSION}`;
  if (v < state.version) return `it is of version ${v}, after entries of version ${state.version}`;
  if (v >= JUDGED_VERSION) return undefined;
  const bringsPolicy = changes.some(({ kind }) => kind === 'access');
  return bringsPolicy || state.policy !== 'none'
    ? `it is of version ${v}, which knew no policies`
    : undefined;
}
