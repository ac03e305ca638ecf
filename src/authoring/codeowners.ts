// CODEOWNERS of the files of definitions, from their `owner`.
import type { Definitions } from '../model/definition.ts';

export interface CodeOwners {
  /** One line a file, sorted by path. */
  lines: string[];
  /** Files whose owner cannot be written: it is no name of a user, a team or an address. */
  unfit: { path: string; owner: string }[];
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
    if (HANDLE.test(handle)) result.lines.push(`/${escaped(place)} ${handle}`);
    else result.unfit.push({ path, owner });
  }
  return result;
}

/** `@user`, `@organization/team` (GitLab: groups of groups) or an e-mail address. */
const HANDLE = /^(@[\w.-]+(\/[\w.-]+)*|[^\s@#]+@[^\s@#]+)$/;

/** What would be a pattern, a comment or the end of the path. */
function escaped(path: string): string {
  return path.replace(/[\s\\#*?[\]!]/g, (character) => `\\${character}`);
}
