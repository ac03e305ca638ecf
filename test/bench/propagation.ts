// How soon a commit is served, at many relays on one PostgreSQL: with NOTIFY, by polls alone, and behind a relay;
// what that costs the database; and how a fleet comes back. `npm run bench -- propagation 20` takes 20 relays.
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from '../../src/db/pool.ts';
import { OwnPostgres, PostgresSeed } from '../relay/faults/own-postgres.ts';
import { CountingProxy } from './propagation-bytes.ts';
import { Fleet } from './propagation-fleet.ts';
import { mostSessions, sessionsBegan, terminateSessions } from './propagation-sessions.ts';
import { type Committed, Writer } from './propagation-writer.ts';
import { median, table } from './report.ts';

const RELAYS = Number(process.argv[2] ?? 100);
const FLAGS = 10_000;
const PROCESSES = 5;
const COMMITS = 10;
const STORM = 15;

const HEADS = ['ms', 'p50', 'p99', 'max', 'CPU of a relay per commit'];

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * q) - 1] ?? Number.NaN;
}

/** Commits at moments that have nothing to do with anybody's polls, each after the one before was served everywhere. */
async function spreadCommits(name: string, writer: Writer, fleet: Fleet): Promise<string[]> {
  const took: number[] = [];
  const cpuMs = await fleet.cpuMs();
  for (let n = 0; n < COMMITS; n++) {
    await sleep(300 + ((n * 373) % 1_000));
    const { revision, atMs } = await writer.commit();
    took.push(...(await fleet.servedAtMs(revision)).map((moment) => Math.max(0, moment - atMs)));
  }
  return row(name, took, ((await fleet.cpuMs()) - cpuMs) / fleet.urls.length / COMMITS);
}

async function storm(writer: Writer, fleet: Fleet): Promise<string[]> {
  const before = await writer.commit();
  await fleet.servedAtMs(before.revision);
  let last: Committed = before;
  const cpuMs = await fleet.cpuMs();
  for (let n = 0; n < STORM; n++) last = await writer.commit();
  const served = (await fleet.servedAtMs(last.revision)).map((moment) => Math.max(0, moment - last.atMs));
  const taken = median(fleet.servedAfter(before.revision));
  const name = `the last of ${STORM} in ${(last.atMs - before.atMs).toFixed(0)} ms (${taken} snapshots taken)`;
  return row(name, served, ((await fleet.cpuMs()) - cpuMs) / fleet.urls.length / STORM);
}

function row(name: string, took: readonly number[], cpuMs: number): string[] {
  const figures = [median(took), quantile(took, 0.99), Math.max(...took)].map((ms) => ms.toFixed(0));
  return [name, ...figures, cpuMs.toFixed(1)];
}

async function withAndWithoutNotify(writer: Writer, fleet: Fleet): Promise<string[][]> {
  const woken = await spreadCommits('with NOTIFY', writer, fleet);
  writer.silence();
  const polled = await spreadCommits('NOTIFY lost, by polls alone', writer, fleet);
  writer.speak();
  return [woken, polled];
}

async function bytesPerChange(url: string, writer: Writer): Promise<string> {
  await using proxy = await CountingProxy.open(url);
  await using one = await Fleet.start([proxy.urlOf(url)], 1);
  const whole = proxy.received;
  const changes: number[] = [];
  for (let n = 0; n < 5; n++) {
    const received = proxy.received;
    const { revision } = await writer.commit();
    await one.servedAtMs(revision);
    changes.push(proxy.received - received);
  }
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
  return `${kilobytes(whole)} at its start, ${kilobytes(median(changes))} for a change`;
}

function histogram(title: string, momentsMs: readonly number[]): string {
  const widthMs = 250;
  const counts = Array.from({ length: Math.floor(Math.max(...momentsMs) / widthMs) + 1 }, (_, at) => {
    return momentsMs.filter((moment) => Math.floor(moment / widthMs) === at).length;
  });
  const lines = counts.map(
    (count, at) => `${String(at * widthMs).padStart(6)} ms ${'#'.repeat(count)} ${count}`,
  );
  return `${title}, from the first one on:\n${lines.join('\n')}\n\n`;
}

async function onOneDatabase(server: OwnPostgres, writer: Writer): Promise<void> {
  await using fleet = await Fleet.start(
    Array.from({ length: RELAYS }, () => server.url),
    PROCESSES,
  );
  await using admin = new Pool(server.url, { maxConnections: 1 });
  await using most = mostSessions(admin);
  const rows = [...(await withAndWithoutNotify(writer, fleet)), await storm(writer, fleet)];
  process.stdout.write(`${table([HEADS, ...rows])}\n\n`);
  process.stdout.write(`Connections of ${RELAYS} relays at their most: ${most.count}.\n`);
  process.stdout.write(`Bytes from PostgreSQL to a relay: ${await bytesPerChange(server.url, writer)}.\n\n`);
  await terminateSessions(admin);
  process.stdout.write(
    histogram('Sessions that began after all were cut', await sessionsBegan(server.url, RELAYS)),
  );
  await server.end('SIGINT');
  await server.start();
  process.stdout.write(
    histogram('Sessions that began after PostgreSQL was restarted', await sessionsBegan(server.url, RELAYS)),
  );
}

async function behindOneRelay(server: OwnPostgres, writer: Writer): Promise<void> {
  await using first = await Fleet.start([server.url], 1);
  const [url = ''] = first.urls;
  await using others = await Fleet.start(
    Array.from({ length: RELAYS - 1 }, () => url),
    PROCESSES,
  );
  const rows = await withAndWithoutNotify(writer, others);
  process.stdout.write(`${RELAYS - 1} relays behind one:\n\n${table([HEADS, ...rows])}\n\n`);
}

const load = () =>
  `load ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`;

await using seed = await PostgresSeed.make();
await using server = await OwnPostgres.start(seed, {
  settings: { max_connections: String(RELAYS * 2 + 50) },
});
await using writer = new Writer(server.url, FLAGS);
await writer.commit();
process.stdout.write(
  `Propagation: ${RELAYS} relays in ${PROCESSES} processes on one PostgreSQL, ${FLAGS} flags, one of them changed by each of
${COMMITS} commits by sync's own functions; from the answer to COMMIT until an app at each relay has the new answer (the
relay's stream tells it to ask, over HTTP). All of it, PostgreSQL and the apps too, on ${availableParallelism()} cores; ${load()}.\n\n`,
);
await onOneDatabase(server, writer);
await behindOneRelay(server, writer);
process.stdout.write(`At the end ${load()}.\n\n`);
