// `halyard promote` as a process: what it says, what it writes, and what it warns of.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ended, halyard } from '../support/command.ts';

const root = join(import.meta.dirname, '../..');
const FLAG = 'flags/checkout/one-page-checkout.yaml';
let folder = '';
const promote = (...args: string[]): Promise<Ended> => halyard(['promote', ...args], folder);
const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-promote-'));
  await cp(join(root, 'flags'), join(folder, 'flags'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('it says what changes where the flag goes to, and what may surprise', async () => {
  const { code, stdout } = await promote('one-page-checkout', '--from', 'prod', '--to', 'staging');
  expect(code).toBe(0);
  expect(stdout).toContain('one-page-checkout  staging  rule "US ramp"  percent added: 10\n');
  expect(stdout).toContain('one-page-checkout  staging  targets  on added: <personal>\n');
  expect(stdout).toMatch(/^warning {2}dealt-anew {2}The salts of prod and staging differ/m);
  expect(stdout).toMatch(
    /^warning {2}experiment-does-not-run {2}The experiment `page-layout` does not run in staging/m,
  );
  expect(stdout).toMatch(
    /\nflags\/checkout\/one-page-checkout\.yaml is changed\. See who moves: halyard plan /,
  );
});

test('the file has the targeting with its comments, and everything else as it was', async () => {
  const before = await read(FLAG);
  await promote('one-page-checkout', '--from', 'prod', '--to', 'staging');
  const body = before.slice(before.indexOf('  prod:\n') + '  prod:\n'.length);
  expect(await read(FLAG)).toBe(before.replace('  staging:\n    serve: on\n', `  staging:\n${body}`));
  expect(await halyard(['check', '--strict'], folder)).toMatchObject({ code: 0 });
  expect(await halyard(['fmt', '--check'], folder)).toMatchObject({ code: 0 });
  expect(await promote('one-page-checkout', '--from', 'prod', '--to', 'staging')).toMatchObject({
    code: 0,
    stdout: 'one-page-checkout decides in staging as in prod already: nothing to do.\n',
  });
});

test('--dry-run writes nothing', async () => {
  const before = await read(FLAG);
  const { code, stdout } = await promote('one-page-checkout', '--from', 'prod', '--to', 'dev', '--dry-run');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/\nNothing is written \(--dry-run\)\.\n$/)]);
  expect(await read(FLAG)).toBe(before);
});

test('as JSON', async () => {
  const { stdout } = await promote('new-cart', '--from', 'prod', '--to', 'dev', '--format', 'json');
  expect(JSON.parse(stdout)).toEqual({
    flag: 'new-cart',
    from: 'prod',
    to: 'dev',
    file: 'flags/checkout/new-cart.yaml',
    written: false,
    changes: [],
    warnings: [],
  });
  const args = ['search-ranking', '--from', 'dev', '--to', 'prod', '--format', 'json'];
  expect(JSON.parse((await promote(...args)).stdout)).toMatchObject({
    written: true,
    changes: [{ kind: 'flag', key: 'search-ranking', environment: 'prod', action: 'updated' }],
    warnings: [],
  });
});

test('a flag that the source does not name is disabled where it goes to, and so is what requires it', async () => {
  const path = 'flags/checkout/new-cart.yaml';
  await writeFile(join(folder, path), (await read(path)).replace('  dev:\n    serve: on\n', ''));
  const disabled = await promote('new-cart', '--from', 'dev', '--to', 'prod');
  expect(disabled.stdout).toContain('new-cart  prod  enabled true → false\n');
  expect(disabled.stdout).toMatch(/^warning {2}disabled {2}/m);
  expect(await read(path)).toMatch(/environments:\n {2}staging:\n {4}serve: on\n$/);
  const requiring = await promote('one-page-checkout', '--from', 'prod', '--to', 'dev');
  expect(requiring.stdout).toMatch(/^warning {2}required-flag-disabled {2}The flag requires `new-cart`/m);
});

test('a kill switch is not released in silence', async () => {
  const path = 'flags/checkout/new-cart.yaml';
  const killed = (await read(path)).replace('  prod:\n', '  prod:\n    enabled: false\n');
  await writeFile(join(folder, path), killed);
  const { stdout } = await promote('new-cart', '--from', 'staging', '--to', 'prod');
  expect(stdout).toContain('new-cart  prod  enabled false → true\n');
  expect(stdout).toMatch(
    /^warning {2}enabled-again {2}The flag is switched off in prod \(`enabled: false`\)/m,
  );
  await writeFile(join(folder, path), killed);
  const off = await promote('new-cart', '--from', 'prod', '--to', 'staging');
  expect(off.stdout).not.toContain('enabled-again');
});

test('what would be wrong afterwards is not written', async () => {
  const before = await read(FLAG);
  const { code, stderr } = await promote('one-page-checkout', '--from', 'dev', '--to', 'prod');
  expect(code).toBe(1);
  expect(stderr).toMatch(/error {2}experiment-not-used/);
  expect(stderr).toMatch(/halyard: definitions with errors would come of it, so nothing is written\.\n$/);
  expect(await read(FLAG)).toBe(before);
});

test.each([
  [['one-page-checkou', '--from', 'dev', '--to', 'prod'], 1, /Did you mean `one-page-checkout`\?/],
  [['new-cart', '--from', 'dev', '--to', 'prd'], 2, /has no environment `prd`. Did you mean `prod`\?/],
  [['new-cart', '--from', 'dev', '--to', 'dev'], 2, /the same environment/],
  [['new-cart', '--from', 'dev'], 2, /--to/],
  [['new-cart', '--from', 'dev', '--to', 'prod', '--path', 'nowhere'], 2, /nowhere/],
])('%j exits with %i', async (args, code, stderr) => {
  expect(await promote(...args)).toMatchObject({ code, stderr: expect.stringMatching(stderr) });
});

test('definitions with errors are not promoted', async () => {
  await writeFile(join(folder, 'flags/bad.yaml'), 'flag: bad\n');
  const { code, stderr } = await promote('new-cart', '--from', 'dev', '--to', 'prod');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/definitions with errors are not promoted\.\n$/)]);
});
