// What an analysis says of units and events in a real PostgreSQL, and what it does not say.
import { expect, test } from 'vitest';
import { day, experimentOf, unitsOf, World } from './world.ts';

test('smoke', async () => {
  await using world = await World.create(
    experimentOf({ analysis: { minimumEffect: 0.5, sequential: { looks: 5 }, cuped: { days: 7 } } }),
  );
  const units = unitsOf(200);
  await world.assign(units);
  await world.track(
    units
      .filter((_, at) => (at % 2 === 0 ? at % 10 === 0 : at % 6 === 1))
      .map(({ unit, atMs }) => ({ unit, event: 'purchase', atMs: atMs + 1000 })),
  );
  const analysis = await world.analyze(day(1));
  console.log(JSON.stringify(analysis, null, 1));
  expect(analysis.split.isBroken).toBe(false);
});
