// Faults of the disk cache, of which a relay lives when everything else is down.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { DiskCache } from '../../../src/relay/disk-cache.ts';
import { createDatabase } from '../../support/database.ts';
import { createFolder } from '../folder.ts';
import { relay as startRelay } from '../start.ts';
import { damages } from './cache-damage-rows.ts';
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
import { Commits, eventually, expectWell, isLogged } from './stage.ts';
import { Tmpfs } from './tmpfs.ts';

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
  rows: [...damages, ...WRITES, vanished, ...STARTS, ...KILLED],
};
