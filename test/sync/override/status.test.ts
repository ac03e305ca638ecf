// The overrides that stand, as sync's status and metrics tell them: also while git is away, and no longer than they stand.
import { expect, it } from 'vitest';
import { UnreachableError } from '../../../src/lib/errors.ts';
import { nothingApplied } from '../../../src/sync/applied.ts';
import { createSyncServer } from '../../../src/sync/server.ts';
import { SyncStatus } from '../../../src/sync/status.ts';

const source = { repository: '/srv/shop', path: 'flags', branch: 'main' };

it('sync tells which overrides stand, in the order of environments and flags', async () => {
  let now = Date.parse('2026-11-20T07:00:00Z');
  const status = new SyncStatus(source, () => now);
  const app = createSyncServer({ status, wake: () => {} });
  const told = async () => {
    const { overrides } = (await app.inject('/v1/status')).json();
    const line = (await app.inject('/metrics')).body.match(/^halyard_sync_overrides (\d+)$/m)?.[1];
    return { overrides, metric: Number(line) };
  };
  expect(await told()).toEqual({ overrides: [], metric: 0 });
  const until = '2026-11-20T08:00:00Z';
  const applied = nothingApplied('acme/shop', source);
  applied.overrides.set('flag\tsearch\tprod', { serve: 'off', until });
  applied.overrides.set('flag\tcheckout\tprod', { serve: 'off', until });
  applied.overrides.set('flag\tsearch\tdev', { serve: 'on', until: '2026-11-20T09:00:00Z' });
  status.applies(applied);
  status.failed(new UnreachableError('git', 'git does not answer'));
  const dev = { flag: 'search', environment: 'dev', serve: 'on', until: '2026-11-20T09:00:00Z' };
  expect(await told()).toEqual({
    overrides: [
      dev,
      { flag: 'checkout', environment: 'prod', serve: 'off', until },
      { flag: 'search', environment: 'prod', serve: 'off', until },
    ],
    metric: 3,
  });
  now = Date.parse(until);
  expect(await told()).toEqual({ overrides: [dev], metric: 1 });
  status.applies(nothingApplied('acme/shop', source));
  expect(await told()).toEqual({ overrides: [], metric: 0 });
});
