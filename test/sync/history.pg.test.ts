// A rewritten history: sync halts and says so, until someone accepts it, or accepts it by itself where it was told to.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceptHistory } from '../../src/sync/accept-history.ts';
import { flagYaml, PROJECT, SyncProject, sampleFiles } from '../support/sync-project.ts';

let project: SyncProject;
let imported: string;
let lost: string;

beforeEach(async () => {
  project = await SyncProject.create();
  imported = await project.repository.commit('import', sampleFiles());
  lost = await project.repository.commit('lost', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
  await project.sync();
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

const at = '2030-01-01T00:00:00.000Z';

async function rewrite(percent = 30): Promise<string> {
  await project.repository.git('reset', '--hard', '-q', imported);
  return project.repository.commit('instead', { 'flags/checkout.yaml': flagYaml('checkout', percent) });
}

async function actions(): Promise<string[]> {
  return (await project.entries()).map(({ action, commit }) => `${action} ${commit}`);
}

describe('without anyone’s word', () => {
  test('sync halts, with one entry, and applies nothing', async () => {
    const head = await rewrite();
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('diverged');
    expect(events).toMatchObject([{ type: 'diverged', entry: 2, commit: head, base: lost }]);
    expect((await project.entries())[1]).toEqual({
      v: 2,
      project: PROJECT,
      entry: 2,
      action: 'history.diverged',
      commit: head,
      base: lost,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      actor: 'halyard sync',
      changes: [],
    });
    // Later trips tell it again, since they know nothing of this one, and write no second entry.
    await project.repository.commit('more', { 'flags/checkout.yaml': flagYaml('checkout', 40) });
    const again = await project.sync();
    expect(again).toMatchObject({
      outcome: 'diverged',
      events: [{ type: 'diverged', entry: 2, commit: head }],
    });
    expect(await project.entries()).toHaveLength(2);
    expect(await project.query('select last_judged_commit as commit from halyard.project')).toEqual([
      { commit: lost },
    ]);
  });

  test('sync goes on by itself when the branch holds the judged commit again', async () => {
    await rewrite();
    await project.sync();
    await project.repository.git('reset', '--hard', '-q', lost);
    await project.repository.commit('next', { 'flags/checkout.yaml': flagYaml('checkout', 50) });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('applied');
    expect(events).toMatchObject([{ type: 'applied', entry: 3, revision: 2, subject: 'next' }]);
  });

  test('a history that is rewritten again while sync halts is told with the commit that can be accepted now', async () => {
    await rewrite(30);
    await project.sync();
    const head = await rewrite(40);
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('diverged');
    expect(events).toMatchObject([{ type: 'diverged', entry: 2, commit: head, base: lost }]);
    expect(await project.entries()).toHaveLength(2);
    await acceptHistory({ databaseUrl: project.database.url, commit: head, actor: 'ada', at });
    expect(await project.sync()).toMatchObject({
      outcome: 'applied',
      events: [{ type: 'applied', commit: head }],
    });
  });

  test('a shallow clone proves nothing: it is told how to be made whole, and then read', async () => {
    const { repository } = project;
    await repository.commit('next', { 'flags/checkout.yaml': flagYaml('checkout', 30) });
    await repository.git('clone', '--quiet', '--depth=1', `file://${repository.folder}`, 'shallow');
    const repo = `${repository.folder}/shallow`;
    await expect(project.sync({ repo })).rejects.toThrow(/is a shallow clone.*git fetch --unshallow/);
    expect(await project.entries()).toHaveLength(1);
    await repository.git('-C', 'shallow', 'fetch', '--quiet', '--unshallow');
    expect(await project.sync({ repo })).toMatchObject({ outcome: 'applied', events: [{ subject: 'next' }] });
  });

  test('a branch that went back has diverged, though all its commits were judged', async () => {
    await project.repository.git('reset', '--hard', '-q', imported);
    expect((await project.sync()).outcome).toBe('diverged');
  });
});

describe('accept-history', () => {
  const accept = (commit: string) =>
    acceptHistory({ databaseUrl: project.database.url, commit, actor: 'ada', at });

  test('has an entry with its actor and its time, after which the head is judged as usual', async () => {
    const head = await rewrite();
    await project.sync();
    expect(await accept(head.slice(0, 10))).toEqual({ project: PROJECT, entry: 3, commit: head });
    expect((await project.entries())[2]).toMatchObject({
      action: 'history.accepted',
      commit: head,
      base: lost,
      actor: 'ada',
      at,
    });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('applied');
    expect(events).toMatchObject([{ type: 'applied', entry: 4, revision: 2, commit: head }]);
    const [, change] = (await project.entries())[3].changes;
    expect(change.patch).toEqual([{ at: 'rule "US ramp"', field: 'percent', before: '20', after: '30' }]);
  });

  test('of a commit under the head is followed by the commits after it, each judged', async () => {
    const accepted = await rewrite();
    await project.repository.commit('later', { 'flags/checkout.yaml': flagYaml('checkout', 40) });
    await project.sync();
    await accept(accepted);
    const { events } = await project.sync();
    expect(events).toMatchObject([
      { type: 'applied', commit: accepted, revision: 2 },
      { type: 'applied', subject: 'later', revision: 3 },
    ]);
  });

  test('of a commit that the branch does not hold is a history that diverged again', async () => {
    await rewrite();
    await project.sync();
    await accept('0123456789012345678901234567890123456789');
    expect((await project.sync()).outcome).toBe('diverged');
    expect((await actions()).map((line) => line.split(' ')[0])).toEqual([
      'commit.applied',
      'history.diverged',
      'history.accepted',
      'history.diverged',
    ]);
  });

  test('of definitions that are what was judged last judges nothing', async () => {
    const head = await rewrite(20);
    await project.sync();
    await accept(head);
    expect(await project.sync()).toEqual({ outcome: 'applied', events: [] });
    await project.repository.commit('next', { 'flags/checkout.yaml': flagYaml('checkout', 50) });
    expect((await project.sync()).events).toMatchObject([{ type: 'applied', entry: 4, revision: 2 }]);
  });

  test('is refused where nothing diverged, and for a commit that is none', async () => {
    await expect(accept(lost)).rejects.toThrow('has not diverged');
    await rewrite();
    await project.sync();
    await expect(accept('main')).rejects.toThrow('is no whole commit id');
  });
});

test('a sync that accepts by itself writes both entries and goes on', async () => {
  const head = await rewrite();
  const { outcome, events } = await project.sync({ acceptHistoryAs: 'halyard up' });
  expect(outcome).toBe('applied');
  expect(events).toMatchObject([
    { type: 'diverged', entry: 2 },
    { type: 'accepted', entry: 3, commit: head },
    { type: 'applied', entry: 4, revision: 2, commit: head },
  ]);
  expect((await project.entries())[2]).toMatchObject({ action: 'history.accepted', actor: 'halyard up' });
});

test('a sync that accepts by itself follows another branch', async () => {
  await project.repository.git('checkout', '-q', '-b', 'other', imported);
  await project.repository.commit('on the other branch', { 'flags/other.yaml': flagYaml('other') });
  const { outcome } = await project.sync({ branch: 'HEAD', acceptHistoryAs: 'halyard up' });
  expect(outcome).toBe('applied');
  expect(await project.query('select branch from halyard.project')).toEqual([{ branch: 'HEAD' }]);
});
