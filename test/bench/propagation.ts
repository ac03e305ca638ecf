// How soon a commit is served, at many relays on one PostgreSQL: with NOTIFY, by polls alone, and behind a relay;
// what that costs the database; and how a fleet comes back. `npm run bench -- propagation 20` takes 20 relays.
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from '../../src/db/pool.ts';
import { OwnPostgres, PostgresSeed } from '../relay/faults/own-postgres.ts';
import { CountingProxy } from './propagation-bytes.ts';
import { Fleet } from './propagation-fleet.ts';
import { type Committed, Writer } from './propagation-writer.ts';
import { median, table } from './report.ts';

const RELAYS = Number(process.argv[2] ?? 100);
const FLAGS = 10_000;
const PROCESSES = 5;
const COMMITS = 20;
const STORM = 30;
const RELAY_SESSIONS = `application_name = 'halyard relay'`;

const ms = (value: number) => value.toFixed(0);
const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * q) - 1] ?? Number.NaN;

/** Commits at moments that have nothing to do with anybody's polls, each after the one before was served everywhere. */
async function commits(writer: Writer, fleet: Fleet, behind?: Fleet): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < COMMITS; n++) {
    await sleep(1_000 + ((n * 373) % 1_000));
    const { revision, atMs }: Committed = await writer.commit();
    const moments = [await fleet.servedAtMs(revision), (await behind?.servedAtMs(revision)) ?? []].flat();
    took.push(...moments.map((moment) => Math.max(0, moment - atMs)));
  }
  return took;
}

function row(name: string, took: readonly number[]): string[] {
  return [name, ms(median(took)), ms(quantile(took, 0.99)), ms(Math.max(...took))];
}

/** When each session of a relay began, in milliseconds since the first one. */
async function reconnects(admin: Pool): Promise<number[]> {
  const { rows } = await admin.query<{ ms: number }>(
    `select 1000 * extract(epoch from backend_start - min(backend_start) over ())::float8 as ms
     from pg_stat_activity where ${RELAY_SESSIONS}`,
  );
  return rows.map((session) => session.ms);
}

async function sessions(admin: Pool): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where ${RELAY_SESSIONS}`,
  );
  return rows[0]?.count ?? 0;
}

async function allBack(url: string, count: number): Promise<number[]> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(100)) {
    await using admin = new Pool(url, { maxConnections: 1 });
    const back = await reconnects(admin).catch(() => []);
    if (back.length >= count) return back;
  }
  throw new Error('the fleet does not come back');
}

function histogram(title: string, moments: readonly number[]): string {
  const width = 250;
  const buckets = Array.from({ length: Math.floor(Math.max(...moments) / width) + 1 }, () => 0);
  for (const moment of moments)
    buckets[Math.floor(moment / width)] = (buckets[Math.floor(moment / width)] ?? 0) + 1;
  const lines = buckets.map(
    (count, at) => `${String(at * width).padStart(6)} ms ${'#'.repeat(count)} ${count}`,
  );
  return `${title}\n${lines.join('\n')}`;
}

await using seed = await PostgresSeed.make();
await using server = await OwnPostgres.start(seed, {
  settings: { max_connections: String(RELAYS * 2 + 50) },
});
const writer = new Writer(server.url, FLAGS);
await writer.commit();
process.stdout.write(
  `Propagation: ${RELAYS} relays in ${PROCESSES} processes on one PostgreSQL, ${FLAGS} flags, one flag a commit,
${COMMITS} commits by sync's own functions; from the answer to COMMIT until each relay's answer to an app has changed
(which is told by the relay's stream, and then asks over HTTP). All on this machine. Load before: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}.\n\n`,
);

const rows = [['ms', 'p50', 'p99', 'max']];
{
  await using fleet = await Fleet.start(
    Array.from({ length: RELAYS }, () => server.url),
    PROCESSES,
  );
  let most = 0;
  await using admin = new Pool(server.url, { maxConnections: 1 });
  const watching = setInterval(() => {
    sessions(admin).then(
      (count) => {
        most = Math.max(most, count);
      },
      () => undefined,
    );
  }, 20);
  rows.push(row('with NOTIFY', await commits(writer, fleet)));
  writer.silence();
  rows.push(row('NOTIFY lost, by polls alone', await commits(writer, fleet)));
  writer.speak();
  clearInterval(watching);

  const before = (await writer.commit()).revision;
  await fleet.servedAtMs(before);
  let last: Committed = await writer.commit();
  const stormStartMs = last.atMs;
  for (let n = 1; n < STORM; n++) last = await writer.commit();
  const storm = (await fleet.servedAtMs(last.revision)).map((moment) => Math.max(0, moment - last.atMs));
  rows.push(row(`the last of ${STORM} commits in ${ms(last.atMs - stormStartMs)} ms`, storm));
  process.stdout.write(`${table(rows)}\n\n`);
  process.stdout.write(
    `Snapshots taken by each relay in that storm: ${ms(median(fleet.servedAfter(before)))} (median).\n`,
  );
  process.stdout.write(`Connections to PostgreSQL at their most: ${most}, of ${RELAYS} relays.\n`);

  {
    await using proxy = await CountingProxy.open(server.url);
    await using one = await Fleet.start([proxy.urlOf(server.url)], 1);
    const whole = proxy.received;
    const perChange: number[] = [];
    for (let n = 0; n < 5; n++) {
      const received = proxy.received;
      const { revision } = await writer.commit();
      await one.servedAtMs(revision);
      perChange.push(proxy.received - received);
    }
    const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
    process.stdout.write(
      `Bytes from PostgreSQL to a relay: ${kilobytes(whole)} at its start, ${kilobytes(median(perChange))} for a change.\n\n`,
    );
  }

  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${RELAY_SESSIONS}`);
  await sleep(200);
  const cut = await allBack(server.url, RELAYS);
  process.stdout.write(`${histogram('All connections cut at once: when sessions began anew', cut)}\n\n`);
}
{
  await using _fleet = await Fleet.start(
    Array.from({ length: RELAYS }, () => server.url),
    PROCESSES,
  );
  await server.end('SIGINT');
  await server.start();
  const back = await allBack(server.url, RELAYS);
  process.stdout.write(`${histogram('PostgreSQL restarted: when sessions began anew', back)}\n\n`);
}
{
  await using first = await Fleet.start([server.url], 1);
  const [url = ''] = first.urls;
  await using others = await Fleet.start(
    Array.from({ length: RELAYS - 1 }, () => url),
    PROCESSES,
  );
  const behind = [['ms', 'p50', 'p99', 'max']];
  behind.push(row('with NOTIFY', await commits(writer, others)));
  writer.silence();
  behind.push(row('NOTIFY lost, by polls alone', await commits(writer, others)));
  await using admin = new Pool(server.url, { maxConnections: 1 });
  process.stdout.write(
    `${RELAYS - 1} relays behind one, which holds ${await sessions(admin)} connection:\n\n${table(behind)}\n\n`,
  );
}
await writer[Symbol.asyncDispose]();
process.stdout.write(
  `Load after: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}.\n\n`,
);
