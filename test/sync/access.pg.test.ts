// Who may change what, by the policy that is applied: signatures, the whole difference, and the policy's own changes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptHistory } from '../../src/sync/accept-history.ts';
import type { SyncEvent } from '../../src/sync/event.ts';
import { writeOverride } from '../../src/sync/override/write.ts';
import { endVerified, PolicedProject } from '../support/policed-project.ts';
import { flagYaml, PROJECT_YAML, SyncProject } from '../support/sync-project.ts';
import { mailOf, type Name, type Team } from '../support/team.ts';

/** Each test has a copy of it. */
let origin: PolicedProject;
let team: Team;
let project: SyncProject;

beforeAll(async () => {
  origin = await PolicedProject.create({
    'flags/checkout.yaml': flagYaml('checkout'),
    'flags/payments/pay.yaml': flagYaml('pay'),
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

const ofPercent = (percent: number, key = 'checkout', path = `${key}.yaml`) => ({
  [`flags/${path}`]: flagYaml(key, percent),
});

/** A change of dev alone. */
const ofDev = (key = 'checkout') => ({
  [`flags/${key}.yaml`]: flagYaml(key).replace('dev: { serve: on }', 'dev: { serve: off }'),
});

function codes(event: SyncEvent | undefined): string[] {
  return event?.type === 'rejected' ? event.problems.map(({ file, code }) => `${file} ${code}`) : [];
}

async function servedPercent(key = 'checkout'): Promise<number> {
  const [row] = await project.query<{ body: string }>(
    `select body from halyard.environment_definition where environment = 'prod' and key = $1`,
    [key],
  );
  return JSON.parse(row?.body ?? 'null')?.rules[0].then.percent;
}

describe('a signature', () => {
  test.each<[string, Name | undefined, string | undefined, string, object]>([
    ['none', undefined, mailOf('alice'), 'signature-missing', { status: 'unsigned' }],
    [
      'a stranger’s, in the admin’s name',
      'mallory',
      mailOf('alice'),
      'signature-unknown-key',
      { status: 'unknown-key' },
    ],
    ['a revoked key’s', 'lost', mailOf('bob'), 'signature-revoked', { status: 'revoked' }],
  ])('that is %s is refused, and nothing is applied', async (_, signer, author, code, signature) => {
    const refused = await commit(signer, 'to 99', ofPercent(99), author === undefined ? {} : { author });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('rejected');
    expect(codes(events[0])).toEqual([`access.yaml ${code}`]);
    expect(events[0]).toMatchObject({ signature, approvedBy: [] });
    expect((await project.entries())[1]).toMatchObject({
      v: 2,
      action: 'commit.rejected',
      commit: refused,
      signature: { ...signature, ...(signer && { fingerprint: team.keys[signer].fingerprint }) },
      problems: [{ code, file: 'access.yaml', line: 1, column: 1 }],
      changes: [],
    });
    expect(await servedPercent()).toBe(10);
  });

  test('of a tampered commit does not hold', async () => {
    const { repository } = project;
    await commit('alice', 'to 20', ofPercent(20));
    const raw = await repository.git('cat-file', 'commit', 'HEAD');
    await repository.edit('.git/tampered', `${raw.replace('to 20', 'to 30')}\n`);
    const forged = await repository.git('hash-object', '-t', 'commit', '-w', '.git/tampered');
    await repository.git('reset', '-q', '--hard', forged);
    const { events } = await project.sync();
    expect(codes(events[0])).toEqual(['access.yaml signature-invalid']);
    expect(events[0]).toMatchObject({ signature: { status: 'invalid' } });
  });

  test('says who someone is, whatever the author’s name is', async () => {
    await commit('bob', 'in the name of the admin', ofPercent(99), { author: mailOf('alice') });
    const { events } = await project.sync();
    expect(codes(events[0])).toEqual(['checkout.yaml access-denied']);
    expect(events[0]).toMatchObject({ signature: { status: 'valid', person: 'bob' } });
    await commit('alice', 'to 20', ofPercent(20), { author: mailOf('mallory') });
    expect((await project.sync()).events).toMatchObject([
      { type: 'applied', signature: { status: 'valid', person: 'alice' } },
    ]);
  });

  test('of a key that vouches makes the author the signer, if the policy knows the author', async () => {
    await commit('forge', 'Merged by a stranger', ofPercent(98), { author: mailOf('mallory') });
    await commit('forge', 'Merged by bob', ofPercent(99), { author: mailOf('bob') });
    await commit('forge', 'Merged by alice', ofPercent(20), { author: mailOf('alice') });
    const { events } = await project.sync();
    const vouched = { status: 'valid', vouched: true };
    expect(events).toMatchObject([
      { type: 'rejected', signature: vouched, problems: [{ code: 'access-denied' }] },
      { type: 'rejected', signature: { ...vouched, person: 'bob' } },
      { type: 'applied', signature: { ...vouched, person: 'alice' } },
    ]);
    expect(events[0]?.type === 'rejected' && events[0].signature.person).toBeUndefined();
  });

  test('of commits that a merge brings in is told, and decides nothing', async () => {
    const { repository } = project;
    await repository.git('checkout', '-q', '-b', 'side');
    const unsigned = await commit(undefined, 'unsigned', ofPercent(20));
    const foreign = await commit('mallory', 'a stranger’s', ofPercent(30));
    await commit('bob', 'elsewhere', { 'README.md': 'x' });
    const last = await commit('bob', 'bob’s', ofPercent(40));
    await repository.git('checkout', '-q', 'main');
    await repository.git(...team.signing('alice'), 'merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
    expect((await project.sync()).outcome).toBe('applied');
    const { merged, ...entry } = (await project.entries())[1];
    expect(merged).toEqual([
      {
        commit: last,
        author: mailOf('bob'),
        signature: { status: 'valid', fingerprint: team.keys.bob.fingerprint, person: 'bob' },
      },
      {
        commit: foreign,
        author: mailOf('mallory'),
        signature: { status: 'unknown-key', fingerprint: team.keys.mallory.fingerprint },
      },
      { commit: unsigned, author: mailOf('mallory'), signature: { status: 'unsigned' } },
    ]);
    expect(entry).not.toHaveProperty('mergedMore');
    expect(entry.signature.person).toBe('alice');
  });
});

describe('a change', () => {
  const segment = (country: string) =>
    `segment: region\ndescription: Where we are.\nowner: shop\nif: { attribute: country, operator: eq, value: ${country} }\n`;
  const usesRegion = (key: string) =>
    flagYaml(key).replace('attribute: country, operator: eq, value: US', 'segment: region');

  test('of a shared segment counts wherever it is used', async () => {
    await commit('alice', 'shared', {
      'flags/segments/region.yaml': segment('US'),
      'flags/checkout.yaml': usesRegion('checkout'),
    });
    await commit('bob', 'the segment', { 'flags/segments/region.yaml': segment('DE') });
    const { events } = await project.sync();
    expect(events.map(({ type }) => type)).toEqual(['applied', 'rejected']);
    expect(codes(events[1])).toEqual(['segments/region.yaml access-denied']);
    expect(events[1]).toMatchObject({
      problems: [{ message: expect.stringContaining('bob'), hint: expect.stringContaining('alice') }],
    });
  });

  test('that moves a file needs the right to both paths', async () => {
    const move = (from: string, to: string, key: string) =>
      commit('bob', 'move', { [`flags/${from}`]: null, [`flags/${to}`]: flagYaml(key) });
    await move('payments/pay.yaml', 'pay.yaml', 'pay');
    expect(codes((await project.sync()).events[0])).toEqual([
      'pay.yaml access-denied',
      'payments/pay.yaml approval-missing',
    ]);
    await project.repository.git('reset', '-q', '--hard', 'HEAD');
  });

  test('that deletes a flag is judged by its old path', async () => {
    await commit('bob', 'delete', { 'flags/checkout.yaml': null });
    expect(codes((await project.sync()).events[0])).toEqual(['checkout.yaml access-denied']);
    expect(await servedPercent()).toBe(10);
  });

  test('in an environment that its signer may change is applied', async () => {
    await commit('bob', 'dev alone', ofDev());
    expect((await project.sync()).events).toMatchObject([
      { type: 'applied', signature: { status: 'valid', person: 'bob' } },
    ]);
  });

  test('of nothing that is applied needs the signature alone', async () => {
    await commit('vera', 'a comment', { 'flags/checkout.yaml': flagYaml('checkout', 10, '# why') });
    await commit(undefined, 'another', { 'flags/checkout.yaml': flagYaml('checkout', 10, '# because') });
    expect((await project.sync()).events.map(({ type }) => type)).toEqual(['applied', 'rejected']);
  });

  test('of files outside of the definitions needs nobody', async () => {
    await commit(undefined, 'docs', { 'README.md': 'x' });
    expect(await project.sync()).toEqual({ outcome: 'applied', events: [] });
  });
});

describe('a commit on top of a refused one', () => {
  test('answers for all that the refused one brought: it smuggles nothing in, and who may, mends it', async () => {
    const first = await commit('mallory', 'to 99', ofPercent(99));
    const second = await commit('bob', 'dev alone', {
      'flags/more.yaml': flagYaml('more'),
      ...ofDev('more'),
    });
    const { events } = await project.sync();
    expect(events.map(codes)).toEqual([
      ['access.yaml signature-unknown-key'],
      ['checkout.yaml access-denied', 'more.yaml access-denied'],
    ]);
    expect(await servedPercent()).toBe(10);
    await commit('alice', 'looked at', { 'flags/payments/pay.yaml': flagYaml('pay', 20) });
    expect((await project.sync()).outcome).toBe('applied');
    const entry = (await project.entries())[3];
    expect(entry).toMatchObject({ entry: 4, carries: [first, second] });
    expect(new Set(entry.changes.map(({ key }: { key: string }) => key))).toEqual(
      new Set(['checkout', 'more', 'pay']),
    );
    expect(await servedPercent()).toBe(99);
  });

  test('and with its definitions applies them if its signer may: no file has to be touched for it', async () => {
    const refused = await commit(undefined, 'to 99', ofPercent(99));
    await commit('mallory', 'unrelated', { 'a.txt': 'x' });
    const mended = await commit('alice', 'signed off');
    await commit(undefined, 'unrelated again', { 'b.txt': 'x' });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('applied');
    expect(events).toMatchObject([
      { type: 'rejected', commit: refused },
      { type: 'applied', commit: mended, entry: 3, revision: 2 },
    ]);
    expect((await project.entries())[2]).toMatchObject({ carries: [refused] });
  });

  test('and with its definitions answers for nothing unless it is empty: who merges something else has not looked at it', async () => {
    const { repository } = project;
    const refused = await commit('bob', 'to 99', ofPercent(99));
    await commit('alice', 'unrelated', { 'README.md': 'x' });
    await repository.git('checkout', '-q', '-b', 'docs');
    await commit('carol', 'unrelated too', { 'docs.md': 'x' });
    await repository.git('checkout', '-q', 'main');
    const args = ['merge', '-q', '--no-ff', '-m', 'Merge pull request #7 from docs', 'docs'];
    await repository.git(...team.signing('alice'), ...args);
    await repository.git('branch', '-q', '-D', 'docs');
    expect((await project.sync()).events.map(codes)).toEqual([['checkout.yaml access-denied']]);
    expect(await servedPercent()).toBe(10);
    const empty = await commit('alice', 'I answer for it');
    expect((await project.sync()).events).toMatchObject([{ type: 'applied', commit: empty, entry: 3 }]);
    expect((await project.entries())[2]).toMatchObject({ carries: [refused] });
    expect(await servedPercent()).toBe(99);
  });

  test('lists them where it is applied alone: refusals in a row do not list each other', async () => {
    const refused: string[] = [];
    for (let percent = 90; percent < 94; percent++)
      refused.push(await commit('mallory', `to ${percent}`, ofPercent(percent)));
    await commit('alice', 'looked at', ofPercent(20));
    expect((await project.sync()).outcome).toBe('applied');
    const carried = (await project.entries()).slice(1).map(({ carries }) => carries);
    expect(carried).toEqual([[], [], [], [], refused]);
  });

  test.each([
    ['in one trip', async () => {}],
    ['in later trips', async () => void (await project.sync())],
  ])(
    'and with its definitions has no entry if it mends nothing, however many there are, %s',
    async (_, between) => {
      await commit('mallory', 'to 99', ofPercent(99));
      for (const [index, name] of [undefined, 'mallory', 'lost', undefined].entries()) {
        await commit(name as Name | undefined, `nothing ${index}`);
        await between();
      }
      expect((await project.sync()).outcome).toBe('rejected');
      expect(await project.entries()).toHaveLength(2);
    },
  );

  test('has an entry where less is missing than before: its signer is told what is left', async () => {
    await commit(undefined, 'to 99', ofPercent(99, 'pay', 'payments/pay.yaml'));
    await commit('vera', 'no right');
    const signed = await commit('bob', 'signed');
    await commit('bob', 'and again');
    await commit('vera', 'no right');
    const { events } = await project.sync();
    expect(events.map(codes)).toEqual([
      ['access.yaml signature-missing'],
      ['payments/pay.yaml access-denied'],
      ['payments/pay.yaml approval-missing'],
    ]);
    expect(events[2]).toMatchObject({ commit: signed });
    // A sync that knows nothing but the database comes to the same.
    expect(await project.sync()).toEqual({ outcome: 'rejected', events: [] });
    await commit('alice', 'signed off');
    expect((await project.sync()).events).toMatchObject([{ type: 'applied', entry: 5 }]);
  });

  test('that takes it back needs a signature, and changes nothing', async () => {
    await commit('mallory', 'to 99', ofPercent(99));
    await commit('vera', 'back to 10', ofPercent(10));
    expect((await project.sync()).events).toMatchObject([
      { type: 'rejected' },
      { type: 'applied', changes: [] },
    ]);
  });
});

describe('the policy', () => {
  test('that decides is the one that is applied, never the commit’s own', async () => {
    await commit('bob', 'I am an admin', {
      'flags/access.yaml': team.policy({ admins: ['alice', 'bob'] }),
      ...ofPercent(99),
    });
    await commit('bob', 'and use it', ofPercent(98));
    const { events } = await project.sync();
    expect(events.map(codes)).toEqual([
      ['access.yaml access-denied', 'checkout.yaml access-denied'],
      ['access.yaml access-denied', 'checkout.yaml access-denied'],
    ]);
    expect(await servedPercent()).toBe(10);
  });

  test('decides from the next commit on, in the same trip too', async () => {
    await commit('alice', 'bob is an admin', {
      'flags/access.yaml': team.policy({ admins: ['alice', 'bob'] }),
    });
    await commit('bob', 'to 20', ofPercent(20));
    await commit('bob', 'alice is none', {
      'flags/access.yaml': team
        .policy({ admins: ['bob'] })
        .replace('[admin], emails: [alice', '[viewer], emails: [alice'),
    });
    await commit('alice', 'to 30', ofPercent(30));
    const { events } = await project.sync();
    expect(events.map(({ type }) => type)).toEqual(['applied', 'applied', 'applied', 'rejected']);
    expect(await servedPercent()).toBe(20);
  });

  test('is removed by those who may change it alone, and then everyone may', async () => {
    await commit('bob', 'no policy', { 'flags/access.yaml': null });
    expect(codes((await project.sync()).events[0])).toEqual(['access.yaml access-denied']);
    await commit('alice', 'no policy, really');
    await commit(undefined, 'free', ofPercent(99));
    const { events } = await project.sync();
    expect(events).toMatchObject([
      { type: 'applied' },
      { type: 'applied', signature: { status: 'unsigned' } },
    ]);
    expect(await project.query(`select from halyard.definition where kind = 'access'`)).toEqual([]);
  });

  test('judges a head that was accepted after the history was rewritten', async () => {
    const first = await project.repository.git('rev-parse', 'HEAD');
    await commit('alice', 'lost', ofPercent(20));
    await project.sync();
    await project.repository.git('reset', '-q', '--hard', first);
    const head = await commit('mallory', 'instead', ofPercent(99));
    expect((await project.sync()).outcome).toBe('diverged');
    const at = '2030-01-01T00:00:00.000Z';
    await acceptHistory({ databaseUrl: project.database.url, commit: head, actor: 'ops', at });
    const { outcome, events } = await project.sync();
    expect(outcome).toBe('rejected');
    expect(codes(events[0])).toEqual(['access.yaml signature-unknown-key']);
    expect(await servedPercent()).toBe(20);
  });
});

test('definitions that did not fit an override are judged again when it is lifted, with no entry for each other look', async () => {
  const override = (action: 'set' | 'lift') =>
    writeOverride(
      {
        flag: 'ranking',
        environment: 'prod',
        reason: 'on fire',
        ...(action === 'set' ? { action, serve: 'old', forMs: 3_600_000 } : { action }),
      },
      { databaseUrl: project.database.url, operator: { name: 'ops', keyFile: team.keys.alice.file } },
    );
  const ranking = (...variations: string[]) => ({
    'flags/ranking.yaml': `flag: ranking
description: A flag.
owner: shop
permanent: true
type: string
variations: { ${variations.map((name) => `${name}: "${name}"`).join(', ')} }
environments:
  dev: { serve: new }
  prod: { serve: new }
`,
  });
  await commit('alice', 'two', ranking('old', 'new'));
  await project.sync();
  await override('set');
  const head = await commit('alice', 'one', ranking('new'));
  expect(codes((await project.sync()).events[0])).toEqual(['ranking.yaml overridden-variation-removed']);
  await override('set');
  expect(await project.sync()).toEqual({ outcome: 'rejected', events: [] });
  await override('lift');
  expect((await project.sync()).events).toMatchObject([{ type: 'applied', commit: head }]);
  expect((await project.entries()).at(-1)).toMatchObject({ commit: head, carries: [] });
});

test('without a policy everyone may, and who signed is recorded', async () => {
  await using free = await SyncProject.create();
  await team.commit(free.repository, 'mallory', 'import', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/checkout.yaml': flagYaml('checkout'),
  });
  await team.commit(free.repository, undefined, 'to 20', ofPercent(20), {
    trailer: 'Reviewed-by: Carol <carol@example.com>',
  });
  expect((await free.sync()).outcome).toBe('applied');
  const [first] = await free.entries();
  expect(first).toMatchObject({ evidence: [{ kind: 'trailer', by: 'Carol <carol@example.com>' }] });
  expect(first.signature).toEqual({ status: 'unsigned' });
});
