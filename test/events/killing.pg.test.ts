// A few rounds of what `npm run prove:events` does at length: services and PostgreSQL killed under load.
import { expect, test } from 'vitest';
import { killRounds } from './kill-rounds.ts';
import { Killing } from './killing.ts';

test('what was acknowledged is counted exactly once, and what was dropped as often as it says, although all are killed', async () => {
  await using killing = await Killing.create({ relay: true });
  await killRounds(killing, 4, 7);
  const proof = await killing.prove();
  expect(proof).toMatchObject({ lost: [], twice: [] });
  expect(proof.acknowledged).toBeGreaterThan(1_000);
  expect(proof.dropped.known).toBeGreaterThan(0);
  expect(proof.dropped.counted).toBe(proof.dropped.known);
});
