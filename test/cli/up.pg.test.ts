// `halyard up` end to end: a process of its own, a real repository, PostgreSQL and relay, and what the terminal says.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseUrl } from '../../src/cli/database-url.ts';
import type { GitRepository } from '../support/git-repository.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';
import {
  dataFolder,
  PROJECT_ROOT,
  sampleFolder,
  sampleRepository,
  UpProcess,
} from '../support/up-process.ts';

const FLAG_FILE = 'flags/checkout/one-page-checkout.yaml';
const CART_FILE = 'flags/checkout/new-cart.yaml';
const run = promisify(execFile);

describe('up on the sample project', () => {
  let repository: GitRepository;
  let up: UpProcess;
  let flagYaml: string;
  let cartYaml: string;

  beforeAll(async () => {
    repository = await sampleRepository();
    flagYaml = await readFile(join(repository.folder, FLAG_FILE), 'utf8');
    cartYaml = await readFile(join(repository.folder, CART_FILE), 'utf8');
    up = await UpProcess.start({ folder: repository.folder });
  });
  afterAll(async () => {
    await up[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
  });

  it('prints branch, commit, definitions, and where everything is, but no password', async () => {
    const head = await repository.head();
    expect(up.output).toContain(`branch main at ${head.slice(0, 10)}`);
    expect(up.output).toMatch(
      /definitions +13: 6 flags, 2 segments, 1 experiment, 3 metrics and the project, in flags\//,
    );
    expect(up.output).toMatch(/PostgreSQL +127\.0\.0\.1:\d+/);
    expect(up.output).toMatch(/relay +http:\/\/127\.0\.0\.1:\d+ for the environment prod/);
    const password = new URL(await databaseUrl({ environment: {}, folder: repository.folder })).password;
    expect(password.length).toBeGreaterThan(20);
    expect(up.output).not.toContain(password);
    expect((await stat(join(repository.folder, '.halyard/up.json'))).mode & 0o777).toBe(0o600);
  });

  it('prints a curl line that works as it stands', async () => {
    const line = /curl .*/.exec(up.output)?.[0] ?? '';
    const { stdout } = await run('sh', ['-c', line]);
    expect(JSON.parse(stdout)).toMatchObject({ flag: expect.any(String), value: expect.anything() });
  });

  it('is not seen by git', async () => {
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('serves a commit and says who changed what in words', async () => {
    const context = { targetingKey: 'unit-7', country: 'US', appVersion: '4.2.0' };
    expect(await up.evaluate('one-page-checkout', context)).toMatchObject({ value: false });
    const commit = await repository.commit('Ramp to everyone', {
      [FLAG_FILE]: flagYaml.replace('percent: 10 ', 'percent: 100 '),
    });
    await until(async () => (await up.evaluate('one-page-checkout', context)).value === true);
    await up.prints(`applied   ${commit.slice(0, 10)}  Ada Author: Ramp to everyone`);
    await up.prints('one-page-checkout  prod  rule "US ramp"  percent 10 → 100');
  });

  it('shows each problem of a bad commit with its place and a hint, serves on, and applies the fix', async () => {
    const before = await up.evaluate('new-cart', { targetingKey: 'unit-7' });
    const bad = await repository.commit('Oops', { [CART_FILE]: cartYaml.replace('serve: on', 'serve: onn') });
    await up.prints(
      `rejected  ${bad.slice(0, 10)}  Ada Author: Oops  (1 problem; what was good is served on)`,
    );
    await up.prints(/flags\/checkout\/new-cart\.yaml:\d+:\d+ .*unknown-variation/);
    expect(await up.evaluate('new-cart', { targetingKey: 'unit-7' })).toEqual(before);
    const fix = await repository.commit('Mended', {
      [CART_FILE]: cartYaml.replace('serve: on', 'serve: off'),
    });
    await up.prints(`applied   ${fix.slice(0, 10)}  Ada Author: Mended`);
  });

  it('tells of edits that are not committed', async () => {
    await repository.edit(CART_FILE, cartYaml.replace('across devices', 'everywhere'));
    await up.prints(`not committed, so not served: ${CART_FILE}`);
    await repository.git('checkout', '--quiet', '--', CART_FILE);
  });

  it('takes over an amended commit and another branch by itself, each with its entry', async () => {
    await repository.edit(CART_FILE, cartYaml.replace('across devices', 'on all devices'));
    await repository.git('commit', '--quiet', '--all', '--amend', '-m', 'Amended');
    await up.prints(/diverged {2}.*\n(.*\n)*accepted {2}.*\(audit entry \d+\)\n(.*\n)*applied {3}.*Amended/);
    await repository.git('checkout', '--quiet', '-b', 'other', 'HEAD~3');
    const other = await repository.commit('On another branch', {
      [CART_FILE]: cartYaml.replace('across devices', 'at once'),
    });
    await up.prints(`applied   ${other.slice(0, 10)}  Ada Author: On another branch`);
  });

  it('refuses a second instance in the same folder, and says what to do', async () => {
    await using second = new UpProcess({ folder: repository.folder });
    expect(await second.ended()).toBe(2);
    expect(second.errors).toMatch(/already runs on \.halyard \(process \d+\)\. Stop that one first, or /);
    expect(isAlive(up.pid)).toBe(true);
  });

  it('starts PostgreSQL again when it dies, and the relay answers all the while', async () => {
    const killed = await up.postgresPid();
    process.kill(killed, 'SIGKILL');
    await until(async () => {
      expect(await up.evaluate('new-cart', { targetingKey: 'unit-7' })).toHaveProperty('value');
      return up.output.includes('PostgreSQL has died, and is started again.');
    });
    const after = await repository.commit('After the crash', {
      [CART_FILE]: cartYaml.replace('devices', 'phones'),
    });
    await up.prints(`applied   ${after.slice(0, 10)}  Ada Author: After the crash`, 20_000);
    expect(await up.postgresPid()).not.toBe(killed);
  });

  it('stops at Ctrl-C, pressed twice, and leaves no process and no up.json', async () => {
    const postgres = await up.postgresPid();
    up.signal('SIGINT', 'group');
    up.signal('SIGINT', 'group');
    expect(await up.ended()).toBe(0);
    expect(up.output).toContain('Stopped.');
    expect(up.errors).toBe('');
    expect(isAlive(postgres)).toBe(false);
    await expect(stat(join(repository.folder, '.halyard/up.json'))).rejects.toThrow('ENOENT');
  });

  it('keeps the data between starts: nothing is applied twice', async () => {
    await using again = await UpProcess.start({ folder: repository.folder });
    expect(again.output).not.toContain('applied   ');
    expect(await again.evaluate('new-cart', { targetingKey: 'unit-7' })).toMatchObject({ value: true });
  });
});

it('serves another environment, and a detached HEAD', async () => {
  await using repository = await sampleRepository();
  await repository.git('checkout', '--quiet', '--detach');
  await using up = await UpProcess.start({ folder: repository.folder, args: ['--environment', 'staging'] });
  expect(up.output).toContain('detached HEAD at');
  expect(await up.evaluate('one-page-checkout', { targetingKey: 'anyone' })).toMatchObject({ value: true });
});

it('starts again after kill -9, and stops the PostgreSQL that was left', async () => {
  await using repository = await sampleRepository();
  await using killed = await UpProcess.start({ folder: repository.folder });
  const orphan = await killed.postgresPid();
  killed.signal('SIGKILL');
  await killed.ended();
  expect(isAlive(orphan)).toBe(true);
  await using up = await UpProcess.start({ folder: repository.folder });
  expect(isAlive(orphan)).toBe(false);
  expect(await up.evaluate('new-cart', { targetingKey: 'unit-7' })).toMatchObject({ value: true });
});

it('leaves nothing, and complains of nothing, when Ctrl-C comes while it starts', async () => {
  for (const afterMs of [50, 300, 450, 600, 900]) {
    await using repository = await sampleRepository();
    await using up = new UpProcess({ folder: repository.folder });
    await sleep(afterMs);
    up.signal('SIGINT', 'group');
    await up.ended(8_000);
    expect(up.errors).toBe('');
  }
});

it('says that nothing is served yet where the first commit has problems', async () => {
  await using repository = await sampleRepository();
  await repository.commit('Oops', { [CART_FILE]: 'flag: new-cart\n' });
  await using up = await UpProcess.start({ folder: repository.folder });
  await up.prints('Ada Author: Oops  (');
  expect(up.output).toMatch(/this commit has problems, so nothing is served yet: /);
  await up.prints(/Ada Author: Oops {2}\(\d+ problems; nothing is served yet\)\n/);
  expect(up.output).not.toContain('what was good');
});

it('waits for the first commit of a new repository', async () => {
  await using repository = await sampleRepository();
  await repository.git('update-ref', '-d', 'HEAD');
  await using up = await UpProcess.start({ folder: repository.folder });
  expect(up.output).toContain('no commit yet');
  await repository.commit('First');
  await up.prints('Ada Author: First');
  await until(async () => (await up.evaluate('new-cart', { targetingKey: 'a' })).value === true);
});

describe('one clear sentence, and what to do', () => {
  it('for a port that is in use', async () => {
    await using repository = await sampleRepository();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await using up = new UpProcess({ folder: repository.folder, args: ['--listen', `127.0.0.1:${port}`] });
    expect(await up.ended()).toBe(2);
    expect(up.errors).toMatch(
      new RegExp(`127.0.0.1:${port} is in use.*or choose another port: --listen 127`),
    );
    taken.close();
  });

  it('for data of another version', async () => {
    await using repository = await sampleRepository();
    await using first = await UpProcess.start({ folder: repository.folder });
    first.signal('SIGTERM');
    await first.ended();
    await writeFile(join(await dataFolder(repository.folder), 'PG_VERSION'), '16\n');
    await using up = new UpProcess({ folder: repository.folder });
    expect(await up.ended()).toBe(2);
    expect(up.errors).toMatch(/made by PostgreSQL 16, and this is PostgreSQL 18\. Remove the folder/);
  });

  it('for an environment that the project does not have', async () => {
    await using repository = await sampleRepository();
    await using up = new UpProcess({ folder: repository.folder, args: ['--environment', 'qa'] });
    expect(await up.ended()).toBe(2);
    expect(up.errors).toContain('the project has no environment "qa". It has dev, prod, staging.');
  });

  it('for an environment that the project has no longer', async () => {
    await using repository = await sampleRepository();
    const yaml = await readFile(join(repository.folder, 'flags/project.yaml'), 'utf8');
    await repository.commit('QA', {
      'flags/project.yaml': yaml.replace('  prod: ', '  qa: { salt: "5a17" }\n  prod: '),
    });
    await using before = await UpProcess.start({ folder: repository.folder, args: ['--environment', 'qa'] });
    await repository.commit('No QA', { 'flags/project.yaml': yaml });
    await before.prints('Ada Author: No QA');
    before.signal('SIGTERM');
    await before.ended();
    await using up = new UpProcess({ folder: repository.folder, args: ['--environment', 'qa'] });
    expect(await up.ended()).toBe(2);
    expect(up.errors).toContain('the project has no environment "qa". It has dev, prod, staging.');
  });

  it('for a path outside of the repository', async () => {
    await using repository = await sampleRepository();
    await using up = new UpProcess({ folder: repository.folder, args: ['--path', '..'] });
    expect(await up.ended()).toBe(2);
    expect(up.errors).toContain(
      `--path .. leads out of the repository ${repository.folder}. Say with --repo`,
    );
  });

  it('for a folder that is nowhere', async () => {
    await using repository = await sampleRepository();
    await using up = new UpProcess({ folder: repository.folder, args: ['--repo', 'nowhere'] });
    expect(await up.ended()).toBe(2);
    expect(up.errors).toContain('nowhere: there is no such folder.');
  });
});

describe('without a repository', () => {
  it('serves the folder directly, says so, and shows what is wrong with it', async () => {
    await using archive = await sampleFolder();
    await using up = await UpProcess.start({ folder: archive.folder });
    expect(up.output).toMatch(
      /folder +flags is served as it is.*because this folder is not in a git repository/,
    );
    expect(await up.evaluate('new-cart', { targetingKey: 'a' })).toMatchObject({ value: true });
    const file = join(archive.folder, CART_FILE);
    const yaml = await readFile(file, 'utf8');
    await writeFile(file, yaml.replaceAll('serve: on', 'serve: onn'));
    await up.prints(/flags\/checkout\/new-cart\.yaml:\d+:\d+ .*unknown-variation/);
    expect(await up.evaluate('new-cart', { targetingKey: 'a' })).toMatchObject({ value: true });
    await writeFile(file, yaml.replaceAll('serve: on', 'serve: off'));
    await until(async () => (await up.evaluate('new-cart', { targetingKey: 'a' })).value === false);
    await up.prints(/served {4}revision \d+/);
  });

  it('serves the folder of an archive that was unpacked inside of another repository', async () => {
    await using repository = await sampleRepository();
    await cp(join(repository.folder, 'flags'), join(repository.folder, 'archive/flags'), { recursive: true });
    await using up = await UpProcess.start({ folder: join(repository.folder, 'archive') });
    expect(up.output).toMatch(/because the repository .* has no archive\/flags in its last commit/);
    expect(await up.evaluate('new-cart', { targetingKey: 'a' })).toMatchObject({ value: true });
  });

  it('serves the folder where git is not installed', async () => {
    await using repository = await sampleRepository();
    await using up = await UpProcess.start({
      folder: repository.folder,
      environment: { PATH: '/nonexistent' },
    });
    expect(up.output).toContain('because git is not installed');
    expect(up.output).toContain('To have commits served, with their audit: install git, then start again.');
    expect(await up.evaluate('new-cart', { targetingKey: 'a' })).toMatchObject({ value: true });
  });
});

describe('npm start', () => {
  const start = async (repository: GitRepository) =>
    UpProcess.start({
      folder: repository.folder,
      command: ['npm', 'start', '--prefix', PROJECT_ROOT, '--'],
      args: ['--repo', repository.folder, '--data', join(repository.folder, '.halyard')],
      environment: { PATH: process.env.PATH },
    });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
    'leaves no process when npm alone gets %s',
    async (signal) => {
      await using repository = await sampleRepository();
      await using up = await start(repository);
      const postgres = await up.postgresPid();
      up.signal(signal);
      await until(() => up.output.includes('Stopped.'));
      expect(isAlive(postgres)).toBe(false);
    },
  );

  it('stops in order when a terminal sends SIGINT twice to all', async () => {
    await using repository = await sampleRepository();
    await using up = await start(repository);
    up.signal('SIGINT', 'group');
    up.signal('SIGINT', 'group');
    expect(await up.ended(8_000)).toBe(0);
    expect(up.output).toContain('Stopped.');
  });
});
