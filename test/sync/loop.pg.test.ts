// The loop: what is away for a while, wake-ups, two at once, and when it ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { Branch } from '../../src/sync/branch.ts';
import type { SyncEvent } from '../../src/sync/event.ts';
import { runSync, Sync } from '../../src/sync/loop.ts';
import { ProjectSync } from '../../src/sync/project-sync.ts';
import { TcpProxy } from '../relay/tcp-proxy.ts';
import { LossyProxy } from '../support/lossy-proxy.ts';
import { flagYaml, SyncProject, sampleFiles } from '../support/sync-project.ts';
import { until, within } from '../support/until.ts';

let project: SyncProject;

beforeEach(async () => {
  project = await SyncProject.create();
  await project.repository.commit('import', sampleFiles());
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

/** Runs the loop during `work`, and waits until it has ended. */
async function whileSyncing(
  work: (events: SyncEvent[], sync: Sync) => Promise<void>,
  options = {},
): Promise<void> {
  const events: SyncEvent[] = [];
  const stop = new AbortController();
  await using sync = new Sync(project.options({ onEvent: (event) => events.push(event), ...options }));
  const running = sync.run(stop.signal);
  try {
    await Promise.race([work(events, sync), running.then(() => Promise.reject(new Error('sync ended')))]);
  } finally {
    stop.abort();
    await running;
  }
}

const types = (events: SyncEvent[]): string[] => events.map(({ type }) => type);

describe('the loop', () => {
  test('applies each commit soon after it is made', async () => {
    await whileSyncing(async (events) => {
      await until(() => events.length === 1);
      await project.repository.commit('to 20', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
      await until(() => events.length === 2);
      expect(events).toMatchObject([{ entry: 1 }, { entry: 2, subject: 'to 20' }]);
    });
  });

  test('waits for its interval, unless it is woken', async () => {
    await whileSyncing(
      async (events, sync) => {
        await until(() => events.length === 1);
        await project.repository.commit('to 20', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
        await sleep(300);
        expect(events).toHaveLength(1);
        sync.wake();
        await until(() => events.length === 2);
      },
      { intervalMs: 3_600_000 },
    );
  });

  test('tells once that the repository is away, and goes on when it is back', async () => {
    await whileSyncing(async (events, sync) => {
      await until(() => events.length === 1);
      await project.repository.away(async () => {
        await until(() => sync.status.failuresInARow > 1);
      });
      await project.repository.commit('back', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
      await until(() => types(events).includes('recovered'));
      expect(types(events)).toEqual(['applied', 'failed', 'applied', 'recovered']);
      expect(sync.status.report()).toMatchObject({ state: 'applied', entry: 2, failuresInARow: 0 });
    });
  });

  test('goes on when a branch that was missing is there', async () => {
    await whileSyncing(
      async (events, sync) => {
        await until(() => sync.status.failuresInARow > 0);
        expect(sync.status.report().lastProblem).toContain('has no branch release.');
        await project.repository.git('branch', 'release');
        await until(() => types(events).includes('applied'));
      },
      { branch: 'release' },
    );
  });

  test('goes on when PostgreSQL is back', async () => {
    await whileSyncing(async (events, sync) => {
      await until(() => events.length === 1);
      await project.repository.commit('meanwhile', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
      await project.closed(async () => {
        await until(() => sync.status.failuresInARow > 1);
        expect(sync.status.report().state).toBe('failing');
      });
      await until(() => types(events).includes('recovered'));
      expect(await project.entries()).toHaveLength(2);
    });
  });

  test('ends when its signal is aborted, and at the start too', async () => {
    await runSync(project.options(), AbortSignal.abort());
    const stop = new AbortController();
    const running = runSync(project.options({ intervalMs: 3_600_000 }), stop.signal);
    await until(() => project.events.length === 1);
    stop.abort();
    await running;
  });

  test('ends when its signal is aborted while PostgreSQL says nothing', async () => {
    await using proxy = await TcpProxy.open(project.database.url);
    const stop = new AbortController();
    const running = runSync(project.options({ databaseUrl: proxy.urlOf(project.database.url) }), stop.signal);
    await until(() => project.events.length === 1);
    proxy.swallow();
    await until(() => proxy.swallowedBytes > 0);
    stop.abort();
    // Without waiting for the deadline of its statements, a minute long.
    await within(30_000, running);
  });

  test('refuses a PostgreSQL that does not keep what it confirms', async () => {
    await project.query(`alter database ${project.database.name} set synchronous_commit = off`);
    await expect(project.sync()).rejects.toThrow('synchronous_commit off');
    expect(await project.entries()).toEqual([]);
  });
});

describe('two at once', () => {
  test('I6: judge every commit once, whoever is faster', async () => {
    const stop = new AbortController();
    const told: SyncEvent[] = [];
    const options = () => project.options({ intervalMs: 50, onEvent: (event) => told.push(event) });
    const other = { ...options(), stateFolder: `${project.stateFolder}/other` };
    const running = [options(), options(), other].map((each) => runSync(each, stop.signal));
    try {
      for (let percent = 1; percent <= 30; percent++) {
        await project.repository.commit(`to ${percent}`, {
          'flags/checkout.yaml': flagYaml('checkout', percent),
        });
      }
      const head = await project.repository.head();
      await until(async () => (await project.entries()).at(-1)?.commit === head);
    } finally {
      stop.abort();
      await Promise.all(running);
    }
    const entries = await project.entries();
    expect(entries.map(({ entry }) => entry)).toEqual(entries.map((_, index) => index + 1));
    expect(new Set(entries.map(({ commit }) => commit)).size).toBe(entries.length);
    expect(told.filter(({ type }) => type === 'failed' || type === 'diverged')).toEqual([]);
    // Each entry is told by the one that wrote it, and by no other.
    const numbers = told.flatMap((event) => ('entry' in event ? [event.entry] : []));
    expect(numbers.sort((a, b) => a - b)).toEqual(entries.map(({ entry }) => entry));
  });
});

test('I6: a commit whose reply was lost is told once, and not applied again', async () => {
  await using proxy = await LossyProxy.start(project.database.url);
  await whileSyncing(
    async (events) => {
      await until(() => events.length === 1);
      for (const percent of [20, 30]) {
        proxy.losses = 1;
        await project.repository.commit(`to ${percent}`, {
          'flags/checkout.yaml': flagYaml('checkout', percent),
        });
        await until(() => proxy.losses === 0 && types(events).at(-1) === 'recovered');
        events.splice(1, 0, ...events.splice(1).filter(({ type }) => type === 'applied'));
      }
      expect(events).toMatchObject([
        { entry: 1 },
        { entry: 2, subject: 'to 20' },
        { entry: 3, subject: 'to 30' },
      ]);
    },
    { databaseUrl: proxy.url },
  );
  expect(await project.entries()).toHaveLength(3);
});

/** Lets something happen between the fetch and what follows it. */
class SlowBranch extends Branch {
  meanwhile: () => Promise<void> = async () => {};

  override async fetchHead(signal: AbortSignal): Promise<string> {
    const head = await super.fetchHead(signal);
    await this.meanwhile();
    return head;
  }
}

test('I6: a sync whose fetch is older than what another one has judged does not take that for a rewritten history', async () => {
  const signal = new AbortController().signal;
  const source = { repository: project.repository.folder, path: 'flags', branch: 'main' };
  const mirror = new Mirror({
    source: parseGitSource(source.repository, '/'),
    branch: 'main',
    stateFolder: `${project.stateFolder}/slow`,
    inherited: process.env,
  });
  const branch = new SlowBranch(mirror, 'flags');
  const { pool, events } = project;
  const slow = new ProjectSync({
    pool,
    branch,
    source,
    onEvent: (event) => events.push(event),
    gather: async () => ({ evidence: [] }),
    now: Date.now,
  });
  expect(await slow.trip(signal)).toBe('applied');
  branch.meanwhile = async () => {
    branch.meanwhile = async () => {};
    await project.repository.commit('judged meanwhile', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
    await project.sync();
  };
  expect(await slow.trip(signal)).toBe('applied');
  expect(await slow.trip(signal)).toBe('applied');
  expect((await project.entries()).map(({ action }) => action)).toEqual(['commit.applied', 'commit.applied']);
});

describe('once', () => {
  test('throws what is away when it stays away', async () => {
    await using sync = new Sync(project.options({ repo: '/nowhere/at/all' }));
    await expect(sync.runOnce(new AbortController().signal, 300)).rejects.toMatchObject({ code: 'git' });
    await using noDatabase = new Sync(project.options({ databaseUrl: 'postgres://localhost:1/none' }));
    await expect(noDatabase.runOnce(new AbortController().signal, 300)).rejects.toMatchObject({
      code: 'postgres',
    });
  });
});
