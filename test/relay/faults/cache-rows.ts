// Faults of the disk cache, of which a relay lives when everything else is down.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { writeCacheFile } from '../../../src/relay/cache-file.ts';
import { DiskCache } from '../../../src/relay/disk-cache.ts';
import { createDatabase } from '../../support/database.ts';
import { createFolder } from '../folder.ts';
import { relay as startRelay } from '../start.ts';
import {
  cacheOf,
  DOWN,
  expectServedFromCache,
  NAME,
  playCacheFault,
  restarted,
  snapshotOfRevision,
} from './cache-play.ts';
import { type FaultGroup, type FaultRow, LAST_GOOD, UNNOTICED, withoutRoot } from './fault.ts';
import { RelayProcess } from './relay-process.ts';
import { type AskedRelay, Commits, eventually, expectWell, statusOf } from './stage.ts';
import { Tmpfs } from './tmpfs.ts';

const PREVIOUS = `${NAME}.previous`;
const NOT_SERVED = 'the log names each file that is not served';

const isLogged = (relay: AskedRelay, text: string) => relay.lines().some((line) => line.includes(text));

/** Both generations are written, something is done to the newest, and the one before is what a restart serves. */
const damaged = (name: string, harm: (file: string) => Promise<unknown>): FaultRow => ({
  name,
  users: 'the values of the generation before',
  operator: NOT_SERVED,
  play: async () => {
    await using folder = await cacheOf(1, 2);
    await harm(join(folder.path, NAME));
    await using relay = await restarted(folder.path);
    await expectServedFromCache(relay, 1);
    expect(isLogged(relay, 'a cached snapshot is not served')).toBe(true);
  },
});

/** Loads after each harm, and sees that what is damaged is never what is loaded. */
async function expectNeverLoaded(folder: string, whole: Buffer, harms: Iterable<Buffer>): Promise<void> {
  for (const bytes of harms) {
    await writeFile(join(folder, NAME), bytes);
    const { snapshot, damaged: said } = await new DiskCache(folder, 'prod', 'acme/shop').load();
    expect([snapshot?.revision, said.length], `${bytes.length} of ${whole.length} bytes`).toEqual([1, 1]);
  }
}

function* truncated(whole: Buffer, step: number): Generator<Buffer> {
  for (let length = whole.length - 1; length >= 0; length -= step) yield whole.subarray(0, length);
}

function* flipped(whole: Buffer, step: number): Generator<Buffer> {
  for (let at = 0; at < whole.length; at += step) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] as number) ^ (1 << (at % 8));
    yield bytes;
  }
}

const DAMAGES: FaultRow[] = [
  {
    name: 'the newest file of the cache is cut off: at every length of a small one, at some of a large one',
    users: 'the values of the generation before',
    operator: NOT_SERVED,
    play: () => playDamage(truncated),
  },
  {
    name: 'a byte of the newest file is flipped: every byte of a small one, some of a large one',
    users: 'the values of the generation before',
    operator: NOT_SERVED,
    play: () => playDamage(flipped),
  },
  damaged('the newest file of the cache is empty, as after a power cut', (file) => truncate(file, 0)),
  damaged('the newest file of the cache is a folder', async (file) => {
    await rm(file);
    await createFolder({}).then(({ path }) => rename(path, file));
  }),
  damaged('the newest snapshot on disk is one that only a newer relay can compile', async (file) => {
    const rules = [
      { if: { attribute: 'plan', operator: 'sounds-like', value: 'pro' }, then: { serve: 'now' } },
    ];
    await rm(file);
    await writeCacheFile(file, snapshotOfRevision(2, { rules }), '99.0.0');
  }),
  {
    name: 'both generations are damaged, and everything else is down',
    users: '`PROVIDER_NOT_READY`, so the app’s own defaults',
    operator: `not ready; ${NOT_SERVED}; \`postgres\`: does not answer`,
    play: async () => {
      await using folder = await cacheOf(1, 2);
      for (const file of [NAME, PREVIOUS]) await truncate(join(folder.path, file), 70);
      await using relay = await restarted(folder.path);
      expect(await relay.evaluate('answer')).toMatchObject({
        reason: 'ERROR',
        errorCode: 'PROVIDER_NOT_READY',
      });
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(503);
      await eventually(async () => (await statusOf(relay)).source.lastError?.code === 'postgres');
      for (const file of [NAME, PREVIOUS]) expect(isLogged(relay, `${file} is damaged`)).toBe(true);
    },
  },
];

/** Every harm to a small snapshot, and a sample of them to a large one. */
async function playDamage(harmed: (whole: Buffer, step: number) => Iterable<Buffer>): Promise<void> {
  for (const [more, step] of [
    [{}, 1],
    [{ description: 'ü'.repeat(200_000) }, 9_973],
  ] as const) {
    await using folder = await cacheOf(1);
    await new DiskCache(folder.path, 'prod', 'acme/shop').save(snapshotOfRevision(2, more));
    const whole = await readFile(join(folder.path, NAME));
    await expectNeverLoaded(folder.path, whole, harmed(whole, step));
  }
}

const WRITES: FaultRow[] = [
  {
    name: 'the disk of the cache is full',
    users: UNNOTICED,
    operator: '`cache`: cannot be written (ENOSPC), until there is room',
    unplayable: withoutRoot,
    play: async () => {
      await using disk = await Tmpfs.mount('1m');
      await playCacheFault(disk.folder, {
        begin: () => disk.fill(),
        end: () => disk.empty(),
        says: /cannot be written: ENOSPC/,
      });
    },
  },
  {
    name: 'the disk of the cache becomes read-only',
    users: UNNOTICED,
    operator: '`cache`: cannot be written (EROFS), until it can',
    unplayable: withoutRoot,
    play: async () => {
      await using disk = await Tmpfs.mount('4m');
      await playCacheFault(disk.folder, {
        begin: () => disk.remount('ro'),
        end: () => disk.remount('rw'),
        says: /cannot be written: EROFS/,
      });
    },
  },
  {
    name: 'a file stands in the place of the cache’s folder',
    users: UNNOTICED,
    operator: '`cache`: cannot be written, until it is gone',
    play: async () => {
      await using outer = await createFolder({});
      const folder = join(outer.path, 'cache');
      await playCacheFault(folder, {
        begin: async () => {
          await rm(folder, { recursive: true });
          await writeFile(folder, 'a file');
        },
        end: () => rm(folder),
        says: /cannot be written: (ENOTDIR|EEXIST)/,
      });
    },
  },
];

const vanished: FaultRow = {
  name: 'the folder of the cache vanishes',
  users: UNNOTICED,
  operator: 'nothing: the next change makes it anew',
  play: async () => {
    await using outer = await createFolder({});
    await using database = await createDatabase();
    const folder = join(outer.path, 'cache');
    const commits = new Commits(database.url);
    await commits.next();
    await using relay = await startRelay({ source: database.url, cache: folder });
    await expectWell(relay, 1);
    await eventually(async () => (await readdir(folder)).includes(NAME));
    await rm(folder, { recursive: true });
    await expectWell(relay, await commits.next());
    await eventually(() => existsSync(join(folder, NAME)));
    await relay.stop();
    await using second = await restarted(folder);
    await expectServedFromCache(second, 2);
  },
};

/** A relay starts on a cache that cannot be written, or not even be read, with everything else down. */
const STARTS: FaultRow[] = [
  {
    name: 'a relay starts on a read-only cache, and everything else is down',
    users: LAST_GOOD,
    operator: '`postgres`: does not answer; `fromCache`',
    unplayable: withoutRoot,
    play: async () => {
      await using disk = await Tmpfs.mount('4m');
      await new DiskCache(disk.folder, 'prod', 'acme/shop').save(snapshotOfRevision(1));
      await writeFile(join(disk.folder, `${NAME}.0123456789ab.draft`), 'half a snap');
      await disk.remount('ro');
      await using relay = await restarted(disk.folder);
      await expectServedFromCache(relay, 1);
    },
  },
  {
    name: 'a relay starts on a cache of another user’s, and everything else is down',
    users: '`PROVIDER_NOT_READY`, so the app’s own defaults',
    operator: 'not ready; the log says that the folder cannot be used',
    unplayable: withoutRoot,
    play: async () => {
      await using folder = await cacheOf(1);
      await chmod(folder.path, 0o700);
      await chown(folder.path, 65_533, 65_533);
      const through = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
      await using relay = await RelayProcess.start({ source: DOWN, cache: folder.path, through });
      await eventually(() => isLogged(relay, 'cannot be used: EACCES'));
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${relay.url}/livez`)).status).toBe(200);
    },
  },
];

const WRITER = fileURLToPath(new URL('./cache-writer.ts', import.meta.url));
const KILLS = 10;

/** Written revisions, as the writer has said. */
function writer(folder: string, first: number): { child: ChildProcess; written: () => number } {
  const child = spawn(process.execPath, [WRITER, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const revisions = text.trim().split('\n').map(Number);
    last = Math.max(last, ...revisions);
  });
  return { child, written: () => last };
}

const KILLED: FaultRow[] = [
  {
    name: `the writer of a cache is killed (-9) at ${KILLS} instants of its writing`,
    users: LAST_GOOD,
    operator: UNNOTICED,
    play: async () => {
      await using folder = await createFolder({});
      let known = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const { child, written } = writer(folder.path, known + 1);
        const ended = once(child, 'close');
        await eventually(() => written() > 0);
        // Instants that differ by parts of one write, which takes some milliseconds.
        await sleep((kill * 7) % 24);
        child.kill('SIGKILL');
        await ended;
        const { snapshot, damaged: said } = await new DiskCache(folder.path, 'prod', 'acme/shop').load();
        expect(snapshot?.revision).toBeGreaterThanOrEqual(written());
        expect(said).toEqual([]);
        known = snapshot?.revision ?? 0;
      }
      await using relay = await restarted(folder.path);
      await expectServedFromCache(relay, known);
    },
  },
];

export const cache: FaultGroup = {
  title: 'The disk cache',
  file: 'cache.pg.test.ts',
  rows: [...DAMAGES, ...WRITES, vanished, ...STARTS, ...KILLED],
};
