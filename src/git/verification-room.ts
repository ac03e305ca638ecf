// An empty repository of our own for one verification: it sees a store's objects, and no configuration, keys or agent but those it is given.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnreachableError } from '../lib/errors.ts';
import { printable } from '../lib/printable.ts';
import { GitError, runGit } from './command.ts';
import { type GitEnvironment, localEnvironment } from './environment.ts';
import type { ObjectStore } from './objects.ts';
import { runProgram } from './program.ts';
import type { ObjectFormat } from './signed-object.ts';

/** What gpg is told in place of a person's configuration. Keys are trusted here because the policy names them. */
const GPG_CONFIG = [
  'batch',
  'no-tty',
  'no-greeting',
  'no-autostart',
  'disable-dirmngr',
  'no-auto-key-retrieve',
  'no-auto-check-trustdb',
  'no-permission-warning',
  'lock-never',
  'trust-model always',
  // A clock that is behind the signer's must not decide.
  'ignore-time-conflict',
  'ignore-valid-from',
];

export interface RoomOptions {
  format: ObjectFormat;
  /** Lines of an allowed-signers file; see ssh-keygen(1). */
  signers: readonly string[];
  /** Armored OpenPGP public keys. Those that gpg cannot read are as if they were not given. */
  openpgp: readonly string[];
}

export class VerificationRoom implements AsyncDisposable {
  /** Everything that the given store has can be asked for here. What is written here is gone afterwards. */
  readonly store: ObjectStore;

  private constructor(store: ObjectStore) {
    this.store = store;
  }

  /** Throws UnreachableError where gpg is needed and does not work. */
  static async open(store: ObjectStore, options: RoomOptions): Promise<VerificationRoom> {
    const folder = await mkdtemp(join(tmpdir(), 'halyard-room-'));
    const room = new VerificationRoom({
      folder,
      environment: environmentOf(folder, store.environment),
      signal: store.signal,
    });
    try {
      await makeRepository(folder, await objectsOf(store), options);
      if (options.openpgp.length > 0) await room.#importKeys(options.openpgp);
      return room;
    } catch (error) {
      await room[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #importKeys(keys: readonly string[]): Promise<void> {
    const home = join(this.store.folder, 'gnupg');
    const files = keys.map((_, index) => join(home, `${index}.asc`));
    await mkdir(home, { mode: 0o700 });
    await writeFile(join(home, 'gpg.conf'), `${GPG_CONFIG.join('\n')}\n`);
    for (const [index, file] of files.entries()) await writeFile(file, keys[index] ?? '');
    const imported = await runProgram('gpg', ['--quiet', '--import', ...files], this.store);
    if (imported.exitCode === 0) return;
    // A key that it cannot read is none; but a gpg that cannot work at all would take every signature for bad.
    const listed = await runProgram('gpg', ['--quiet', '--list-keys'], this.store);
    if (listed.exitCode !== 0)
      throw new UnreachableError('git', `gpg does not work: ${printable(listed.stderr.trim(), 500)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.store.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Temporary files of git and keys of a home are looked for in the room, so nothing of the user's home is seen or left behind. */
function environmentOf(folder: string, { PATH }: GitEnvironment): GitEnvironment {
  const environment = localEnvironment({
    globalConfigFile: '/dev/null',
    ceilings: [folder],
    inherited: { PATH, HOME: folder, TMPDIR: folder },
  });
  return { ...environment, GNUPGHOME: join(folder, 'gnupg'), TZ: 'UTC' };
}

/** See gitrepository-layout(5). */
async function makeRepository(folder: string, objects: string, options: RoomOptions): Promise<void> {
  for (const path of ['refs', 'objects/info']) await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, 'objects/info/alternates'), `${objects}\n`);
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(folder, 'allowed-signers'), options.signers.map((line) => `${line}\n`).join(''));
  const lines = [
    '[core]\n\tbare = true\n\trepositoryFormatVersion = 1',
    `[extensions]\n\tobjectFormat = ${options.format}`,
    '[gpg "ssh"]\n\tallowedSignersFile = allowed-signers',
  ];
  await writeFile(join(folder, 'config'), `${lines.join('\n')}\n`);
}

async function objectsOf(store: ObjectStore): Promise<string> {
  const args = ['rev-parse', '--path-format=absolute', '--git-path', 'objects'];
  const path = (await runGit(args, store)).replace(/\n$/, '');
  // The file that names it has one path a line.
  if (path.includes('\n')) throw new GitError('failed', 'A repository’s path holds a line break.', 0);
  return path;
}
