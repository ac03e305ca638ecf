// The `halyard` command itself: its help, its version, and what it says to a command that there is not.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { MAIN } from '../support/main-file.ts';

const halyardIn = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
  promisify(execFile)(process.execPath, [MAIN, ...args], { env: { ...process.env, ...environment } });
const halyard = (...args: string[]) => halyardIn({}, ...args);

test('help names every command', async () => {
  const { stdout } = await halyard('help');
  expect(stdout).toBe((await halyard('--help')).stdout);
  for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`  ${name} +${summary}`));
});

test.each([['check'], ['sync', 'accept-history']])('help %s is what its --help says', async (...names) => {
  const { stdout } = await halyard('help', ...names);
  expect(stdout).toContain('Examples:');
  expect(stdout).toBe((await halyard(...names, '--help')).stdout);
});

test('an unknown command, and none, are wrong use', async () => {
  await expect(halyard('unfurl')).rejects.toMatchObject({
    code: 2,
    stderr: "error: unknown command 'unfurl'\n",
  });
  await expect(halyard()).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Usage: halyard'),
  });
});

test('an option that a command under a command does not have is wrong use', async () => {
  await expect(halyard('audit', 'log', '--colour')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("unknown option '--colour'"),
  });
});

test.runIf(existsSync('/dev/full'))('output that cannot be written exits with 3, and says why', async () => {
  const asked = promisify(execFile)('sh', [
    '-c',
    '"$0" "$1" check --help > /dev/full',
    process.execPath,
    MAIN,
  ]);
  await expect(asked).rejects.toMatchObject({
    code: 3,
    stderr: 'halyard: what it prints cannot be written (ENOSPC)\n',
  });
});

test('what Node makes of the code is kept in the cache of the user, where there is one', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'halyard-code-'));
  try {
    await halyardIn({ XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: '' }, 'check', '--help');
    expect(await readdir(join(cache, 'halyard', 'code'))).toHaveLength(1);
  } finally {
    await rm(cache, { recursive: true });
  }
  for (const nowhere of [
    { XDG_CACHE_HOME: '/proc/nowhere', NODE_COMPILE_CACHE: '' },
    { XDG_CACHE_HOME: '', HOME: '/nowhere/at/all', NODE_COMPILE_CACHE: '' },
  ]) {
    expect((await halyardIn(nowhere, 'check', '--help')).stdout).toContain('Examples:');
  }
});
