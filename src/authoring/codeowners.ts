// CODEOWNERS of the files of definitions, from their `owner`.
import type { Definitions } from '../model/definition.ts';

export interface CodeOwners {
  /** One line a file, sorted by path. */
  lines: string[];
  /** Files that have no line: the owner is no name of a user, a team or an address, or the path would not stay in one line. */
  unfit: { path: string; owner: string; fault: 'owner' | 'path' }[];
}

/**
 * `folder` is where the definitions are, from the repository's root, `/` separated. An owner without `@` gets the prefix:
 * `payments` with `@acme/` is the team `@acme/payments`. Definitions without an owner have no line.
 */
export function codeOwners({ all }: Definitions, folder: string, prefix: string): CodeOwners {
  const result: CodeOwners = { lines: [], unfit: [] };
  const owned = all.flatMap(({ path, body }) =>
    'owner' in body && body.owner ? [{ path, owner: body.owner }] : [],
  );
  for (const { path, owner } of owned.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const handle = owner.includes('@') ? owner.trim() : `${prefix}${owner.trim()}`;
    const place = folder === '' ? path : `${folder}/${path}`;
    if (!HANDLE.test(handle)) result.unfit.push({ path, owner, fault: 'owner' });
    else if (UNSEEN.test(place)) result.unfit.push({ path, owner, fault: 'path' });
    else result.lines.push(`/${escaped(place)} ${handle}`);
  }
  return result;
}

/** `@user`, `@organization/team` (GitLab: groups of groups) or an e-mail address. */
const HANDLE = /^(@[\w.-]+(\/[\w.-]+)*|[^\s@#<>,;]+@[^\s@#<>,;]+)$/;

/** Line breaks, and what else no one can see in a path. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What would be a pattern, a comment or the end of the path. */
function escaped(path: string): string {
  return path.replace(/[\s\\#*?[\]!]/g, (character) => `\\${character}`);
}
