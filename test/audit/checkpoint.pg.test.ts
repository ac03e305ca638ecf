// `audit checkpoint`, and `audit verify` with checkpoints from files and refs, over real chains that are then cut, rewritten and forked.
import { execFile } from 'node:child_process';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Checkpoint, checkpointText, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { readSigningKey, type SigningKey } from '../../src/audit/signing-key.ts';
import { Pool } from '../../src/db/pool.ts';
import { FileRef } from '../../src/git/file-ref.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { madeKey } from '../support/signing-key.ts';
import { applyCommit, type Entry, flag } from './writing.ts';

const SHOP = 'acme/shop';
const REF = 'refs/halyard/checkpoints';

let database: TestDatabase;
let folder: string;
let key: SigningKey;
let entries: Entry[];

beforeEach(async () => {
  [database, folder] = await Promise.all([createDatabase(), temporaryFolder('halyard-checkpoints-')]);
  key = readSigningKey(await madeKey(folder, 'key'), 'key');
  entries = await grow(database, [1, 2, 3]);
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);

async function grow({ url }: TestDatabase, values: number[], project = SHOP): Promise<Entry[]> {
  await using pool = new Pool(url, { maxConnections: 1 });
  const grown: Entry[] = [];
  for (const value of values) grown.push(await applyCommit(pool, project, flag('checkout', value)));
  return grown;
}

/** Signs as `audit checkpoint` does, without starting it. */
function signed(entry: Pick<Entry, 'entry' | 'hash'>, by = key, project = SHOP): Checkpoint {
  return signCheckpoint({ project, ...pick(entry), time: '2026-01-31T08:00:00.000Z' }, by);
}
const pick = ({ entry, hash }: Pick<Entry, 'entry' | 'hash'>) => ({ entry, hash });

async function lines(name: string, ...checkpoints: Checkpoint[]): Promise<string> {
  await writeFile(at(name), checkpoints.map((checkpoint) => `${checkpointText(checkpoint)}\n`).join(''));
  return at(name);
}

async function halyard(url: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const env = { ...process.env, HALYARD_DATABASE_URL: url, NO_COLOR: '1', XDG_STATE_HOME: at('state') };
  return promisify(execFile)(process.execPath, [MAIN, 'audit', ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      text: stdout + stderr,
    }),
  );
}
const verify = (url: string, ...args: string[]) => halyard(url, 'verify', ...args);

test('audit checkpoint signs the last entry, on the terminal or at the end of a file, and verify holds the chain to it', async () => {
  const printed = await halyard(database.url, 'checkpoint', '--key', at('key'));
  expect(printed.code).toBe(0);
  expect(JSON.parse(printed.text)).toMatchObject({ v: 1, project: SHOP, entry: 3, hash: entries[2]?.hash });
  await halyard(database.url, 'checkpoint', '--key', at('key'), '--out', at('all.jsonl'));
  await grow(database, [4]);
  await halyard(database.url, 'checkpoint', '--key', at('key'), '--out', at('all.jsonl'));
  expect((await readFile(at('all.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(2);
  const whole = await verify(
    database.url,
    ...['--checkpoint', at('all.jsonl'), '--checkpoint-signer', at('key.pub')],
  );
  expect(whole).toMatchObject({ code: 0 });
  expect(whole.text).toMatch(
    /^whole {3}acme\/shop {2}4 entries.*\n {8}as 2 checkpoints say, the newest of entry 4 at /,
  );
});

test('what cannot be signed is said', async () => {
  await using empty = await createDatabase();
  expect(await halyard(empty.url, 'checkpoint', '--key', at('key'))).toMatchObject({ code: 2 });
  expect(await halyard(database.url, 'checkpoint', '--key', at('none'))).toMatchObject({
    code: 2,
    text: expect.stringContaining('cannot be read'),
  });
  await using owner = new Pool(database.url, { maxConnections: 1 });
  await owner.query(`alter table halyard.audit_entry disable trigger all;
    update halyard.audit_entry set hash = repeat('0', 64) where entry = 3`);
  expect(await halyard(database.url, 'checkpoint', '--key', at('key'))).toMatchObject({
    code: 1,
    text: expect.stringContaining('its hash does not fit'),
  });
});

/** Another database whose chain is whole in itself. */
describe.each<[what: string, values: number[], kind: string, entry: number, from: 'file' | 'ref']>([
  ['cut', [1, 2], 'truncated', 3, 'file'],
  ['forked, and longer', [1, 2, 30, 40, 50], 'altered', 3, 'ref'],
  ['rewritten from the beginning', [10, 20, 30], 'altered', 1, 'file'],
])('a whole chain that was %s', (_how, values, kind, entry, place) => {
  test(`is named, by the checkpoints of a ${place}`, async () => {
    await using other = await createDatabase();
    await grow(other, values);
    await using repository = await GitRepository.create();
    const from =
      place === 'file'
        ? ['--checkpoint', await lines('all.jsonl', ...entries.map((each) => signed(each)))]
        : ['--checkpoint-repo', await inRef(repository), '--checkpoint-ref', REF];
    expect(await verify(database.url, ...from)).toMatchObject({ code: 0 });
    const found = await verify(other.url, ...from, '--format', 'json');
    expect(found.code).toBe(1);
    expect(JSON.parse(found.text)).toMatchObject({ whole: false, break: { kind, entry, project: SHOP } });
    await repository.git('commit', '--quiet', '--allow-empty', '-m', 'Another history');
    await repository.git('update-ref', REF, 'HEAD');
    if (place === 'ref')
      expect(await verify(database.url, ...from)).toMatchObject({
        code: 1,
        text: expect.stringMatching(
          /^bad checkpoint {2}refs.* was rewritten: it no longer holds [0-9a-f]{40}/,
        ),
      });
    expect(JSON.parse(found.text).break.message).toContain(
      `the checkpoint of 2026-01-31T08:00:00.000Z, signed by ${key.fingerprint}`,
    );
  });
});

/** Each entry's checkpoint in a commit of its own. Resolves to the repository's address. */
async function inRef({ folder: repository }: GitRepository): Promise<string> {
  const source = parseGitSource(repository, '/');
  const ref = new FileRef({ source, ref: REF, stateFolder: at('state'), inherited: process.env });
  for (const each of entries) {
    await ref.fetch();
    const text = `${checkpointText(signed(each))}\n`;
    await ref.write({ name: 'acme%2Fshop.json', text, message: 'x', atSeconds: each.entry });
  }
  return repository;
}

test('a project that is gone is named, and checkpoints of others are passed over where one is meant', async () => {
  await grow(database, [1], 'acme/other');
  const file = await lines(
    'gone.jsonl',
    signed(entries[0] as Entry),
    signed({ entry: 2, hash: 'a'.repeat(64) }, key, 'acme/gone'),
  );
  const all = await verify(database.url, '--checkpoint', file);
  expect(all).toMatchObject({
    code: 1,
    text: expect.stringMatching(/truncated {2}acme\/gone {2}entry 1: there is no chain/),
  });
  expect(await verify(database.url, '--checkpoint', file, '--project', SHOP)).toMatchObject({ code: 0 });
  expect(await verify(database.url, '--checkpoint', file, '--project', 'acme/other')).toMatchObject({
    code: 1,
    text: expect.stringContaining('it holds no checkpoint of acme/other'),
  });
});

test('a file that proves nothing has its own text: who signed, what does not fit, and where', async () => {
  const foreign = readSigningKey(await madeKey(folder, 'foreign'), 'foreign');
  const [first] = entries as [Entry];
  const file = await lines('some.jsonl', signed(first), signed(first, foreign));
  expect(await verify(database.url, '--checkpoint', file)).toMatchObject({ code: 0 });
  const signer = ['--checkpoint-signer', key.fingerprint];
  expect(await verify(database.url, '--checkpoint', file, ...signer)).toEqual({
    code: 1,
    text: `bad checkpoint  ${file}:2: it is signed by ${foreign.fingerprint}, which --checkpoint-signer does not name\n`,
  });
  const both = [...signer, '--checkpoint-signer', at('foreign.pub')];
  expect(await verify(database.url, '--checkpoint', file, ...both)).toMatchObject({ code: 0 });
  await appendFile(file, `\n${checkpointText({ ...signed(first), entry: 2 })}\n`);
  expect(await verify(database.url, '--checkpoint', file)).toEqual({
    code: 1,
    text: `bad checkpoint  ${file}:4: its signature does not fit what it says\n`,
  });
  await writeFile(file, '\n');
  expect(await verify(database.url, '--checkpoint', file, '--format', 'json')).toEqual({
    code: 1,
    text: `{"whole":false,"checkpoint":{"source":"${file}","message":"it holds no checkpoint"}}\n`,
  });
  for (const wrong of [
    ['--checkpoint', at('none')],
    ['--checkpoint-ref', REF],
    ['--checkpoint-signer', key.fingerprint],
    ['--checkpoint-repo', folder, '--checkpoint-ref', 'main'],
    ['--checkpoint', file, '--checkpoint-signer', 'SHA256:x'],
  ])
    expect(await verify(database.url, ...wrong)).toMatchObject({ code: 2 });
});
