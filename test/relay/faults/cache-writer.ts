// A process that writes revision after revision to a cache and says which are written, until it is killed: see cache-rows.ts.
import { DiskCache } from '../../../src/relay/disk-cache.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { FLAG, valueAt } from './caller.ts';

const [folder = '', first = '1'] = process.argv.slice(2);
const cache = new DiskCache(folder, 'prod', 'acme/shop');
await cache.load();
const padding = 'x'.repeat(400_000);
for (let revision = Number(first); ; revision++) {
  const variations = { now: valueAt(revision) };
  const flags = {
    [FLAG]: {
      type: 'number' as const,
      variations,
      off: 'now',
      fallthrough: { serve: 'now' },
      description: padding,
    },
  };
  await cache.save({ ...snapshotOfBodies({ flags }), revision });
  process.stdout.write(`${revision}\n`);
}
