// Events through HTTP into PostgreSQL: `npm run bench:events`, or `npm run bench:events -- 20 5000` for 20 s at 5,000 a second.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startTemporaryPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';
import { applyCommit } from '../audit/writing.ts';
import { DEFINITIONS, PROJECT } from '../events/definitions.ts';

const seconds = Number(process.argv[2] ?? 60);
const perSecond = Number(process.argv[3] ?? 10_000);
const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const GENERATOR = join(import.meta.dirname, 'events-generator.ts');
const TICKS_A_SECOND = 100;
const LOOK_MS = 250;
const MOST_FRESH_MS = 5_000;

interface Generated {
  sent: number;
  counted: number;
  duplicates: number;
  refused: number;
  failed: number;
  exposedUnits: number;
  tracked: number;
  tookMs: number;
  ack: Quantiles;
  age: Quantiles;
}

interface Quantiles {
  p50: number;
  p99: number;
  max: number;
}

await using server = await startTemporaryPostgres();
await migrate(server.url);
await using pool = new Pool(server.url, { maxConnections: 2 });
await applyCommit(pool, PROJECT, DEFINITIONS);
const collector = spawn(
  process.execPath,
  [MAIN, 'collect', '--database-url', server.url, '--listen', '127.0.0.1:0', '--log-level', 'info'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  const url = await listening(collector);
  const before = { collector: cpuOf(collector.pid as number), postgres: cpuOfPostgres(server.pid) };
  const looking = new AbortController();
  const looks = lookUntil(looking.signal);
  const { stdout } = await promisify(execFile)(process.execPath, [
    GENERATOR,
    url,
    String(perSecond),
    String(seconds),
  ]);
  looking.abort();
  const generated = JSON.parse(stdout) as Generated;
  const cpu = {
    collector: cpuOf(collector.pid as number) - before.collector,
    postgres: cpuOfPostgres(server.pid) - before.postgres,
  };
  await report(generated, cpu, await looks);
} finally {
  collector.kill('SIGTERM');
}

/** Where the collector says that it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      const url = /"url":"([^"]+)"/.exec(String(chunk))?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error('the collector ended')));
  });
}

/** How old the newest event was that a query found, looked at from outside again and again. */
async function lookUntil(signal: AbortSignal): Promise<number[]> {
  const ages: number[] = [];
  while (!signal.aborted) {
    const { rows } = await pool.query<{ age: number | null }>(
      `select extract(epoch from clock_timestamp() - max(t.at))::float8 * 1000 as age from halyard.track_event t
       where t.project = $1 and t.environment = 'prod' and t.event = 'visit' and t.unit_attribute = 'targetingKey'
         and t.at > now() - interval '1 minute'`,
      [PROJECT],
    );
    if (typeof rows[0]?.age === 'number') ages.push(rows[0].age);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  return ages;
}

async function report(
  generated: Generated,
  cpu: { collector: number; postgres: number },
  looks: number[],
): Promise<void> {
  const { rows } = await pool.query<{ ids: number; assignments: number; events: number; bytes: number }>(
    `select (select count(*)::int from halyard.event_id) as ids,
       (select count(*)::int from halyard.assignment) as assignments,
       (select count(*)::int from halyard.track_event) as events,
       (pg_total_relation_size('halyard.event_id') + pg_total_relation_size('halyard.assignment') + (select coalesce(sum(
          pg_total_relation_size(inhrelid)), 0) from pg_inherits where inhparent = 'halyard.track_event'::regclass))::float8 as bytes`,
  );
  const stored = rows[0] as (typeof rows)[number];
  const { counted, ack, age } = generated;
  const per1000 = (cpuSeconds: number) => `${((cpuSeconds * 1e6) / counted).toFixed(1)} ms`;
  const ms = ({ p50, p99, max }: Quantiles) =>
    `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, at most ${max.toFixed(0)} ms`;
  const stalest = Math.max(...looks);
  const lines = [
    `events     ${counted} counted in ${(generated.tookMs / 1_000).toFixed(1)} s: ${Math.round((counted * 1_000) / generated.tookMs)} a second, of ${perSecond} wanted`,
    `           ${generated.refused} refused, ${generated.duplicates} duplicates, ${generated.failed} not taken`,
    `answers    ${ms(ack)}`,
    `freshness  ${ms(age)}, from the event's time to committed, half a second in the relay included`,
    `           the newest event that a query found was at most ${stalest.toFixed(0)} ms old (${looks.length} looks)`,
    `CPU        per 1,000 events: collector ${per1000(cpu.collector)}, PostgreSQL ${per1000(cpu.postgres)}`,
    `stored     ${stored.ids} ids, ${stored.assignments} assignments, ${stored.events} events: ${(stored.bytes / stored.ids).toFixed(0)} bytes an event`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const isWhole =
    stored.ids === counted &&
    stored.events === generated.tracked &&
    stored.assignments === generated.exposedUnits;
  if (!isWhole || generated.failed > 0) fail('what is stored is not what was sent');
  if (age.max > MOST_FRESH_MS) fail(`an event was older than ${MOST_FRESH_MS} ms before it could be queried`);
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

/** Seconds of processor time, of children that have ended too. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // utime, stime, cutime, cstime: fields 14 to 17 of proc(5), of which two stand before the name's end.
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
}

function cpuOfPostgres(postmaster: number): number {
  let seconds = cpuOf(postmaster);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, parent] = /^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      if (Number(parent) === postmaster) seconds += cpuOf(Number(name));
    } catch {
      // It has ended.
    }
  }
  return seconds;
}
