// What two analyses at the same time keep: a look is held against those before it, so none is kept by who did not know of them.
import { expect, test } from 'vitest';
import { withTransaction } from '../../src/db/transaction.ts';
import { analysisOf } from '../../src/experiments/analyze.ts';
import { keep, readKept, TakenMeanwhile } from '../../src/experiments/kept.ts';
import { type Read, read } from '../../src/experiments/read.ts';
import { UnreachableError } from '../../src/lib/errors.ts';
import { day, EXPERIMENT, experimentOf, PROJECT, unitsOf, World } from './world.ts';

async function readAt(world: World, atMs: number): Promise<Read> {
  return await read(world.pool, { project: PROJECT, experiment: EXPERIMENT }, atMs);
}

async function keepIt(world: World, found: Read): Promise<number | undefined> {
  const said = analysisOf(found);
  await withTransaction(world.pool, {}, (tx) => keep(tx, found.scope, { before: found.kept, ...said }));
  return said.look?.look;
}

test('a later look is not kept by who read before an earlier one was, and neither is the earlier one by who came late', async () => {
  await using world = await World.create(
    experimentOf({ end: '2026-03-10', analysis: { sequential: { looks: 5 } } }),
  );
  const units = unitsOf(300);
  await world.assign(units);
  await world.track(
    units.filter((_, at) => at % 5 === 0).map(({ unit, atMs }) => ({ unit, event: 'purchase', atMs })),
  );
  await keepIt(world, await readAt(world, day(1)));
  const [early, late] = [await readAt(world, day(2)), await readAt(world, day(4))];
  expect(await keepIt(world, early)).toBe(1);
  await expect(keepIt(world, late)).rejects.toBeInstanceOf(TakenMeanwhile);
  expect(await keepIt(world, await readAt(world, day(4)))).toBe(2);
  await expect(keepIt(world, early)).rejects.toBeInstanceOf(TakenMeanwhile);
  const { rows } = await world.pool.query('select k.look from halyard.experiment_look k order by k.look');
  expect(rows).toEqual([{ look: 1 }, { look: 2 }]);

  // As after a failover to a server whose clock is behind: what is recorded is not known yet at this time, and is not overlooked.
  const behind = world.analyze(day(2));
  await expect(behind).rejects.toBeInstanceOf(UnreachableError);
  await expect(behind).rejects.toThrow('a clock that was ahead');
});

test('a look from before information was measured knows its share of the plan', async () => {
  await using world = await World.create();
  await world.pool.query(
    `insert into halyard.experiment_look (project, environment, experiment, look, at, fraction, is_final, units, arms)
     values ($1, 'prod', $2, 1, $3, 0.21, false, 400, '[]')`,
    [PROJECT, EXPERIMENT, new Date(day(1))],
  );
  const { scope } = await readAt(world, day(2));
  const { looks } = await readKept(world.pool, scope);
  expect(looks).toMatchObject([{ look: 1, fraction: 0.21, information: 0.21 }]);
});
