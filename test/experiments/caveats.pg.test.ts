// What a reader must mind: zeros that are values, a look that is not taken, events that are no longer there.
import { expect, test } from 'vitest';
import { day, experimentOf, PROJECT, unitsOf, World } from './world.ts';

test('zeros are values, events that were dropped are told, and so is a look that is not recorded', async () => {
  await using world = await World.create(
    experimentOf({ metrics: { primary: 'seconds' }, end: '2026-03-03' }),
    [{ metric: 'seconds', type: 'mean', direction: 'decrease', event: 'session', value: 'value' }],
  );
  const units = unitsOf(20);
  await world.assign(units);
  await world.track(units.map(({ unit, atMs }) => ({ unit, event: 'session', atMs, value: 0 })));
  expect((await world.analyze(day(1), false)).verdict.kind).toBe('too-early');
  const zeros = await world.analyze(day(4), false);
  expect(zeros.verdict).toEqual({ kind: 'not-computable', reason: 'zero variance' });
  expect(zeros.notes).toEqual([]);

  await world.pool.query('select halyard.drop_event_day($1, $2)', [PROJECT, '2026-03-01']);
  await world.track(
    units.map(({ unit }, at) => ({ unit, event: 'session', atMs: day(1), value: 5 + (at % 7) })),
  );
  const asked = await world.analyze(day(4), false);
  expect(asked.progress.look).toBe(1);
  expect(asked.notes.join(' ')).toMatch(
    /no event from 2026-03-01, the day of the first exposure.*Look 1 was due/,
  );
  const taken = await world.analyze(day(4));
  expect(taken.notes).toEqual(asked.notes.slice(0, 1));
  // What was said then stands, whatever is let go of later.
  expect((await world.analyze(day(5))).notes).toEqual([]);
});
