// Keys made on the spot, SSH and OpenPGP, and commits that are signed with them byte by byte, as an attacker would.
import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GitRepository } from './git-repository.ts';

const run = promisify(execFile);

/** Signs bytes as git would have them signed. Returns the armor. */
export type Signer = (payload: Uint8Array) => Promise<string>;

export interface SshKey {
  /** The private key; the public one is in `<file>.pub`. */
  file: string;
  /** `ssh-ed25519 AAAA…`. */
  publicKey: string;
  fingerprint: string;
  sign: Signer;
}

export const hasGpg = spawnSync('gpg', ['--version']).status === 0;

/** Runs a program with bytes on its standard input. Returns what it prints. */
export async function pipe(
  program: string,
  args: readonly string[],
  input: Uint8Array | string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const work = run(program, args, { env });
  work.child.stdin?.on('error', () => {}).end(input);
  return (await work).stdout;
}

/** @param type as `ssh-keygen -t` takes it */
export async function makeSshKey(
  folder: string,
  name: string,
  { type = 'ed25519', passphrase = '' } = {},
): Promise<SshKey> {
  const file = join(folder, name);
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', file]);
  const { stdout } = await run('ssh-keygen', ['-l', '-f', `${file}.pub`]);
  const [algorithm, key] = (await readFile(`${file}.pub`, 'utf8')).split(' ');
  return {
    file,
    publicKey: `${algorithm} ${key}`,
    fingerprint: stdout.split(' ')[1] ?? '',
    sign: (payload) => sshSignature(file, payload),
  };
}

export function sshSignature(keyFile: string, payload: Uint8Array, namespace = 'git'): Promise<string> {
  return pipe('ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-f', keyFile], payload);
}

/** A GnuPG of its own, whose agent ends when it is disposed of. Its path is short, as sockets' must be. */
export class GpgHome implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<GpgHome> {
    const folder = await mkdtemp('/tmp/hgpg-');
    await chmod(folder, 0o700);
    return new GpgHome(folder);
  }

  gpg(args: readonly string[], input: Uint8Array | string = ''): Promise<string> {
    const options = ['--batch', '--quiet', '--pinentry-mode=loopback', '--passphrase', ''];
    return pipe('gpg', [...options, ...args], input, { ...process.env, GNUPGHOME: this.folder });
  }

  /** Makes a key and returns its fingerprint. `options` go before the command. */
  async key(
    user: string,
    { usage = 'sign', expires = 'never', options = [] as string[] } = {},
  ): Promise<string> {
    await this.gpg([...options, '--quick-gen-key', user, 'ed25519', usage, expires]);
    const listing = await this.gpg([...options, '--with-colons', '--list-keys', `=${user}`]);
    return /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1] ?? '';
  }

  publicKey(fingerprint: string): Promise<string> {
    return this.gpg(['--armor', '--export', fingerprint]);
  }

  signer(fingerprint: string, ...options: string[]): Signer {
    return (payload) => this.gpg([...options, '--armor', '-u', fingerprint, '--detach-sign'], payload);
  }

  async revoke(fingerprint: string): Promise<void> {
    const prepared = await readFile(join(this.folder, 'openpgp-revocs.d', `${fingerprint}.rev`), 'utf8');
    await this.gpg(['--import'], prepared.replace(':-----BEGIN', '-----BEGIN'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('gpgconf', ['--homedir', this.folder, '--kill', 'all']);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Writes an object byte for byte, however wrong, and returns its id. */
export async function writeObject(
  repository: GitRepository,
  type: 'commit' | 'tag',
  content: Uint8Array | string,
): Promise<string> {
  const file = join(repository.folder, '.git', `object-${randomUUID()}`);
  await writeFile(file, content);
  const id = await repository.git('hash-object', '-t', type, '-w', '--literally', '--no-filters', file);
  await rm(file);
  return id;
}

/** A commit's bytes without a signature. */
export interface Unsigned {
  tree: string;
  parents?: readonly string[];
  author?: string;
  at?: number | string;
  message?: string;
}

export function commitBytes({ tree, parents = [], ...options }: Unsigned): Buffer {
  const { author = 'Ada Author <ada@example.com>', at = 1_700_000_000, message = 'signed\n' } = options;
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${author} ${at} +0000`,
    `committer ${author} ${at} +0000`,
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${message}`);
}

/** The bytes with a header put in after the committer, or before the line that begins with `before`. */
export function withHeader(commit: Uint8Array, name: string, value: string, before = '\n'): Buffer {
  const text = Buffer.from(commit).toString('latin1');
  const at = before === '\n' ? text.indexOf('\n\n') + 1 : text.indexOf(`\n${before}`) + 1;
  const header = `${name} ${value.replace(/\n$/, '').replaceAll('\n', '\n ')}\n`;
  return Buffer.from(text.slice(0, at) + header + text.slice(at), 'latin1');
}

/** Signs a commit's bytes and writes it. */
export async function writeSigned(
  repository: GitRepository,
  commit: Uint8Array,
  sign: Signer,
  header = 'gpgsig',
): Promise<string> {
  return writeObject(repository, 'commit', withHeader(commit, header, await sign(commit)));
}
