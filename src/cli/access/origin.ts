// Where a policy comes from: what the database says is applied, or what git has before the change.
import { printable } from '../../lib/printable.ts';
import type { Applied } from '../../sync/applied.ts';
import type { Base } from '../plan/sides.ts';

export type Origin =
  /** `entry`: the last one that the chain had. */
  | { source: 'database'; project: string; entry: number }
  /** `commit` is absent where there was nothing before. */
  | { source: 'git'; project: string; revision?: string; commit?: string };

export function originInDatabase({ head }: Applied): Origin {
  return { source: 'database', project: head.project, entry: head.lastEntry };
}

export function originInGit({ head }: Applied, base: Base | undefined): Origin {
  const { revision, commit } = base ?? {};
  return {
    source: 'git',
    project: head.project,
    ...(revision !== undefined && { revision }),
    ...(commit !== undefined && { commit }),
  };
}

/** `applied in acme/shop as of entry 12 (database)`, `of origin/main at c0ffee1234 (git; no database was asked)`. */
export function originText(origin: Origin): string {
  const project = printable(origin.project, 200);
  if (origin.source === 'database') return `applied in ${project}, as of entry ${origin.entry} (database)`;
  const { revision, commit } = origin;
  if (commit === undefined) return 'nothing before it (git)';
  const name = commit.startsWith(revision ?? commit) ? '' : `${printable(revision ?? '', 100)} at `;
  return `${name}${commit.slice(0, 10)} (git)`;
}
