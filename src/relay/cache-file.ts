// The format of a file of the disk cache: a line that vouches for the rest, and a snapshot as JSON.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Snapshot } from '../model/snapshot.ts';
import { snapshotParts } from './snapshot-text.ts';

/**
 * The first line: the format's name and number, a digest, the length of the rest in bytes, and the build of Halyard that
 * wrote it. The digest is of build, LF and the rest; in format 1, which names no build, of the rest alone.
 */
const HEADS = [
  /^halyard-snapshot 2 ([0-9a-f]{64}) (\d{12}) (\S{1,60})\n/,
  /^halyard-snapshot 1 ([0-9a-f]{64}) (\d+)\n/,
];
const LONGEST_HEAD = 200;
/** What is written at once: large enough to be quick, and small enough that nothing waits for it. */
const WRITTEN_BYTES = 128 * 1024;

export interface CacheFile {
  snapshot: Snapshot;
  /** A build of Halyard. Undefined in a file of format 1. */
  writtenBy: string | undefined;
}

/** Undefined where the file is not whole. Throws an error where what is vouched for is no JSON, or too long for a text. */
export function readCacheFile(file: Buffer): CacheFile | undefined {
  const start = file.toString('latin1', 0, LONGEST_HEAD);
  const head = HEADS.map((each) => each.exec(start)).find((each) => each !== null);
  if (!head) return undefined;
  const [line, digest, length, writtenBy] = head;
  const body = file.subarray(line.length);
  if (body.length !== Number(length) || digestOver(writtenBy).update(body).digest('hex') !== digest)
    return undefined;
  return { snapshot: JSON.parse(body.toString('utf8')) as Snapshot, writtenBy };
}

/** Writes a new file through to the disk, in short steps. Rejects where it exists, or the disk refuses. */
export async function writeCacheFile(path: string, snapshot: Snapshot, build: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    const digest = digestOver(build);
    // What is in the first line is known at the end, and is as long.
    await append(file, headOf('0'.repeat(64), 0, build));
    let length = 0;
    let waiting = '';
    for (const part of snapshotParts(snapshot)) {
      waiting += part;
      if (waiting.length < WRITTEN_BYTES) continue;
      length += await append(file, waiting, digest);
      waiting = '';
    }
    length += await append(file, waiting, digest);
    await file.write(headOf(digest.digest('hex'), length, build), 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** How many bytes they are. */
async function append(file: FileHandle, text: string, digest?: Hash): Promise<number> {
  const bytes = Buffer.from(text);
  digest?.update(bytes);
  await file.appendFile(bytes);
  return bytes.length;
}

function headOf(digest: string, length: number, build: string): string {
  return `halyard-snapshot 2 ${digest} ${String(length).padStart(12, '0')} ${build}\n`;
}

function digestOver(build: string | undefined): Hash {
  const digest = createHash('sha256');
  return build === undefined ? digest : digest.update(`${build}\n`);
}
