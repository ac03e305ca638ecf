// `halyard analyze` and `halyard power` as they are run: what they print, what they keep, and with whose rights.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Analysis } from '../../src/experiments/analysis.ts';
import type { PowerReport } from '../../src/experiments/power.ts';
import { sampleSizeOfProportions } from '../../src/stats/power/proportions.ts';
import { inflation } from '../../src/stats/sequential/plan.ts';
import { type Ended, halyard as run } from '../support/command.ts';
import { createLogin } from '../support/service-login.ts';
import { experimentOf, iso, unitsOf, World } from './world.ts';

const DAY_MS = 86_400_000;
/** Power counts back from now, so these shoppers came yesterday. */
const CAME_MS = Date.now() - DAY_MS;

let world: World;
beforeAll(async () => {
  world = await World.create(
    experimentOf({ traffic: 50, analysis: { minimumEffect: 0.5, sequential: { looks: 2 } } }),
  );
  const units = unitsOf(300, CAME_MS);
  await world.assign(units);
  await world.track([
    ...units
      .filter(({ arm }, at) => at % (arm === 'on' ? 3 : 5) === 0)
      .map(({ unit, atMs }) => ({ unit, event: 'purchase', atMs: atMs + 1_000 })),
    ...units.map(({ unit, atMs }) => ({ unit, event: 'visit', atMs: atMs + 500 })),
  ]);
});
afterAll(() => world[Symbol.asyncDispose]());

function halyard(args: string[], url = world.database.url): Promise<Ended> {
  return run(args, undefined, '', { HALYARD_DATABASE_URL: url, NO_COLOR: '1' });
}

async function kept(): Promise<{ plans: number; looks: number; shown: number }> {
  const { rows } = await world.pool.query<{ plans: number; looks: number; shown: number }>(
    `select (select count(*)::integer from halyard.experiment_plan) as plans,
       (select count(*)::integer from halyard.experiment_look) as looks,
       (select count(*)::integer from halyard.experiment_snapshot) as shown`,
  );
  return rows[0] as { plans: number; looks: number; shown: number };
}

test('a reader says what stood and keeps nothing; an analyst takes the look, which is found again', async () => {
  await using reader = await createLogin(world.database.url, { group: 'halyard_reader' });
  await using analyst = await createLogin(world.database.url, { group: 'halyard_analyst' });
  const refused = await halyard(['analyze', 'page-layout'], reader.url);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/may read, and not record an analysis.* halyard_analyst.* --at /);
  const at = iso(Date.now());
  const stood = await halyard(['analyze', 'page-layout', '--at', at, '--format', 'json'], reader.url);
  expect(stood).toMatchObject({ code: 0, stderr: '' });
  expect(await kept()).toEqual({ plans: 0, looks: 0, shown: 0 });

  const shown = await halyard(['analyze', 'page-layout', '--format', 'json'], analyst.url);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(await kept()).toEqual({ plans: 1, looks: 1, shown: 1 });
  const analysis = JSON.parse(shown.stdout) as Analysis;
  expect(analysis.progress.look).toBe(1);
  expect((JSON.parse(stood.stdout) as Analysis).primary).toEqual(analysis.primary);

  const formats = ['text', 'markdown', 'html'];
  const again = await Promise.all(
    formats.map((format) => halyard(['analyze', 'page-layout', '--format', format], analyst.url)),
  );
  for (const ended of again) {
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('page-layout');
  }
  expect(await kept()).toEqual({ plans: 1, looks: 1, shown: 4 });
  const first = await halyard(['analyze', 'page-layout', '--kept', '1', '--format', 'json'], reader.url);
  expect(first.stdout).toBe(shown.stdout);
  const history = await halyard(['analyze', 'page-layout', '--history'], reader.url);
  expect(history.stdout.split('\n')).toHaveLength(6);
  // The newest first, but which of the three that was is not known.
  expect(history.stdout).toMatch(/^NUMBER .*\n[2-4] {7}/);
  for (const number of [2, 3, 4])
    expect(history.stdout).toMatch(new RegExp(`\n${number} {7}\\S+Z {2}prod {9}– {5}600 `));
  expect(history.stdout).toMatch(new RegExp(`\n1 {7}\\S+Z {2}prod {9}1 .* ${analyst.name}\n`));
});

test('what was said is not changed, not even by the owner', async () => {
  await halyard(['analyze', 'page-layout']);
  for (const table of ['experiment_plan', 'experiment_look', 'experiment_snapshot']) {
    for (const statement of [
      `update halyard.${table} set at = now()`,
      `delete from halyard.${table}`,
      `truncate halyard.${table}`,
    ])
      await expect(world.pool.query(statement)).rejects.toThrow(`of halyard.${table} is refused`);
  }
});

test.each([
  ['an instant that is to come', ['--at', '2999-01-01T00:00:00Z'], 'in the future'],
  ['an instant before there were computers', ['--at', '0000-01-01T00:00:00Z'], 'before 1970'],
  ['an analysis that was never shown', ['--kept', '999'], 'there is no analysis 999'],
  ['the history as a page', ['--history', '--format', 'html'], '--history prints text or json'],
  ['an environment where it does not run', ['--environment', 'dev'], 'does not run in `dev`'],
])('%s is wrong use', async (_name, args, message) => {
  const { code, stdout, stderr } = await halyard(['analyze', 'page-layout', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('power measures the baseline of those who came, and what they bring at the share of the experiment', async () => {
  await using reader = await createLogin(world.database.url, { group: 'halyard_reader' });
  const { code, stdout, stderr } = await halyard(['power', 'page-layout', '--format', 'json'], reader.url);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(stdout) as PowerReport;
  // 300 units of each arm came: every fifth of those with an even number, every third of the others.
  const rate = 160 / 600;
  expect(report.baseline).toMatchObject({ value: rate, units: 600, days: 14 });
  const size =
    (sampleSizeOfProportions({ control: rate, treatment: rate * 1.5, alpha: 0.05, power: 0.8 }) ?? 0) *
    inflation(2, 0.05, 0.8, 'pocock').sample;
  expect(report.size).toMatchObject({ unitsPerArm: Math.ceil(size), units: 2 * Math.ceil(size) });
  expect(report.traffic.share).toBe(0.5);
  // All within about a day, of whom half take part.
  expect(report.traffic.unitsPerDay).toBeGreaterThan(250);
  expect(report.traffic.unitsPerDay).toBeLessThanOrEqual(300);
  const [week, , month] = report.effects;
  expect(month?.relative).toBeLessThan(week?.relative ?? 0);
  await halyard(['analyze', 'page-layout']);
  expect((await halyard(['power', 'page-layout'])).stdout).toMatch(
    new RegExp(
      `^page-layout in prod needs ${Math.ceil(size)} units per arm, [^]*\\nIt runs on a plan of \\d+ units per arm, [^]* never has an event does not`,
    ),
  );
});

test('power by given numbers needs no events, and a smaller effect needs more units', async () => {
  const ask = async (...args: string[]) => {
    const { stdout, stderr } = await halyard(['power', 'page-layout', '--format', 'json', ...args]);
    expect(stderr).toBe('');
    return JSON.parse(stdout) as PowerReport;
  };
  const given = ['--baseline', '0.1', '--units-per-day', '1000'];
  const large = await ask(...given, '--minimum-effect', '0.2');
  const small = await ask(...given, '--minimum-effect', '0.1');
  expect(large.baseline).toMatchObject({ value: 0.1, units: null, days: null });
  expect(large.size?.days).toBe(Math.ceil((large.size?.units ?? 0) / 1_000));
  expect((small.size?.units ?? 0) / (large.size?.units ?? 1)).toBeGreaterThan(3.5);
  const text = (await halyard(['power', 'page-layout', ...given])).stdout;
  expect(text).toMatch(/^traffic +1,000 units a day, as given$/m);
  expect(text).toMatch(/^ {2}2 weeks +14,000 units {2}[\d.]+ % of the baseline \([\d.]+ pp\)$/m);
  const percents = await halyard(['power', 'page-layout', ...given, '--minimum-effect', '10']);
  expect(percents.stdout).toContain('no size can be said');
  expect(percents.stdout).toContain('1,000 % of the baseline, and no rate is that far away: 0.1 is 10 %');
  const high = await halyard(['power', 'page-layout', '--baseline', '0.95', '--units-per-day', '10']);
  expect(high.stdout).toContain('From 95 % no rate rises by more than 5.26 % of it');
  expect(text).not.toContain('no rate rises');
  const wrong = await halyard(['power', 'page-layout', '--baseline', '3']);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('rate between 0 and 1');
});
