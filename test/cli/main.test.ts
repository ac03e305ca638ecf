// The `halyard` command itself: its help, its version, and what it says to a command that there is not.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

const halyard = (...args: string[]) => promisify(execFile)(process.execPath, [MAIN, ...args]);

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
  await expect(halyard('hoist')).rejects.toMatchObject({
    code: 2,
    stderr: "error: unknown command 'hoist'\n",
  });
  await expect(halyard()).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Usage: halyard'),
  });
});
