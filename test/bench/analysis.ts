// How long an analysis of a million units takes at a planned look, with five metrics and CUPED, and what it needs of memory here: `npm run bench:analysis`.
import { readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { startTemporaryPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';
import { analyze } from '../../src/experiments/analyze.ts';
import type { ExperimentDefinition, MetricDefinition } from '../../src/model/definitions.gen.ts';
import { applyCommit } from '../audit/writing.ts';
import { median, table } from './report.ts';

const UNITS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 3;
const PROJECT = 'acme/shop';
const NAMED = { project: PROJECT, experiment: 'big' };

const METRICS: MetricDefinition[] = [
  { metric: 'purchase', type: 'binary', direction: 'increase', event: 'purchase', window: '7d' },
  {
    ...{ metric: 'order-value', type: 'mean', direction: 'increase', event: 'purchase', value: 'amount' },
    ...{ window: '7d', cap: 0.999 },
  },
  {
    ...{ metric: 'revenue', type: 'count', direction: 'increase', event: 'purchase', value: 'amount' },
    ...{ window: '7d', cap: 0.999 },
  },
  { metric: 'sessions', type: 'count', direction: 'increase', event: 'session', window: '7d' },
  {
    ...{ metric: 'errors', type: 'ratio', direction: 'decrease', window: '7d', margin: 0.05 },
    ...{ numerator: 'checkout-error', denominator: 'checkout-started' },
  },
];

const EXPERIMENT: ExperimentDefinition = {
  ...{ experiment: 'big', flag: 'checkout', status: 'running', environments: ['prod'] },
  arms: [
    { variation: 'off', weight: 50 },
    { variation: 'on', weight: 50 },
  ],
  metrics: { primary: 'purchase', secondary: ['order-value', 'revenue', 'sessions'], guardrails: ['errors'] },
  analysis: { minimumEffect: 0.012, sequential: { looks: 5 }, cuped: { days: 14 } },
};

/** Events a unit, by name: how likely each of `upTo` is before the first exposure and after it. */
const EVENTS = [
  { event: 'session', before: 0.5, after: 0.5, upTo: 4 },
  { event: 'purchase', before: 0.2, after: 0.25, upTo: 1 },
  { event: 'checkout-started', before: 0.3, after: 0.4, upTo: 1 },
  { event: 'checkout-error', before: 0.04, after: 0.05, upTo: 1 },
];

const DAYS =
  "select halyard.open_event_day(d::date) from generate_series(current_date - 30, current_date, '1 day') d";

/** First exposures over the last fortnight; the arm is a bit of a hash, as an assignment is. */
const ASSIGN = `
insert into halyard.assignment (project, environment, experiment, unit, unit_attribute, arm, at, revision)
select '${PROJECT}', 'prod', 'big', 'user-' || md5(i::text), 'targetingKey',
  case when get_byte(sha256(i::text::bytea), 0) < 128 then 'off' else 'on' end,
  now() - interval '14 days' * (1 - i / $1::double precision), 1
from generate_series(1, $1::integer) i`;

const TRACK = `
insert into halyard.track_event (project, environment, event, unit_attribute, unit, at, value, properties)
select '${PROJECT}', 'prod', $1, 'targetingKey', a.unit, e.at, null,
  case when $1 = 'purchase' then jsonb_build_object('amount', round((exp(random() * 3) * 10)::numeric, 2)) end
from halyard.assignment a
cross join lateral (
  select case when random() < $2 then a.at - random() * interval '14 days' end as at from generate_series(1, $4::integer)
  union all
  select case when random() < $3 then a.at + random() * interval '7 days' end from generate_series(1, $4::integer)
) e
where e.at < now()`;

await using server = await startTemporaryPostgres();
await migrate(server.url);
await using pool = new Pool(server.url, { maxConnections: 2, statementTimeoutMs: 900_000 });
await applyCommit(pool, PROJECT, [
  { kind: 'experiment', key: 'big', body: EXPERIMENT },
  ...METRICS.map((metric) => ({ kind: 'metric', key: metric.metric, body: metric })),
]);
await pool.query(DAYS);
await pool.query('select setseed(0.5)');
await pool.query(ASSIGN, [UNITS]);
for (const { event, before, after, upTo } of EVENTS) await pool.query(TRACK, [event, before, after, upTo]);
const { rows } = await pool.query<{ events: number }>(
  'select count(*)::integer as events from halyard.track_event',
);
await pool.query('vacuum analyze');
process.stderr.write(`${UNITS.toLocaleString('en')} units, ${rows[0]?.events.toLocaleString('en')} events\n`);

/** Of the two connections of the pool, which stay open. On a machine that has other work it is what counts; 0 where there is no /proc. */
async function serverCpuMs(): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>(
    `select a.pid from pg_stat_activity a where a.datname = current_database() and a.backend_type = 'client backend'`,
  );
  const ticks = await Promise.all(
    rows.map(async ({ pid }) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [user = 0, system = 0] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return user + system;
    }),
  );
  return ticks.reduce((sum, each) => sum + each, 0) * 10;
}

// A look of half of the units is behind it: what both looks have in common is measured as well.
await analyze(pool, { ...NAMED, atMs: Date.now() - 7 * 86_400_000, isKept: true });
const rounds: { ms: number; cpuMs: number; rss: number }[] = [];
// Both connections are open before the first round is measured.
await Promise.all([pool.query('select pg_sleep(0.1)'), pool.query('select pg_sleep(0.1)')]);
const rssBefore = process.memoryUsage.rss();
for (let round = 0; round < ROUNDS; round++) {
  const startedMs = performance.now();
  const cpuBefore = await serverCpuMs();
  const analysis = await analyze(pool, { ...NAMED, isKept: false });
  const ms = performance.now() - startedMs;
  rounds.push({ ms, cpuMs: (await serverCpuMs()) - cpuBefore, rss: process.memoryUsage.rss() });
  if (analysis.progress.units !== UNITS || analysis.looks.length !== 2 || analysis.primary.arms[0]?.p == null)
    throw new Error('the analysis is not whole');
}
const mebi = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
const load = loadavg().map((each) => each.toFixed(1));
process.stdout.write(
  `${table([
    [`${UNITS.toLocaleString('en')} units`, 'took', 'CPU of PostgreSQL', 'memory here, before', 'after'],
    ...rounds.map(({ ms, cpuMs, rss }, at) => [
      `round ${at + 1}`,
      `${(ms / 1_000).toFixed(1)} s`,
      `${(cpuMs / 1_000).toFixed(1)} s`,
      mebi(rssBefore),
      mebi(rss),
    ]),
    ['median', `${(median(rounds.map(({ ms }) => ms)) / 1_000).toFixed(1)} s`, '', '', ''],
  ])}\n${availableParallelism()} cores, load ${load.join(' ')}\n`,
);
