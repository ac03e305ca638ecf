// A snapshot in which everything occurs that a body may hold.
import type { Condition } from '../../src/model/definitions.gen.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { snapshotOfBodies } from './snapshot.ts';

const at = '2026-01-01T00:00:00Z';
const condition: Condition = {
  and: [
    { or: [{ not: { segment: 'staff' } }] },
    { attribute: 'country', operator: 'in', value: ['US'], ignore_case: true },
  ],
};
const share = (key: string) => ({ key, weight: 50 });

const plain = snapshotOfBodies({
  flags: {
    needed: {},
    flag: {
      description: 'd',
      owner: 'o',
      expires: '2027-01-01',
      requires: [{ flag: 'needed', variation: 'on' }],
      targets: { on: ['alice'] },
      rules: [
        { name: 'r', if: condition, from: at, until: at, then: { serve: 'on', percent: 5 } },
        { then: { serve: 'on', ramp: [{ at, percent: 5 }], linear: true } },
        { then: { experiment: 'running' } },
      ],
      fallthrough: { rollout: { variations: [share('on'), share('off')] } },
      override: { serve: 'on', until: at },
    },
  },
  segments: { staff: { include: ['alice'], exclude: ['bob'], if: { attribute: 'a', operator: 'exists' } } },
  experiments: { running: {}, layered: { status: 'draft', layer: 'l', slot: { from: 0, to: 50 } } },
});
/** Every shape that a body may hold, with every member. */
export const full: Snapshot = {
  ...plain,
  definitions: plain.definitions.map((row) =>
    row.kind === 'project'
      ? { ...row, body: { ...row.body, attributes: { country: { type: 'string', values: ['US'] } } } }
      : row,
  ),
};
