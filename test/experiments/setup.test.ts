// What an experiment's file says, as an analysis takes it.
import { expect, test } from 'vitest';
import { setupOf } from '../../src/experiments/setup.ts';
import { experimentOf, PURCHASE } from './world.ts';

test('a variation that is written twice is one arm with both weights, so that its units are not expected twice', () => {
  const arms = ['off', 'on', 'off'].map((variation, at) => ({ variation, weight: [25, 50, 25][at] ?? 0 }));
  const { design } = setupOf('acme/shop', 'prod', { ...experimentOf(), arms }, PURCHASE);
  expect(design.arms).toEqual([
    { arm: 'off', weight: 50 },
    { arm: 'on', weight: 50 },
  ]);
});
