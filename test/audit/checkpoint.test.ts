// Checkpoints by themselves: keys as people have them, a format that others verify, and a chain held to what was signed.
import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkpointText, readCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { checkpointBreak } from '../../src/audit/checkpoint-break.ts';
import { readSigner, readSigningKey } from '../../src/audit/signing-key.ts';
import { canonical, sha256Hex } from '../../src/lib/json.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { madeKey } from '../support/signing-key.ts';

const run = promisify(execFile);
const LINK = { project: 'acme/shop', entry: 3, hash: sha256Hex('3'), time: '2026-01-31T08:00:00.000Z' };
let folder: string;
const at = (name: string) => join(folder, name);
const text = (name: string) => readFile(at(name), 'utf8');

beforeAll(async () => {
  folder = await temporaryFolder('halyard-keys-');
  await madeKey(folder, 'ssh');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', at('ssh-encrypted')]);
  await run('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', at('ssh-ecdsa')]);
  await run('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('pem')]);
  await run('openssl', ['pkey', '-in', at('pem'), '-pubout', '-out', at('pem.pub')]);
  await run('openssl', [
    'pkcs8',
    '-topk8',
    '-in',
    at('pem'),
    '-passout',
    'pass:secret',
    '-out',
    at('pem-encrypted'),
  ]);
  await run('openssl', ['genpkey', '-algorithm', 'x25519', '-out', at('pem-x25519')]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a signing key', () => {
  test.each(['ssh', 'pem'])('is read as %s writes it, and so is its public half', async (name) => {
    const key = readSigningKey(await text(name), name);
    expect(readSigner(await text(`${name}.pub`), name)).toBe(key.fingerprint);
    expect(readSigner(key.fingerprint, name)).toBe(key.fingerprint);
    expect(readCheckpoint(checkpointText(signCheckpoint(LINK, key)))).toMatchObject({
      ...LINK,
      fingerprint: key.fingerprint,
    });
  });

  test('has the fingerprint that ssh-keygen prints', async () => {
    const { stdout } = await run('ssh-keygen', ['-l', '-f', at('ssh.pub')]);
    expect(stdout).toContain(` ${readSigningKey(await text('ssh'), 'ssh').fingerprint} `);
  });

  test.each([
    ['ssh-encrypted', /is encrypted/],
    ['pem-encrypted', /is encrypted/],
    ['ssh-ecdsa', /a key of type ecdsa-sha2-nistp256\. .*ssh-keygen -t ed25519/],
    ['pem-x25519', /a key of type x25519/],
    ['ssh.pub', /no private key/],
  ])('%s is refused for what it is', async (name, why) => {
    const content = await text(name);
    expect(() => readSigningKey(content, name)).toThrow(why);
    expect(() => readSigningKey(content, name)).toThrow(name);
  });

  test('of OpenSSH that is cut or changed anywhere is refused, and never read past its end', async () => {
    const whole = await text('ssh');
    const lines = whole.trim().split('\n');
    const bytes = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    const file = (body: Buffer) => [lines[0], body.toString('base64'), lines.at(-1), ''].join('\n');
    expect(readSigningKey(file(bytes), 'key').publicKey).toBe(readSigningKey(whole, 'key').publicKey);
    for (let length = 0; length < bytes.length - 16; length++)
      expect(() => readSigningKey(file(bytes.subarray(0, length)), 'key')).toThrow(
        /key is a damaged|no private key/,
      );
    const { publicKey } = readSigningKey(whole, 'key');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] as number) ^ 0x41;
      // Comment, padding and the copy of the public key outside may differ; another key must never come of it.
      let read: string | undefined;
      try {
        read = readSigningKey(file(changed), 'key').publicKey;
      } catch (error) {
        expect((error as Error).name).toBe('UsageError');
      }
      expect([undefined, publicKey]).toContain(read);
    }
  });

  test.each([
    'SHA256:short',
    'ssh-rsa AAAA alice',
    'ed25519',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    '',
  ])('no signer is %j', (given) => {
    expect(() => readSigner(given, '--checkpoint-signer')).toThrow('--checkpoint-signer');
  });
});

describe('a checkpoint', () => {
  const key = readSigningKey(
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    'key',
  );
  const checkpoint = signCheckpoint(LINK, key);

  test('is one line of canonical JSON, signed over the canonical JSON of the rest', () => {
    const line = checkpointText(checkpoint);
    expect(line).toBe(canonical(JSON.parse(line)));
    expect(Object.keys(JSON.parse(line))).toEqual([
      'entry',
      'hash',
      'project',
      'publicKey',
      'signature',
      'time',
      'v',
    ]);
    const pem = `-----BEGIN PUBLIC KEY-----\n${checkpoint.publicKey}\n-----END PUBLIC KEY-----\n`;
    expect(createPublicKey(pem).asymmetricKeyType).toBe('ed25519');
  });

  test('is verified by openssl, as the docs say', async () => {
    const { signature, ...rest } = checkpoint;
    await writeFile(at('statement'), canonical(rest));
    await writeFile(at('signature'), Buffer.from(signature, 'base64'));
    const pem = `-----BEGIN PUBLIC KEY-----\n${rest.publicKey}\n-----END PUBLIC KEY-----\n`;
    await writeFile(at('public.pem'), pem);
    const verify = (statement: string) =>
      run('openssl', [
        ...['pkeyutl', '-verify', '-pubin', '-inkey', at('public.pem'), '-rawin'],
        ...['-in', at(statement), '-sigfile', at('signature')],
      ]);
    expect((await verify('statement')).stdout).toContain('Signature Verified Successfully');
    await writeFile(at('other'), canonical({ ...rest, entry: 4 }));
    await expect(verify('other')).rejects.toMatchObject({ code: 1 });
  });

  const other = readSigningKey(
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    'other',
  );
  const changes: [what: string, changed: object, why: RegExp][] = [
    ['another entry', { entry: 4 }, /signature does not fit/],
    ['another hash', { hash: sha256Hex('x') }, /signature does not fit/],
    ['another project', { project: 'acme/other' }, /signature does not fit/],
    ['another time', { time: '2026-02-01T08:00:00.000Z' }, /signature does not fit/],
    ['another key', { publicKey: other.publicKey }, /signature does not fit/],
    ['another signature', { signature: signCheckpoint(LINK, other).signature }, /signature does not fit/],
    ['no signature', { signature: '' }, /signature does not fit/],
    [
      'a signature with something behind it',
      { signature: `${checkpoint.signature}AA==` },
      /signature does not fit/,
    ],
    ['a key of another kind', { publicKey: 'AAAA' }, /publicKey is no Ed25519 key/],
    ['one member more', { note: 'x' }, /no checkpoint of version 1/],
    ['another version', { v: 2 }, /no checkpoint of version 1/],
    ['an entry that is a text', { entry: '3' }, /no checkpoint of version 1/],
    ['entry 0', { entry: 0 }, /no checkpoint of version 1/],
    ['a hash in capitals', { hash: sha256Hex('3').toUpperCase() }, /no checkpoint of version 1/],
    ['a time that is none', { time: '2026-13-01T08:00:00Z' }, /no checkpoint of version 1/],
  ];
  test.each(changes)('with %s is none', (_what, changed, why) => {
    expect(readCheckpoint(JSON.stringify({ ...checkpoint, ...changed }))).toMatch(why);
  });

  test.each(['', 'null', '[]', '3', '{', '{"v":1}', '"x"'])('is not %s', (line) => {
    expect(readCheckpoint(line)).toMatch(/no checkpoint/);
  });
});

describe('a chain', () => {
  const hashes = Array.from({ length: 5 }, (_, index) => sha256Hex(String(index + 1)));
  const of = (entry: number, hash = hashes[entry - 1] ?? '') => ({
    v: 1 as const,
    ...LINK,
    entry,
    hash,
    publicKey: '',
    signature: '',
    fingerprint: 'SHA256:x',
  });
  test.each([
    ['holds those of its entries, in any order', [of(5), of(1), of(3)], undefined],
    ['was cut', [of(2), of(7, sha256Hex('7'))], { kind: 'truncated', entry: 6 }],
    ['was rewritten', [of(2), of(4, sha256Hex('other'))], { kind: 'altered', entry: 4 }],
    [
      'was rewritten and cut: the earlier one is named',
      [of(9, 'x'), of(3, 'y')],
      { kind: 'altered', entry: 3 },
    ],
    ['has two checkpoints of one entry that differ', [of(3), of(3, 'y')], { kind: 'altered', entry: 3 }],
  ])('that %s', (_what, checkpoints, found) => {
    if (found) expect(checkpointBreak(hashes, checkpoints)).toMatchObject(found);
    else expect(checkpointBreak(hashes, checkpoints)).toBeUndefined();
  });

  test('is told up to where it is as it was signed, and by whom', () => {
    expect(checkpointBreak(hashes, [of(2), of(4, 'y')])?.message).toMatch(
      /^entry 4 is not the one of the checkpoint of 2026-01-31T08:00:00.000Z, signed by SHA256:x: .* Up to entry 2 /,
    );
    expect(checkpointBreak([], [of(4)])?.message).toMatch(/^there is no chain, though /);
  });
});
