// Where a clone's data lies, for an ordinary user and for root, whose server runs as somebody else.
import { chmod, cp, mkdir, mkdtemp, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { dataFolderOf } from '../../src/db/embedded-postgres-place.ts';

const isRoot = process.getuid?.() === 0;
let clone: string;
const places = new Set<string>();

/** Like `dataFolderOf`, and removes root's places after the test. */
async function dataFolder(state: string): Promise<string> {
  const folder = await dataFolderOf(state);
  if (isRoot) places.add(dirname(folder));
  return folder;
}

beforeEach(async () => {
  clone = await mkdtemp(join(await realpath(isRoot ? homedir() : tmpdir()), 'halyard-clone-'));
});
afterEach(async () => {
  for (const folder of [clone, ...places]) await rm(folder, { recursive: true, force: true });
  places.clear();
});

it('the data of a clone stay where they are from start to start', async () => {
  const state = join(clone, '.halyard');
  const folder = await dataFolder(state);
  await using _server = await startEmbeddedPostgres({ dataFolder: folder });
  expect(await dataFolder(state)).toBe(folder);
});

it.skipIf(isRoot)("an ordinary user's data lie in the state folder itself", async () => {
  expect(await dataFolder(join(clone, '.halyard'))).toBe(join(clone, '.halyard', 'postgres'));
});

describe.runIf(isRoot)("root's data", () => {
  it('lie where the server can reach them, though nobody else can enter the clone', async () => {
    await chmod(clone, 0o700);
    const folder = await dataFolder(join(clone, '.halyard'));
    expect(folder).not.toContain(clone);
    await using server = await startEmbeddedPostgres({ dataFolder: folder });
    expect((await stat(server.dataFolder)).uid).not.toBe(0);
  });

  it('go along when the clone is moved', async () => {
    await mkdir(join(clone, 'a'));
    const folder = await dataFolder(join(clone, 'a', '.halyard'));
    await rename(join(clone, 'a'), join(clone, 'b'));
    expect(await dataFolder(join(clone, 'b', '.halyard'))).toBe(folder);
  });

  it('are not shared with a copy of the clone', async () => {
    const first = await dataFolder(join(clone, 'a', '.halyard'));
    await cp(join(clone, 'a'), join(clone, 'b'), { recursive: true, verbatimSymlinks: true });
    const second = await dataFolder(join(clone, 'b', '.halyard'));
    expect(second).not.toBe(first);
    expect(await dataFolder(join(clone, 'a', '.halyard'))).toBe(first);
  });

  it("never follow a link to a folder that is not root's own", async () => {
    const state = join(clone, '.halyard');
    await mkdir(state);
    await symlink('/etc', join(state, 'postgres-of-root'));
    const folder = await dataFolder(state);
    expect(folder).toMatch(/\/halyard[^/]*\/clone-[0-9a-f]{16}\/data$/);
    expect(await readlink(join(state, 'postgres-of-root'))).toBe(dirname(folder));
  });
});
