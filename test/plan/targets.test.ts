// Targets whose unit changes, and those whose real bucket lies at the edge of a share.
import { expect, test } from 'vitest';
import { bucketOf } from '../../src/engine/bucket.ts';
import { inProd, planInProd } from './support.ts';

test('targets of another unit are others: those who were named, and those who are', () => {
  const targeted = (unit: string) => inProd({ targets: { on: ['a', 'b'] }, serve: 'off' }, { unit });
  expect(planInProd(targeted('targetingKey'), targeted('company'))).toMatchObject({
    cases: [],
    targets: { added: 2, removed: 2, retargeted: 0, moved: 0, depends: 4 },
  });
});

test('a target that is gone is counted by its real bucket, up to the edges of a share', () => {
  const bucket = bucketOf('c07d2e', 'f', 'alice');
  const targets = { off: ['alice'] };
  const gone = (percent: number) =>
    planInProd(inProd({ targets, serve: 'on', percent }), inProd({ serve: 'on', percent })).targets;
  expect(gone((bucket + 1) / 100)).toMatchObject({ removed: 1, moved: 1, depends: 0 });
  expect(gone(bucket / 100)).toMatchObject({ removed: 1, moved: 0, depends: 0 });
});
