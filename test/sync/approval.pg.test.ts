// Approvals: what they are bound to, when they count, and that a refused head is judged again when one comes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { UnreachableError } from '../../src/lib/errors.ts';
import { Branch } from '../../src/sync/branch.ts';
import type { SyncEvent } from '../../src/sync/event.ts';
import type { GatherEvidence } from '../../src/sync/evidence.ts';
import { Sync } from '../../src/sync/loop.ts';
import { ProjectSync } from '../../src/sync/project-sync.ts';
import { endVerified, PolicedProject } from '../support/policed-project.ts';
import { flagYaml, type SyncProject } from '../support/sync-project.ts';
import { mailOf, putApproval, type Team } from '../support/team.ts';
import { until } from '../support/until.ts';

/** Each test has a copy of it. */
let origin: PolicedProject;
let team: Team;
let project: SyncProject;

beforeAll(async () => {
  origin = await PolicedProject.create({
    'flags/payments/pay.yaml': flagYaml('pay'),
    'flags/vault/open.yaml': flagYaml('open'),
  });
  team = origin.team;
});

afterAll(() => origin[Symbol.asyncDispose]());

beforeEach(async () => {
  project = await origin.copy();
});

afterEach(() => endVerified(project));

const commit = (...args: Parameters<Team['commit']> extends [unknown, ...infer Rest] ? Rest : never) =>
  team.commit(project.repository, ...args);
const approve = (...args: Parameters<Team['approve']> extends [unknown, ...infer Rest] ? Rest : never) =>
  team.approve(project.repository, ...args);
const pay = (percent: number) => ({ 'flags/payments/pay.yaml': flagYaml('pay', percent) });
const open = (percent: number) => ({ 'flags/vault/open.yaml': flagYaml('open', percent) });

const types = (events: readonly SyncEvent[]) => events.map(({ type }) => type);
const messages = (event: SyncEvent | undefined) =>
  event?.type === 'rejected' ? event.problems.map(({ message }) => message).join(' ') : '';

/** Trips that know nothing but the database, as after a restart; at a time of the clock. */
const syncAt = (time: string) => project.sync({ now: () => Date.parse(time) });

describe('a refused head', () => {
  test('is judged again when it is approved, after a restart too: a new entry, which does not carry itself', async () => {
    const head = await commit('bob', 'to 20', pay(20));
    const refused = await project.sync();
    expect(messages(refused.events[0])).toContain('lets bob change it in prod with 1 approval');
    expect(await project.sync()).toEqual({ outcome: 'rejected', events: [] });
    await approve('carol');
    expect(await project.sync()).toMatchObject({
      outcome: 'applied',
      events: [{ type: 'applied', entry: 3, revision: 2, commit: head, approvedBy: ['carol'] }],
    });
    const [, second, third] = await project.entries();
    expect(second).toMatchObject({ action: 'commit.rejected', commit: head, evidence: [] });
    expect(third).toMatchObject({ commit: head, carries: [], problems: [] });
    const fingerprint = team.keys.carol.fingerprint;
    expect(third.evidence).toMatchObject([
      { kind: 'approval', signed: { status: 'valid', fingerprint, person: 'carol' } },
    ]);
    expect(await project.sync()).toEqual({ outcome: 'applied', events: [] });
  });

  test('has an entry for each approval that counts, and none for any other', async () => {
    await commit('bob', 'to 20', open(20));
    await project.sync();
    await approve('mallory');
    await approve('bob');
    await approve('carol', { project: 'acme/other' });
    await approve('carol', { environments: ['dev'] });
    const tree = await project.repository.git('rev-parse', 'HEAD:flags');
    await putApproval(
      project.repository,
      `refs/halyard/approvals/${tree}/0123456789abcdef`,
      '{"nonsense":1}',
    );
    const told = (await project.sync()).events;
    // That someone has approved another environment is news, and not enough.
    expect(told).toMatchObject([{ type: 'rejected', approvedBy: [] }]);
    await approve('vera');
    expect((await project.sync()).events).toMatchObject([{ type: 'rejected', approvedBy: [] }]);
    await approve('carol');
    expect((await project.sync()).events).toMatchObject([{ type: 'rejected', approvedBy: ['carol'] }]);
    await approve('carol', { expires: '2099-01-01T00:00:00Z' });
    expect((await project.sync()).events).toEqual([]);
    await approve('alice');
    expect((await project.sync()).events).toMatchObject([
      { type: 'applied', approvedBy: ['alice', 'carol'] },
    ]);
  });

  test('with an approval that was given before is applied at first sight', async () => {
    await commit('bob', 'to 20', pay(20));
    await approve('carol');
    expect((await project.sync()).events).toMatchObject([{ type: 'applied', approvedBy: ['carol'] }]);
  });

  test('waits while sync runs, without an entry for each look', async () => {
    await commit('bob', 'to 20', pay(20));
    const stop = new AbortController();
    const events: SyncEvent[] = [];
    await using sync = new Sync(project.options({ onEvent: (event) => events.push(event) }));
    await using other = new Sync(
      project.options({
        onEvent: (event) => events.push(event),
        stateFolder: `${project.stateFolder}/other`,
      }),
    );
    const running = Promise.all([sync.run(stop.signal), other.run(stop.signal)]);
    try {
      await until(() => [sync, other].every(({ status }) => status.outcome === 'rejected'));
      await approve('carol');
      await until(() => [sync, other].every(({ status }) => status.outcome === 'applied'));
    } finally {
      stop.abort();
      await running;
    }
    expect(types(events)).toEqual(['rejected', 'applied']);
    expect(await project.entries()).toHaveLength(3);
  });

  test('under commits that change nothing of it is still the one that is approved', async () => {
    const refused = await commit('bob', 'to 20', pay(20));
    for (const file of ['a.txt', 'b.txt']) await commit('mallory', file, { [file]: 'x' });
    await project.sync();
    await approve('carol');
    expect((await project.sync()).events).toMatchObject([{ type: 'applied', commit: refused }]);
  });

  test('that nobody known signed is mended by a signed commit over it and an approval', async () => {
    await commit(undefined, 'to 20', pay(20));
    const signed = await commit('bob', 'signed');
    await commit('mallory', 'unrelated', { 'b.txt': 'x' });
    expect(types((await project.sync()).events)).toEqual(['rejected', 'rejected']);
    await approve('carol');
    expect((await project.sync()).events).toMatchObject([{ type: 'applied', commit: signed }]);
  });
});

test('an approval is for one change: who goes back to what was approved once asks again', async () => {
  await commit('bob', 'to 20', pay(20));
  await approve('carol');
  await commit('alice', 'off, it is on fire', pay(0));
  await commit('bob', 'back to 20', pay(20));
  expect(types((await project.sync()).events)).toEqual(['applied', 'applied', 'rejected']);
  expect((await project.entries()).at(-1)).toMatchObject({
    evidence: [],
    problems: [{ code: 'approval-missing', file: 'payments/pay.yaml' }],
  });
  await approve('carol', { expires: '2099-01-01T00:00:00Z' });
  expect((await project.sync()).events).toMatchObject([{ type: 'applied', approvedBy: ['carol'] }]);
});

describe('while a forge does not answer', () => {
  /** A sync whose evidence comes from elsewhere. */
  function syncWith(gather: GatherEvidence) {
    const { pool, repository, stateFolder } = project;
    const source = parseGitSource(repository.folder, '/');
    const mirror = new Mirror({ source, branch: 'main', stateFolder, inherited: process.env });
    const events: SyncEvent[] = [];
    const sync = new ProjectSync({
      pool,
      branch: new Branch(mirror, 'flags'),
      source: { repository: repository.folder, path: 'flags', branch: 'main' },
      onEvent: (event) => events.push(event),
      gather,
      now: Date.now,
    });
    return { events, trip: () => sync.trip(AbortSignal.timeout(60_000)) };
  }
  const away = new UnreachableError('http', 'The forge does not answer.');

  test('a commit that needs its reviews waits without an entry, and one that does not is applied', async () => {
    const { events, trip } = syncWith(async () => ({ evidence: [], incomplete: away }));
    await commit('alice', 'to 20', pay(20));
    expect(await trip()).toBe('applied');
    await commit('bob', 'to 30', pay(30));
    await expect(trip()).rejects.toBe(away);
    expect(types(events)).toEqual(['applied']);
    expect(await project.entries()).toHaveLength(2);
  });

  test('a head that was refused before stays so, and keeps nothing after it from being applied', async () => {
    let incomplete: UnreachableError | undefined;
    const { events, trip } = syncWith(async () => ({ evidence: [], ...(incomplete && { incomplete }) }));
    await commit('bob', 'to 30', pay(30));
    expect(await trip()).toBe('rejected');
    incomplete = away;
    await commit('mallory', 'unrelated', { 'a.txt': 'x' });
    expect(await trip()).toBe('rejected');
    await commit('alice', 'to 40', pay(40));
    expect(await trip()).toBe('applied');
    expect(types(events)).toEqual(['rejected', 'applied']);
  });

  test('is asked nothing about commits that no approval mends, nor without a policy', async () => {
    const asked: string[] = [];
    const { trip } = syncWith(async ({ commits }) => {
      asked.push(...commits.map(({ subject }) => subject));
      return { evidence: [] };
    });
    await commit(undefined, 'unsigned', pay(20));
    await commit('bob', 'faulty', { 'flags/bad.yaml': 'flag: bad\n' });
    await trip();
    await trip();
    expect(asked).toEqual([]);
    await commit('alice', 'mended', { 'flags/bad.yaml': null });
    await commit('alice', 'no policy', { 'flags/access.yaml': null });
    await commit(undefined, 'free', pay(30));
    await trip();
    expect(asked).toEqual(['mended', 'no policy']);
  });
});

describe('an approval', () => {
  test('is of one tree: what is pushed later is not approved', async () => {
    await commit('bob', 'to 20', pay(20));
    await approve('carol');
    const { repository } = project;
    const approvals = () =>
      repository.git('for-each-ref', '--format=%(objectname) %(refname)', 'refs/halyard');
    const [blob = '', ref = ''] = (await approvals()).split(' ');
    const tree = await repository.git('rev-parse', 'HEAD:flags');
    await commit('bob', 'to 99, quickly', pay(99));
    // Anyone who may push can put it under the new tree's name.
    await repository.git(
      'update-ref',
      ref.replace(tree, await repository.git('rev-parse', 'HEAD:flags')),
      blob,
    );
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('rejected');
    expect(events).toMatchObject([
      { type: 'applied' },
      { type: 'rejected', approvedBy: [], problems: [{ code: 'approval-missing' }] },
    ]);
    expect((await project.entries())[2]).toMatchObject({ evidence: [] });
  });

  test('of a tree that has more in it than was approved does not come along', async () => {
    await commit('bob', 'to 20', pay(20));
    await project.sync();
    await approve('carol');
    await commit('bob', 'and more', { ...pay(20), ...open(30) });
    await project.sync();
    expect((await project.entries()).at(-1)).toMatchObject({ action: 'commit.rejected', evidence: [] });
  });

  test('by the author does not count, whoever signed', async () => {
    await commit('bob', 'carol’s work', pay(20), { author: mailOf('carol') });
    await approve('carol');
    const { events } = await project.sync();
    expect(events).toMatchObject([{ type: 'rejected', approvedBy: [] }]);
    await approve('alice');
    expect((await project.sync()).events).toMatchObject([{ type: 'applied', approvedBy: ['alice'] }]);
  });

  test('that had expired when it was first seen counts for nothing, and writes no entry', async () => {
    await commit('bob', 'to 20', pay(20));
    await syncAt('2030-01-02T00:00:00Z');
    await approve('carol', { expires: '2030-01-01T00:00:00Z' });
    expect(await syncAt('2030-01-02T00:00:01Z')).toEqual({ outcome: 'rejected', events: [] });
    await approve('alice');
    await syncAt('2030-01-02T00:00:02Z');
    const entry = (await project.entries())[2];
    expect(entry.evidence.map(({ expired }: { expired?: true }) => expired).sort()).toEqual([
      true,
      undefined,
    ]);
  });

  test('that expires while the commit waits for another one goes on counting', async () => {
    await commit('bob', 'to 20', open(20));
    await approve('carol', { expires: '2030-01-01T00:00:00Z' });
    await syncAt('2029-12-31T00:00:00Z');
    // That its time is over is no news.
    expect(await syncAt('2030-01-02T00:00:00Z')).toEqual({ outcome: 'rejected', events: [] });
    await approve('alice');
    const { events } = await syncAt('2030-01-03T00:00:00Z');
    expect(events).toMatchObject([{ type: 'applied', approvedBy: ['alice', 'carol'] }]);
    expect(JSON.stringify((await project.entries())[2].evidence)).not.toContain('expired');
  });
});
