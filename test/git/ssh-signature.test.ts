// Texts signed with SSH keys: by files, by an agent, and what is refused.
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signText, verifyText } from '../../src/git/ssh-signature.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { makeSshKey, type SshKey } from '../support/signing.ts';

const run = promisify(execFile);
const signed = { text: 'first line\nzweite Zeile, größer\n', namespace: 'halyard-approval' };
const INVALID = { status: 'invalid' };

let folder: string;
let alice: SshKey;

beforeAll(async () => {
  folder = await temporaryFolder('halyard-keys-');
  alice = await makeSshKey(folder, 'alice');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Sets variables of this process for the time of `work`; undefined takes one away. */
async function within<T>(variables: Record<string, string | undefined>, work: () => Promise<T>): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (entries: Iterable<readonly [string, string | undefined]>): void => {
    for (const [name, value] of entries)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
  set(Object.entries(variables));
  try {
    return await work();
  } finally {
    set(before);
  }
}

/** An SSH agent of its own, which has these keys. */
async function withAgent<T>(keyFiles: readonly string[], work: () => Promise<T>, ask?: string): Promise<T> {
  const { stdout } = await run('ssh-agent', ['-s']);
  const [, socket = '', pid = ''] = /SSH_AUTH_SOCK=([^;]+);[\s\S]*SSH_AGENT_PID=(\d+);/.exec(stdout) ?? [];
  try {
    const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: 'force' };
    for (const file of keyFiles) await run('ssh-add', ['-q', file], { env });
    return await within({ SSH_AUTH_SOCK: socket }, work);
  } finally {
    process.kill(Number(pid));
  }
}

describe('a text', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'])('signed with a key of type %s is verified', async (type) => {
    const key = await makeSshKey(folder, `of-type-${type}`, { type });
    const { signature, fingerprint } = await signText(signed, key.file);
    expect(fingerprint).toBe(key.fingerprint);
    expect(await verifyText(signed, signature)).toEqual({ status: 'holds', fingerprint });
  });

  test('is signed by the agent where the file holds a public key alone', async () => {
    const key = await makeSshKey(folder, 'in-agent');
    const away = join(folder, 'away');
    await mkdir(away);
    await copyFile(`${key.file}.pub`, join(away, 'key.pub'));
    const { signature, fingerprint } = await withAgent([key.file], () =>
      signText(signed, join(away, 'key.pub')),
    );
    expect(await verifyText(signed, signature)).toEqual({ status: 'holds', fingerprint: key.fingerprint });
    expect(fingerprint).toBe(key.fingerprint);
    await expect(
      within({ SSH_AUTH_SOCK: undefined }, () => signText(signed, join(away, 'key.pub'))),
    ).rejects.toThrow(UsageError);
  });

  test('is not signed with a key behind a passphrase, even one that the text begins with, but by the agent that has it', async () => {
    const key = await makeSshKey(folder, 'protected', { passphrase: 'first line' });
    const work = within({ SSH_AUTH_SOCK: undefined }, () => signText(signed, key.file));
    await expect(work).rejects.toThrow(UsageError);
    await expect(work).rejects.toThrow(`ssh-add ${key.file}`);
    const ask = join(folder, 'ask');
    await writeFile(ask, "#!/bin/sh\necho 'first line'\n");
    await chmod(ask, 0o755);
    const { fingerprint } = await withAgent([key.file], () => signText(signed, key.file), ask);
    expect(fingerprint).toBe(key.fingerprint);
  });

  const unusable: [string, () => Promise<string>, string][] = [
    ['that is not there', async () => join(folder, 'none'), 'No such file'],
    ['that looks like an option', async () => '-Y', 'cannot sign'],
    ['that is a folder', async () => folder, 'cannot sign'],
    ['that holds no key', async () => written('words', 'no key'), 'cannot sign'],
    ['that others may read', async () => readable(), 'chmod 600'],
    ['that is a certificate’s', async () => certified(), 'plain Ed25519 key'],
  ];
  test.each(unusable)('is not signed with a file %s', async (_, make, message) => {
    const file = await make();
    const work = within({ SSH_AUTH_SOCK: undefined }, () => signText(signed, file));
    await expect(work).rejects.toThrow(UsageError);
    await expect(work).rejects.toThrow(message);
  });

  test('leaves nothing behind, signed or verified, well or badly', async () => {
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    await within({ TMPDIR: temporary }, async () => {
      const { signature } = await signText(signed, alice.file);
      await verifyText({ ...signed, text: 'other' }, signature);
      await expect(signText(signed, join(folder, 'none'))).rejects.toThrow();
    });
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe('a signature is invalid', () => {
  let signature: string;
  beforeAll(async () => {
    ({ signature } = await signText(signed, alice.file));
  });

  const cases: [string, () => [typeof signed, string]][] = [
    ['of another text', () => [{ ...signed, text: 'other' }, signature]],
    ['of a text that lacks a line end', () => [{ ...signed, text: signed.text.trimEnd() }, signature]],
    ['for another purpose', () => [{ ...signed, namespace: 'halyard-override' }, signature]],
    ['for a purpose that looks like an option', () => [{ ...signed, namespace: '-O' }, signature]],
    ['with words before it', () => [signed, `words\n${signature}`]],
    ['with words behind it', () => [signed, `${signature}words`]],
    ['twice', () => [signed, signature + signature]],
    ['that ends early', () => [signed, signature.slice(0, 100)]],
    ['that is empty', () => [signed, '']],
    ['of OpenPGP', () => [signed, signature.replaceAll('SSH', 'PGP')]],
  ];
  test.each(cases)('%s', async (_, make) => {
    const [text, armor] = make();
    expect(await verifyText(signed, signature)).toEqual({ status: 'holds', fingerprint: alice.fingerprint });
    expect(await verifyText(text, armor)).toEqual(INVALID);
  });
});

async function written(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function readable(): Promise<string> {
  const { file } = await makeSshKey(folder, 'readable');
  await chmod(file, 0o644);
  return file;
}

async function certified(): Promise<string> {
  const authority = await makeSshKey(folder, 'authority');
  const { file } = await makeSshKey(folder, 'user');
  await run('ssh-keygen', ['-q', '-s', authority.file, '-I', 'id', '-n', 'alice', `${file}.pub`]);
  return `${file}-cert.pub`;
}
