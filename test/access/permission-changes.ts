// The changes of the permission suite, and the rows that differ by them, as `sync` finds them.
import { type Touch, touchesOf } from '../../src/access/touch.ts';
import type { RowChange } from '../../src/changes/diff.ts';
import type { WantedRow } from '../../src/changes/row.ts';
import { type Action, ENVIRONMENTS, type Environment } from './permission-tables.ts';

export interface What {
  action: Action;
  folder: string;
  environment: Environment;
}

export const CHANGES: readonly What[] = [
  ...(['change', 'deletion', 'move', 'metric', 'override'] as const).flatMap((action) =>
    ['checkout', 'search'].flatMap((folder) =>
      ENVIRONMENTS.map((environment) => ({ action, folder, environment })),
    ),
  ),
  ...ENVIRONMENTS.map((environment) => ({ action: 'change-access' as const, folder: '-', environment })),
];

/** What the change touches, from its rows. */
export function touchesFor({ action, folder, environment }: What): Touch[] {
  const kind = action === 'metric' ? 'metric' : action === 'change-access' ? 'access' : 'segment';
  const key = kind === 'access' ? 'access' : 'thing';
  const path = kind === 'access' ? 'access.yaml' : `${folder}/deep/thing.yaml`;
  if (action === 'override') return [{ action, kind: 'flag', key, path, environment }];
  const row = (digest: string, place: Partial<WantedRow>): WantedRow => {
    return { kind, key, digest, body: {}, text: '', ...place };
  };
  const before = row('a', { path: action === 'move' ? 'checkout/old/thing.yaml' : path });
  const after = row(action === 'move' ? 'a' : 'b', { path });
  const changes: RowChange[] = [action === 'deletion' ? { before } : { before, after }];
  if (kind === 'segment') {
    const served = row('a', { environment });
    changes.push(
      action === 'deletion' ? { before: served } : { before: served, after: row('b', { environment }) },
    );
  }
  return touchesOf(changes, ENVIRONMENTS);
}
