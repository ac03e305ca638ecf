// What is found of commits' OpenPGP signatures: keys given and not, subkeys, times that are over, and packets that are more than one signature.
import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localEnvironment } from '../../src/git/environment.ts';
import type { ObjectStore } from '../../src/git/objects.ts';
import { type VerifiedSignature, verifyCommits } from '../../src/git/signatures.ts';
import { UnreachableError } from '../../src/lib/errors.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import {
  commitBytes,
  GpgHome,
  hasGpg,
  type Signer,
  withHeader,
  writeObject,
  writeSigned,
} from '../support/signing.ts';

const run = promisify(execFile);
const INVALID = { status: 'invalid' };
const UNVERIFIABLE = { status: 'unverifiable' };
const LONG_AGO = ['--faked-system-time', '20200101T000000'];

let repository: GitRepository;
let tree: string;

beforeAll(async () => {
  repository = await GitRepository.create();
  tree = await repository.git('write-tree');
});

afterAll(() => repository[Symbol.asyncDispose]());

function storeOf(inherited: NodeJS.ProcessEnv = process.env): ObjectStore {
  const environment = localEnvironment({ globalConfigFile: '/dev/null', ceilings: [], inherited });
  return { folder: repository.folder, environment };
}

async function verify(
  id: string,
  openpgp: readonly string[],
  store = storeOf(),
): Promise<VerifiedSignature | undefined> {
  const [answer] = await verifyCommits(store, [id], { ssh: [], openpgp });
  return answer;
}

const signedBy = (sign: Signer): Promise<string> => writeSigned(repository, commitBytes({ tree }), sign);

test('an X.509 signature is not taken', async () => {
  const armor = '-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----\n';
  expect(await verify(await signedBy(async () => armor), [])).toEqual(UNVERIFIABLE);
});

describe.skipIf(!hasGpg)('an OpenPGP signature', () => {
  let home: GpgHome;
  let key: string;
  let sign: Signer;
  let given: string[];

  beforeAll(async () => {
    home = await GpgHome.create();
    key = await home.key('Alice <alice@example.com>');
    sign = home.signer(key);
    given = [await home.publicKey(key)];
  });

  afterAll(() => home[Symbol.asyncDispose]());

  test('holds by a key that is given, whatever else gpg knows of it', async () => {
    const id = await signedBy(sign);
    expect(await verify(id, given)).toEqual({ status: 'holds', fingerprint: key });
    expect(await verify(id, ['no key at all', ...given])).toEqual({ status: 'holds', fingerprint: key });
  });

  test('is unverifiable by keys that are not given, though the machine’s gpg knows them', async () => {
    const other = await home.key('Other <other@example.com>');
    const store = storeOf({ ...process.env, GNUPGHOME: home.folder, HOME: home.folder });
    const id = await signedBy(home.signer(other));
    expect(await verify(id, given, store)).toEqual(UNVERIFIABLE);
    expect(await verify(id, ['no key at all'], store)).toEqual(UNVERIFIABLE);
  });

  test('is unverifiable without keys, and then needs no gpg; with keys, nothing is guessed where gpg is missing or broken', async () => {
    const bin = await temporaryFolder('halyard-bin-');
    const { stdout } = await run('sh', ['-c', 'command -v git']);
    await symlink(stdout.trim(), join(bin, 'git'));
    const id = await signedBy(sign);
    const store = storeOf({ PATH: bin });
    expect(await verify(id, [], store)).toEqual(UNVERIFIABLE);
    const work = verify(id, given, store);
    await expect(work).rejects.toThrow(UnreachableError);
    await expect(work).rejects.toThrow('gpg');
    await writeFile(join(bin, 'gpg'), '#!/bin/sh\necho no such option >&2\nexit 2\n', { mode: 0o755 });
    await expect(verify(id, given, store)).rejects.toThrow('gpg does not work: no such option');
    await rm(bin, { recursive: true });
  });

  test('by a subkey is one of its primary key', async () => {
    const primary = await home.key('Sub <sub@example.com>', { usage: 'cert' });
    await home.gpg(['--quick-add-key', primary, 'ed25519', 'sign', 'never']);
    const armor = await home.signer(primary)(Buffer.from('which key signs'));
    expect(await home.gpg(['--list-packets'], armor)).not.toContain(primary);
    const id = await signedBy(home.signer(primary));
    expect(await verify(id, [await home.publicKey(primary)])).toEqual({
      status: 'holds',
      fingerprint: primary,
    });
  });

  test('by a key whose time is over has expired', async () => {
    const old = await home.key('Old <old@example.com>', { expires: '2d', options: LONG_AGO });
    const id = await signedBy(home.signer(old, ...LONG_AGO));
    expect(await verify(id, [await home.publicKey(old)])).toEqual({ status: 'expired', fingerprint: old });
  });

  test('whose own time is over has expired', async () => {
    const old = await home.key('Brief <brief@example.com>', { options: LONG_AGO });
    const id = await signedBy(home.signer(old, ...LONG_AGO, '--default-sig-expire', '1d'));
    expect(await verify(id, [await home.publicKey(old)])).toEqual({ status: 'expired', fingerprint: old });
  });

  test('by a key that says itself that it is revoked is invalid', async () => {
    const gone = await home.key('Gone <gone@example.com>');
    const id = await signedBy(home.signer(gone));
    const before = await home.publicKey(gone);
    await home.revoke(gone);
    expect(await verify(id, [before])).toEqual({ status: 'holds', fingerprint: gone });
    expect(await verify(id, [await home.publicKey(gone)])).toEqual(INVALID);
  });

  test('by a clock that runs ahead holds', async () => {
    const ahead = ['--faked-system-time', '20400101T000000'];
    const late = await home.key('Late <late@example.com>', { options: ahead });
    const id = await signedBy(home.signer(late, ...ahead));
    expect(await verify(id, [await home.publicKey(late)])).toEqual({ status: 'holds', fingerprint: late });
  });

  const others: [string, string[]][] = [
    ['over a SHA-1 digest', ['--digest-algo', 'SHA1']],
    ['of a text, whose line ends are open', ['--textmode']],
  ];
  test.each(others)('%s is invalid', async (_, options) => {
    expect(await verify(await signedBy(home.signer(key, ...options)), given)).toEqual(INVALID);
  });

  test('of another commit is invalid', async () => {
    const armor = await sign(commitBytes({ tree, message: 'harmless\n' }));
    expect(await verify(await signedBy(async () => armor), given)).toEqual(INVALID);
  });

  test('keeps its armor’s headers and the line ends behind it, as forges write them', async () => {
    const dressed: Signer = async (payload) =>
      (await sign(payload)).replace('\n\n', '\nVersion: X v2\nComment: a - b: c\n\n').concat('\n');
    expect(await verify(await signedBy(dressed), given)).toEqual({ status: 'holds', fingerprint: key });
    const bare: Signer = async (payload) => (await sign(payload)).replace(/\n=.{4}(?=\n-)/, '').trimEnd();
    expect(await verify(await signedBy(bare), given)).toEqual({ status: 'holds', fingerprint: key });
  });

  const bodyOf = (armor: string): Buffer =>
    Buffer.from(/\n\n([\s\S]*?)\n=/.exec(armor)?.[1]?.replaceAll('\n', '') ?? '', 'base64');
  const armored = (bytes: Uint8Array, kind = 'SIGNATURE'): string =>
    `-----BEGIN PGP ${kind}-----\n\n${Buffer.from(bytes).toString('base64')}\n-----END PGP ${kind}-----\n`;

  const forms: [string, (armor: string, other: string, inline: string) => string][] = [
    ['two signatures in one block', (armor, other) => armored(Buffer.concat([bodyOf(armor), bodyOf(other)]))],
    ['two blocks', (armor, other) => armor + other],
    ['a signed message of its own', (_armor, _other, inline) => armored(bodyOf(inline))],
    ['a message’s armor', (armor) => armored(bodyOf(armor), 'MESSAGE')],
    ['a byte too few', (armor) => armored(bodyOf(armor).subarray(0, -1))],
    ['a byte too many', (armor) => armored(Buffer.concat([bodyOf(armor), Buffer.alloc(1)]))],
    ['a length that is left open', (armor) => armored(bodyOf(armor).fill(0x8b, 0, 1))],
    ['no packet', () => armored(Buffer.from('not a packet'))],
    ['no empty line', (armor) => armor.replace('\n\n', '\n')],
    ['words behind it', (armor) => `${armor}words\n`],
    ['a key', () => given[0]?.replaceAll('PUBLIC KEY BLOCK', 'SIGNATURE') ?? ''],
  ];
  test.each(forms)('in the form of %s is invalid', async (_, edit) => {
    const commit = commitBytes({ tree });
    const harmless = Buffer.from('harmless');
    const inline = await home.gpg(['-u', key, '--armor', '--compress-algo', 'none', '--sign'], harmless);
    const edited = edit(await sign(commit), await sign(commit), inline);
    const id = await writeObject(repository, 'commit', withHeader(commit, 'gpgsig', edited));
    expect(await verify(id, given)).toEqual(INVALID);
  });

  test('is verified by gpg as it is meant to be, whatever a person’s gpg.conf says', async () => {
    const stranger = await home.key('Stranger <stranger@example.com>');
    const config = join(repository.folder, 'gnupg');
    await mkdir(config, { mode: 0o700 });
    await writeFile(
      join(config, 'gpg.conf'),
      `keyring ${join(home.folder, 'pubring.kbx')}\nweak-digest SHA256\nassert-nothing\n`,
    );
    const store = storeOf({ ...process.env, GNUPGHOME: config, HOME: config });
    const ids = [await signedBy(sign), await signedBy(home.signer(stranger))];
    const answers = await verifyCommits(store, ids, { ssh: [], openpgp: given });
    expect(answers).toEqual([{ status: 'holds', fingerprint: key }, UNVERIFIABLE]);
  });
});
