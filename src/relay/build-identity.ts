// Which build this is: the version, and a digest of the code that compiles snapshots. What another build has compiled may not compile here.
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { COMPILER_FILE } from '../engine/compile.ts';
import { VERSION } from '../lib/version.ts';

/** What the engine is made of, where it runs from single files. */
const ROOMS = ['engine', 'lib', 'model'];

let own: Promise<string> | undefined;

/** This build's: see `identityOf`. */
export function buildIdentity(): Promise<string> {
  own ??= identityOf(COMPILER_FILE);
  return own;
}

/**
 * `0.1.0+` and sixteen hexadecimal digits, the same for the same code; another one each time where that cannot be read.
 * @param file where the compiler stands
 */
export async function identityOf(file: string): Promise<string> {
  return `${VERSION}+${await digestOf(file).catch(() => randomBytes(8).toString('hex'))}`;
}

async function digestOf(file: string): Promise<string> {
  const folder = dirname(file);
  // In a bundle one file holds the compiler, and names those that it loads by their digests.
  const files = basename(folder) === 'engine' ? await filesOf(dirname(folder)) : [file];
  const digest = createHash('sha256');
  for (const text of await Promise.all(files.map((each) => readFile(each)))) digest.update(text);
  return digest.digest('hex').slice(0, 16);
}

async function filesOf(sources: string): Promise<string[]> {
  const rooms = await Promise.all(
    ROOMS.map(async (room) =>
      (await readdir(join(sources, room), { recursive: true }))
        .sort()
        .map((name) => join(sources, room, name)),
    ),
  );
  return rooms.flat().filter((path) => /\.[jt]s$/.test(path));
}
