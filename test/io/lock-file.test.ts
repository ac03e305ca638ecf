// A lock is held by one living process, and never by one that is gone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isHeld, takeLock } from '../../src/io/lock-file.ts';

const MODULE = new URL('../../src/io/lock-file.ts', import.meta.url).href;
let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-lock-'));
  lock = join(folder, 'lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A process that takes the lock and says how that went. */
async function taker() {
  const script = `import { takeLock } from ${JSON.stringify(MODULE)};
    const taken = await takeLock(${JSON.stringify(lock)});
    console.log('heldBy' in taken ? 'held by ' + taken.heldBy : 'taken');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { said: String(chunk).trim(), pid: child.pid, kill };
}

it('a lock is held until it is given back', async () => {
  const taken = (await takeLock(lock)) as AsyncDisposable;
  expect(await takeLock(lock)).toEqual({ heldBy: process.pid });
  expect(await isHeld(lock)).toBe(true);
  await taken[Symbol.asyncDispose]();
  expect(await isHeld(lock)).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});

it('of many that take it at once, one gets it, also where a killed process has left one', async () => {
  const killed = await taker();
  expect(killed.said).toBe('taken');
  await killed.kill();
  const takers = await Promise.all([taker(), taker(), taker(), taker()]);
  const winners = takers.filter(({ said }) => said === 'taken');
  expect(winners).toHaveLength(1);
  for (const { said } of takers) expect(said).toMatch(new RegExp(`^taken$|^held by ${winners[0]?.pid}$`));
  await Promise.all(takers.map(({ kill }) => kill()));
});

it('a lock is not held by a later process with the same pid, or by nonsense', async () => {
  await takeLock(lock);
  const holder = JSON.parse(await readFile(lock, 'utf8'));
  await writeFile(lock, JSON.stringify({ ...holder, began: 'long ago' }));
  expect(await isHeld(lock)).toBe(false);
  expect(await takeLock(lock)).not.toHaveProperty('heldBy');
  await writeFile(lock, 'nonsense');
  expect(await takeLock(lock)).not.toHaveProperty('heldBy');
});
