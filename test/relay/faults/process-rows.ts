// Faults of the relay's own process and of its machine, each played on a process of its own.
import { readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { createFolder } from '../folder.ts';
import { expectServedFromCache, NAME, restarted } from './cache-play.ts';
import { type FaultGroup, type FaultRow, LAST_GOOD, withoutRoot } from './fault.ts';
import { RelayProcess, type RelayProcessOptions } from './relay-process.ts';
import {
  asked,
  Commits,
  eventually,
  expectDiscreet,
  expectSaid,
  expectWell,
  flagOf,
  metricOf,
  statusOf,
} from './stage.ts';

const KILLS = 4;
const CLOCK = fileURLToPath(new URL('./clock.ts', import.meta.url));
const HOUR_MS = 3_600_000;

interface ProcessStage {
  relay: RelayProcess;
  commits: Commits;
  database: TestDatabase;
}

/** A relay process that follows a database with one commit. */
async function onProcess(
  optionsFor: (database: TestDatabase) => Promise<RelayProcessOptions> | RelayProcessOptions,
  work: (stage: ProcessStage) => Promise<void>,
): Promise<void> {
  await using database = await createDatabase();
  const commits = new Commits(database.url);
  await commits.next();
  await using relay = await RelayProcess.start(await optionsFor(database));
  await expectWell(relay, 1);
  await work({ relay, commits, database });
  await expectDiscreet(relay, database.url);
}

const killed: FaultRow = {
  name: `the relay is killed (-9) at ${KILLS} instants of a burst of commits, and starts with everything else down`,
  users: LAST_GOOD,
  operator: 'stale, `fromCache`, `postgres`: does not answer',
  play: async () => {
    await using folder = await createFolder({});
    await using database = await createDatabase();
    const commits = new Commits(database.url);
    await commits.next();
    for (let kill = 0; kill < KILLS; kill++) {
      await using relay = await RelayProcess.start({ source: database.url, cache: folder.path });
      await expectWell(relay, commits.revision);
      // What was there before the burst is on disk; of the burst nobody knows what is.
      const least = commits.revision;
      const onDisk = async () => (await readFile(join(folder.path, NAME), 'utf8')).slice(0, 500);
      await eventually(async () => (await onDisk()).includes(`"revision":${least},`));
      const burst = (async () => {
        for (let at = 0; at < 3; at++) {
          await commits.next();
          await commits.run(`select pg_notify('halyard_snapshot', '')`);
        }
      })();
      await sleep(kill * 31);
      await relay.kill();
      await burst;
      await using second = await restarted(folder.path);
      const { revision = 0 } = await statusOf(second);
      expect(revision).toBeGreaterThanOrEqual(least);
      await expectServedFromCache(second, revision);
    }
    await using last = await RelayProcess.start({ source: database.url, cache: folder.path });
    await expectWell(last, commits.revision);
  },
};

const starved: FaultRow = {
  name: 'more callers connect than the relay may have files open (ulimit -n)',
  users: 'those who are connected: nothing; others are turned away',
  operator: '`halyard_connections_dropped_total` counts them',
  unplayable: () => (process.platform === 'linux' ? undefined : 'needs prlimit'),
  play: () =>
    onProcess(
      ({ url }) => ({ source: url, through: ['prlimit', '--nofile=128:128'] }),
      async ({ relay, commits }) => {
        const crowd: Socket[] = [];
        await asked(relay, commits, async () => {
          const { hostname, port } = new URL(relay.url);
          for (let at = 0; at < 300; at++) {
            crowd.push(connect(Number(port), hostname).on('error', () => undefined));
          }
          await eventually(() => crowd.every((socket) => !socket.connecting));
          await eventually(
            async () => ((await metricOf(relay, 'halyard_connections_dropped_total')) ?? 0) > 0,
          );
          await commits.run(END_RELAYS);
          await expectWell(relay, await commits.next());
        });
        for (const socket of crowd) socket.destroy();
        await expectWell(relay, await commits.next());
      },
    ),
};

const END_RELAYS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'halyard relay'`;

const nameless: FaultRow = {
  name: 'the name of the database’s host is not found any more (DNS)',
  users: LAST_GOOD,
  operator: '`postgres`: does not answer (ENOTFOUND or EAI_AGAIN)',
  unplayable: withoutRoot,
  play: async () => {
    await using folder = await createFolder({
      hosts: `127.0.0.1 localhost ${HOST}\n`,
      'resolv.conf': 'nameserver 127.0.0.1\n',
    });
    const hosts = join(folder.path, 'hosts');
    const mounts = `mount --bind ${hosts} /etc/hosts && mount --bind ${join(folder.path, 'resolv.conf')} /etc/resolv.conf`;
    const through = ['unshare', '--mount', 'sh', '-c', `${mounts} && exec "$@"`, 'sh'];
    const named = (url: string) => Object.assign(new URL(url), { hostname: HOST }).href;
    await onProcess(
      ({ url }) => ({ source: named(url), through }),
      ({ relay, commits }) =>
        asked(relay, commits, async () => {
          await writeFile(hosts, '127.0.0.1 localhost\n');
          await commits.run(END_RELAYS);
          await expectSaid(relay, { code: 'postgres', message: /does not answer: .*(ENOTFOUND|EAI_AGAIN)/ });
          await writeFile(hosts, `127.0.0.1 localhost ${HOST}\n`);
          await expectWell(relay, await commits.next());
        }),
    );
  },
};

const HOST = 'database.halyard-faults';

/** What depends on time: a rule that begins in twelve hours, a ramp that begins then, and an override that ends then. */
function timedFlags(nowMs: number) {
  const noon = new Date(nowMs + 12 * HOUR_MS).toISOString();
  const off = { fallthrough: { serve: 'off' } };
  const rule = { ...off, rules: [{ from: noon, then: { serve: 'now' } }] };
  return [
    { ...flagOf(1, rule), key: 'rule' },
    { ...flagOf(1, { ...off, override: { serve: 'now', until: noon } }), key: 'override' },
  ];
}

const clock: FaultRow = {
  name: 'the clock is set a day forward, and then two days back',
  users: 'what schedules say of that time',
  operator: 'ages go on as if nothing were; nothing is stale',
  play: () =>
    onProcess(
      ({ url }) => ({ source: url, node: ['--import', CLOCK] }),
      async ({ relay, commits }) => {
        await expectWell(relay, await commits.next(timedFlags(Date.now())));
        await asked(relay, commits, async () => {
          await expectTimed(relay, [-1, 1], 1);
          for (const [set, values, overrides] of [
            [1, [1, -1], 0],
            [2, [-1, 1], 1],
            [3, [-1, 1], 1],
          ] as const) {
            relay.signal('SIGUSR2');
            await eventually(() => relay.lines().filter((line) => line.includes('clock set')).length === set);
            await expectTimed(relay, values, overrides);
            await expectWell(relay, await commits.next());
          }
        });
      },
    ),
};

/** Sees what the timed flags answer, and that nothing counts time by the clock. */
async function expectTimed(relay: RelayProcess, values: readonly number[], overrides: number): Promise<void> {
  const response = await fetch(`${relay.url}/v1/evaluate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ context: { targetingKey: 'x' }, flags: ['rule', 'override'] }),
  });
  const { flags } = (await response.json()) as { flags: { [key: string]: { value: unknown } } };
  expect([flags.rule?.value, flags.override?.value]).toEqual(values);
  const { ageMs, uptimeMs, stale } = await statusOf(relay);
  const seconds = [
    ageMs,
    uptimeMs,
    ((await metricOf(relay, 'halyard_snapshot_age_seconds')) ?? Number.NaN) * 1_000,
  ];
  for (const elapsed of seconds) {
    expect(elapsed).toBeGreaterThanOrEqual(0);
    expect(elapsed).toBeLessThan(HOUR_MS);
  }
  expect(stale).toBe(false);
  expect(await metricOf(relay, 'halyard_overrides')).toBe(overrides);
}

export const machine: FaultGroup = {
  title: 'The relay’s own process and machine',
  file: 'process.pg.test.ts',
  rows: [killed, starved, nameless, clock],
};
