// `halyard override` as an operator runs it: what it prints, how it ends, and that being killed leaves all or nothing.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import type { AccessDefinition } from '../../src/model/definitions.gen.ts';
import { GitRepository } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { until } from '../support/until.ts';
import { type Key, Keys, PROJECT, Shop } from '../sync/override/shop.ts';

const ON_FIRE = [
  'set',
  'checkout',
  '--environment',
  'prod',
  '--serve',
  'off',
  '--for',
  '4h',
  '--reason',
  'on fire',
];

let keys: Keys;
let alice: Key;
let policy: AccessDefinition;
beforeAll(async () => {
  keys = await Keys.create();
  alice = await keys.make('alice');
  policy = {
    access: 1,
    people: { alice: { roles: ['admin'], keys: [alice.fingerprint] } },
    rules: [{ role: 'admin', may: ['override'] }],
  };
});
afterAll(async () => {
  await keys[Symbol.asyncDispose]();
});

async function halyard(shop: Shop, args: string[], cwd = process.cwd()) {
  const env = { ...process.env, HALYARD_DATABASE_URL: shop.database.url, NO_COLOR: '1' };
  const run = promisify(execFile)(process.execPath, [MAIN, ...args], { env, cwd });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), stdout: String(stdout), stderr: String(stderr) }),
  );
}

const override = (shop: Shop, ...args: string[]) => halyard(shop, ['override', ...args]);

test('an override is set, listed, logged and lifted', async () => {
  await using shop = await Shop.create(policy);
  const set = await override(shop, ...ON_FIRE, '--key', alice.file);
  expect(set).toMatchObject({ code: 0, stderr: '' });
  const [, end = ''] = /^checkout in prod serves off to everyone until (\S+Z) /.exec(set.stdout) ?? [];
  expect(Math.abs(Date.parse(end) - Date.now() - 4 * 3_600_000)).toBeLessThan(600_000);
  expect(set.stdout).toContain('(entry 2, revision 2, signed by alice)\n');
  expect(set.stdout).toContain('halyard override lift checkout --environment prod --reason');

  const listed = await override(shop, 'list');
  expect(listed.stdout).toMatch(/^checkout in prod serves off until \S+ {2}\((4 h 0|3 h 5\d) min left\)\n/);
  expect(listed.stdout).toContain(`alice (valid ${alice.fingerprint})\n    on fire\n`);
  const { overrides } = JSON.parse((await override(shop, 'list', '--format', 'json')).stdout);
  expect(overrides).toMatchObject([
    { flag: 'checkout', stands: true, entry: 2, reason: 'on fire', until: end },
  ]);

  const log = await halyard(shop, ['audit', 'log', '--flag', 'checkout']);
  expect(log.stdout).toMatch(/^#2 {2}override\.set {2}revision 2 {2}alice {2}/);
  expect(log.stdout).toContain(`    checkout in prod serves off until ${end}: on fire\n`);
  const shown = await halyard(shop, ['audit', 'show', '2']);
  for (const line of ['checkout  prod  override serve added: off', alice.fingerprint, 'BEGIN SSH SIGNATURE'])
    expect(shown.stdout).toContain(line);

  const lifted = await override(
    ...([
      shop,
      'lift',
      'checkout',
      '--environment',
      'prod',
      '--reason',
      'mended',
      '--key',
      alice.file,
    ] as const),
  );
  expect(lifted.stdout).toMatch(
    /^checkout in prod decides as its definition says {2}\(entry 3, revision 3, signed by alice\)\n/,
  );
  expect((await override(shop, 'list')).stdout).toBe(`No flag of ${PROJECT} has an override.\n`);
  expect((await halyard(shop, ['audit', 'verify'])).code).toBe(0);
});

test('refused by the policy it exits with 1, used wrongly with 2, without a database with 3', async () => {
  await using shop = await Shop.create(policy);
  expect(await override(shop, ...ON_FIRE)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^halyard: refused, and nothing is written\. .* give --key\. Who could: alice\.\n$/,
    ),
  });
  const wrong = [
    ['set', 'checkout', '--environment', 'prod', '--serve', 'off', '--for', '4h'],
    [...ON_FIRE.slice(0, -2), '--reason', 'r', '--for', '25h'],
    [...ON_FIRE, '--for', 'long'],
    [...ON_FIRE, '--project', 'acme/none'],
    [...ON_FIRE, '--key', '/nonexistent/key'],
    ['lift', 'checkout', '--environment', 'prod', '--reason', 'r', '--key', alice.file],
    ['patch', 'checkout'],
  ];
  for (const args of wrong)
    expect({ args, ...(await override(shop, ...args)) }).toMatchObject({ args, code: 2 });
  const away = await override(shop, ...ON_FIRE, '--database-url', 'postgres://127.0.0.1:1/none');
  expect(away).toMatchObject({ code: 3, stderr: expect.stringContaining('does not answer') });
  expect(await shop.entries()).toHaveLength(1);
});

/** Stands before ssh-keygen: says that it was asked to sign, and goes on when it may. */
const SLOW_KEYGEN = `#!/bin/sh
case "$*" in *"-Y sign"*)
  touch "$(dirname "$0")/asked"
  while [ ! -e "$(dirname "$0")/go" ]; do sleep 0.05; done
esac
PATH="\${PATH#*:}" exec ssh-keygen "$@"
`;

test('I6: killed between its signature and its commit, nothing is there; killed at any other moment, all or nothing', async () => {
  await using shop = await Shop.create(policy);
  const bin = keys.folder;
  await writeFile(join(bin, 'ssh-keygen'), SLOW_KEYGEN);
  await chmod(join(bin, 'ssh-keygen'), 0o755);
  const env = { ...process.env, HALYARD_DATABASE_URL: shop.database.url };
  const args = [MAIN, 'override', ...ON_FIRE, '--key', alice.file];
  const slow = spawn(process.execPath, args, {
    env: { ...env, PATH: `${bin}:${process.env.PATH}` },
    stdio: 'ignore',
  });
  const ended = once(slow, 'exit');
  await until(() => existsSync(join(bin, 'asked')));
  slow.kill('SIGKILL');
  await ended;
  await writeFile(join(bin, 'go'), '');
  expect(await shop.entries()).toHaveLength(1);
  expect(await shop.body()).not.toHaveProperty('override');

  for (let nth = 1; nth <= 4; nth++) {
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    const exit = once(child, 'exit');
    const before = (await shop.entries()).length;
    // From before its start to after its end, by what it has got to.
    if (nth > 1) await until(async () => (await hasBegun(shop)) || child.exitCode !== null);
    if (nth > 2) await until(async () => (await shop.entries()).length > before || child.exitCode !== null);
    child.kill('SIGKILL');
    await exit;
    const set = (await shop.entries()).length > before;
    expect(set || nth <= 2).toBe(true);
    if (set) expect(await shop.body()).toHaveProperty('override');
    expect(await verifyAudit(shop.pool)).not.toHaveProperty('break');
  }
});

async function hasBegun(shop: Shop): Promise<boolean> {
  const { rows } = await shop.pool.query(
    `select from pg_stat_activity where datname = current_database() and application_name = 'halyard override'`,
  );
  return rows.length > 0;
}

describe('override patch', () => {
  const project = `project: ${PROJECT}\nenvironments:\n  dev: { salt: "c07d2e" }\n  prod: { salt: "c07d2e" }\n`;
  const checkout = `# the till
flag: checkout
description: The till.
owner: shop
permanent: true
type: boolean
environments:
  dev: { serve: on }
  # careful
  prod:
    targets: { on: [alice] } # testers
    serve: on # everyone`;

  const disabled =
    'prod:\n    enabled: false\n    targets: { on: [alice] } # testers\n    serve: on # everyone';
  const served = 'prod:\n    serve: on # everyone';

  test.each([
    ['off', 'flags', disabled],
    ['on', 'my flags', served],
    ['on', 'ünd "so"', served],
  ])(
    'of %s, for definitions under %j, is taken by git apply, and check finds no fault',
    async (serve, path, prod) => {
      await using shop = await Shop.create();
      await shop.set({ serve });
      await using repository = await GitRepository.create();
      await repository.commit('import', {
        [`${path}/project.yaml`]: project,
        [`${path}/shop/checkout.yaml`]: checkout,
      });
      const { code, stdout, stderr } = await halyard(
        shop,
        ['override', 'patch', 'checkout', '--path', path],
        repository.folder,
      );
      expect({ code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/^halyard: checkout /),
      });
      await repository.pipe(['apply', '--check', '-'], Buffer.from(stdout));
      await repository.pipe(['apply', '-'], Buffer.from(stdout));
      expect(await repository.git('diff', '--stat')).toContain('1 file changed');
      const { stdout: text } = await promisify(execFile)('cat', [
        join(repository.folder, path, 'shop/checkout.yaml'),
      ]);
      expect(text).toBe(checkout.replace(/prod:.*/s, prod));
      expect(await halyard(shop, ['check', '--path', path], repository.folder)).toMatchObject({ code: 0 });
      const again = await halyard(shop, ['override', 'patch', 'checkout', '--path', path], repository.folder);
      expect(again).toMatchObject({
        code: 0,
        stdout: '',
        stderr: expect.stringContaining('nothing to change'),
      });
    },
  );

  test('chooses the override that stands, and asks where that is not plain', async () => {
    await using shop = await Shop.create();
    await using repository = await GitRepository.create();
    await repository.commit('import', { 'flags/project.yaml': project, 'flags/checkout.yaml': checkout });
    const patch = (...args: string[]) =>
      halyard(shop, ['override', 'patch', 'checkout', ...args], repository.folder);
    expect(await patch()).toMatchObject({ code: 2, stderr: 'halyard: `checkout` has no override.\n' });
    await shop.set({ environment: 'dev' }, { now: () => Date.now() - 4 * 60_000 });
    await shop.set({ environment: 'dev', forMs: 60_000 }, { now: () => Date.now() - 4 * 60_000 });
    expect(await patch()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('an override that has ended'),
    });
    expect((await patch('--environment', 'dev')).stdout).toContain('+  dev: { enabled: false, serve: on }\n');
    await shop.set();
    expect((await patch()).stdout).toContain('+    enabled: false\n');
    await shop.set({ environment: 'dev' });
    expect(await patch()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/several overrides.* dev \(until .* prod \(until/),
    });
    expect(await patch('--environment', 'staging')).toMatchObject({ code: 2 });
    expect(await halyard(shop, ['override', 'patch', 'chekout'], repository.folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean `checkout`?'),
    });
  });
});
