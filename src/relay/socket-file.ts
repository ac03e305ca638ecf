// The file of a Unix socket: who may connect, and whether one that is there already was left behind by a relay that is gone.
import { chmod, lstat, rename, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { UsageError } from '../lib/errors.ts';

/** The owner's and the group's processes may connect: an app beside the relay often runs as another user. */
const MODE = 0o660;
/** What the systems' addresses hold; a longer path would be cut off, and the socket lie elsewhere. */
const MOST_BYTES = process.platform === 'linux' ? 107 : 103;
/** The socket gets its place when it is complete. Short, since it counts towards the length. */
const DRAFT = '~';

/** A socket of ours. */
export interface SocketFile {
  path: string;
  inode: bigint;
}

/**
 * Listens on a path. A socket on which nobody answers any more is replaced; what answers, or is no socket, is not.
 * Throws a UsageError where the path cannot be had.
 */
export async function listenOnSocket(server: Server, path: string): Promise<SocketFile> {
  const sizeBytes = Buffer.byteLength(path + DRAFT);
  if (sizeBytes > MOST_BYTES) {
    throw refused(path, `is too long: a socket's path has at most ${MOST_BYTES - DRAFT.length} bytes`);
  }
  const draft = path + DRAFT;
  try {
    if (await isLeftBehind(draft)) await rm(draft, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ path: draft }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    // Who has the draft is alone from here on, of several that start at once.
    await isLeftBehind(path);
    // Nobody can connect before the rights are what they are to be.
    await chmod(draft, MODE);
    await rename(draft, path);
    return { path, inode: (await lstat(path, { bigint: true })).ino };
  } catch (error) {
    server.close();
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    // A folder that is not there is told so too.
    const advice = code === 'EACCES' ? '. Its folder has to be there, and this user may write in it' : '';
    throw refused(path, `cannot be listened on (${code})${advice}`, error);
  }
}

/** Removes the socket, unless another one has its place by now. */
export async function removeSocket({ path, inode }: SocketFile): Promise<void> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  if (found?.isSocket() && found.ino === inode) await rm(path, { force: true });
}

/** True for a socket on which nobody answers any more, false where there is nothing. Refuses everything else. */
async function isLeftBehind(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw refused(path, `cannot be listened on (${error.code})`, error);
  });
  if (!found) return false;
  if (!found.isSocket()) throw refused(path, 'is there already, and is no socket. Choose another path');
  const code = await knock(path);
  if (code === undefined) throw refused(path, 'is in use. Stop what listens there, or choose another path');
  if (code !== 'ECONNREFUSED' && code !== 'ENOENT') {
    throw refused(path, `is there already, and whether it is in use cannot be seen (${code})`);
  }
  return true;
}

/** Connects, and says why that was not possible; undefined where somebody answers. */
function knock(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

function refused(path: string, why: string, cause?: unknown): UsageError {
  return new UsageError(`--socket ${path} ${why}.`, { cause });
}
