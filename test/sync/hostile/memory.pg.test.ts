// The memory that sync and all that it starts take at most, measured from outside, for what is small in git and large to read.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { file, folder, type HostileRepository } from '../../support/hostile-repository.ts';
import { MAIN } from '../../support/main-file.ts';
import { HostileTrip } from './trips.ts';

const TIME = '/usr/bin/time';
const MEGABYTE = 1024 * 1024;

let trip: HostileTrip;

beforeAll(async () => {
  trip = await HostileTrip.begin();
});

afterAll(async () => {
  await trip[Symbol.asyncDispose]();
});

/** `halyard sync --once`, and how much memory the largest of its processes had, in megabytes. */
async function measured(): Promise<{ code: number; output: string; megabytes: number }> {
  const { repository, stateFolder, database } = trip.project;
  const report = join(stateFolder, 'memory');
  const sync = [MAIN, 'sync', '--once', '--repo', repository.folder, '--state-dir', stateFolder];
  const environment = { ...process.env, HALYARD_DATABASE_URL: database.url };
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    const args = ['--quiet', '-f', '%M', '-o', report, process.execPath, ...sync];
    execFile(TIME, args, { env: environment, maxBuffer: 64 * MEGABYTE }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
  return { code, output, megabytes: Number((await readFile(report, 'utf8')).trim()) / 1024 };
}

const many = (r: HostileRepository, count: number, content: Buffer) => {
  const oid = r.blob(content);
  return r.tree(Array.from({ length: count }, (_, n) => file(`${String(n).padStart(6, '0')}.yaml`, oid)));
};

describe.runIf(existsSync(TIME))('sync takes no more than 400 MB for', () => {
  test.each<[string, (r: HostileRepository) => string, number, RegExp]>([
    ['a small project', (r) => r.project([], 42), 0, /^applied/],
    [
      'a file of 512 MB of zeros',
      (r) => r.project([file('zeros.yaml', r.blob(Buffer.alloc(512 * MEGABYTE)))]),
      1,
      /^rejected .*file-too-large/,
    ],
    [
      '200,000 files',
      (r) => r.project([folder('many', many(r, 200_000, Buffer.from('x')))]),
      1,
      /^rejected .*too-many-files/,
    ],
    [
      '100 MB of definitions',
      (r) => r.project([folder('many', many(r, 400, Buffer.alloc(256 * 1024, '# x\n')))]),
      1,
      /^rejected .*folder-too-large/,
    ],
  ])('%s', async (_, makeTree, code, line) => {
    const { repository, base } = trip.ground;
    const head = repository.commit({ tree: makeTree(repository), parents: [base] });
    repository.setBranch(head);
    const seen = await measured();
    expect(seen).toMatchObject({ code, output: expect.stringMatching(line) });
    expect(seen.megabytes).toBeLessThan(400);
    trip.standAt(head);
  });
});
