// `halyard assignment`: what was recorded of a unit, a personal one too.
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readUnitKey } from '../../src/io/unit-key.ts';
import { pseudonym } from '../../src/model/pseudonym.ts';
import { applyCommit } from '../audit/writing.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { bring, Collecting, exposure } from './collecting.ts';
import { DEFINITIONS, PROJECT } from './definitions.ts';

let collecting: Collecting;

beforeAll(async () => {
  collecting = await Collecting.create();
});
afterAll(() => collecting[Symbol.asyncDispose]());

test('`halyard assignment` says the arm, when, and the crossover; 1 where there is none, and 2 for what is not applied', async () => {
  const collector = await collecting.collector({ project: PROJECT });
  const atMs = Date.now() - 5_000;
  await bring(collector.url, [exposure({ unit: 'u-cli', atMs, revision: 9 })]);
  await bring(collector.url, [exposure({ unit: 'u-cli', atMs: atMs + 1_000, arm: 'off' })]);
  const run = (...args: string[]) => assignment(collecting.database.url, ...args);
  const found = await run('layout', 'u-cli');
  expect(found).toMatchObject({
    code: 0,
    text: expect.stringContaining(`on in prod since ${new Date(atMs).toISOString()}`),
  });
  expect(found.text).toContain('crossed over to off');
  const { code, text } = await run('layout', 'u-cli', '--environment', 'prod', '--format', 'json');
  expect({ code, said: JSON.parse(text) }).toEqual({
    code: 0,
    said: {
      project: PROJECT,
      experiment: 'layout',
      assignments: [
        {
          environment: 'prod',
          unit: 'u-cli',
          unitAttribute: 'targetingKey',
          arm: 'on',
          at: new Date(atMs).toISOString(),
          revision: 9,
          crossover: { arm: 'off', at: new Date(atMs + 1_000).toISOString() },
        },
      ],
    },
  });
  expect(await run('layout', 'u-nobody')).toMatchObject({
    code: 1,
    text: expect.stringContaining('never exposed'),
  });
  expect(await run('nothing', 'u-cli')).toMatchObject({ code: 2 });
  expect(await run('layout', 'u-cli', '--environment', 'staging')).toMatchObject({ code: 2 });
  await collector.stop();
});

test('`halyard assignment` finds a personal unit by its pseudonym, or by the key that makes it', async () => {
  const project = { environments: { prod: {} }, attributes: { contact: { type: 'object', personal: true } } };
  const experiment = {
    ...DEFINITIONS.find(({ kind }) => kind === 'experiment')?.body,
    experiment: 'mail',
    unit: 'contact.email',
  };
  await applyCommit(collecting.pool, PROJECT, [
    { kind: 'project', key: PROJECT, body: project },
    { kind: 'experiment', key: 'mail', body: experiment },
  ]);
  const folder = await temporaryFolder('halyard-key-');
  const keyFile = join(folder, 'unit.key');
  await writeFile(keyFile, `${'k'.repeat(43)}\n`, { mode: 0o600 });
  const unit = pseudonym(await readUnitKey(keyFile), 'contact.email', 'ada@example.com');
  const collector = await collecting.collector({ project: PROJECT });
  await bring(collector.url, [exposure({ experiment: 'mail', unitAttribute: 'contact.email', unit })]);
  const run = (...args: string[]) => assignment(collecting.database.url, 'mail', ...args);
  expect(await run('ada@example.com', '--unit-key-file', keyFile)).toMatchObject({ code: 0 });
  expect(await run('eve@example.com', '--unit-key-file', keyFile)).toMatchObject({
    code: 1,
    text: expect.stringMatching(/never exposed to \S+, as far as the key is that of the relays/),
  });
  expect(await run(unit)).toMatchObject({ code: 0 });
  const refused = await run('ada@example.com');
  expect(refused).toMatchObject({ code: 2, text: expect.stringContaining('--unit-key-file') });
  expect(refused.text).not.toContain('ada@');
  await collector.stop();
  await rm(folder, { recursive: true });
});

async function assignment(databaseUrl: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const env = { ...process.env, HALYARD_DATABASE_URL: databaseUrl, NO_COLOR: '1' };
  const all = [MAIN, 'assignment', ...args, '--project', PROJECT];
  return promisify(execFile)(process.execPath, all, { env }).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      text: stdout + stderr,
    }),
  );
}
