// What is found of annotated tags' signatures, and of the tags that a merge carries.
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GitError } from '../../src/git/command.ts';
import { localEnvironment } from '../../src/git/environment.ts';
import type { ObjectStore } from '../../src/git/objects.ts';
import type { SigningKeys } from '../../src/git/signatures.ts';
import { verifyTag } from '../../src/git/tag-signatures.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { GpgHome, hasGpg, makeSshKey, type SshKey, sshSignature, writeObject } from '../support/signing.ts';

const NONE: SigningKeys = { ssh: [], openpgp: [] };
const INVALID = { status: 'invalid' };

let folder: string;
let alice: SshKey;
let mallory: SshKey;
let keys: SigningKeys;
let repository: GitRepository;
let commit: string;

beforeAll(async () => {
  folder = await temporaryFolder('halyard-keys-');
  alice = await makeSshKey(folder, 'alice');
  mallory = await makeSshKey(folder, 'mallory');
  keys = { ssh: [{ fingerprint: alice.fingerprint, principal: 'alice' }], openpgp: [] };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  repository = await GitRepository.create();
  commit = await repository.commit('one');
});

afterEach(() => repository[Symbol.asyncDispose]());

function store(): ObjectStore {
  const options = { globalConfigFile: '/dev/null', ceilings: [], inherited: process.env };
  return { folder: repository.folder, environment: localEnvironment(options) };
}

const tagText = () =>
  `object ${commit}\ntype commit\ntag v1\ntagger Ada <ada@example.com> 1700000000 +0000\n\nVersion one\n`;
const held = ({ fingerprint }: SshKey) => ({ status: 'holds', fingerprint });

async function tagged(text: string, edit = (signed: string) => signed, by = alice): Promise<string> {
  return writeObject(repository, 'tag', edit(text + (await by.sign(Buffer.from(text)))));
}

describe('a tag', () => {
  test('that is signed holds, and says what it is of', async () => {
    const tag = await tagged(tagText());
    const expected = { name: 'v1', target: { id: commit, type: 'commit' }, signature: held(alice) };
    expect(await verifyTag(store(), tag, keys)).toEqual(expected);
    expect(await verifyTag(store(), tag, NONE)).toEqual(expected);
    const other = await tagged(tagText(), undefined, mallory);
    expect((await verifyTag(store(), other, keys)).signature).toEqual(held(mallory));
  });

  test('by git’s own hand holds', async () => {
    const options = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${alice.file}`];
    await repository.git(...options, 'tag', '-s', '-m', 'signed', 'v1');
    const tag = await repository.git('rev-parse', 'v1');
    expect((await verifyTag(store(), tag, keys)).signature).toEqual(held(alice));
  });

  test('that nobody signed is unsigned, and what is no tag is none', async () => {
    const tag = await writeObject(repository, 'tag', tagText());
    expect((await verifyTag(store(), tag, keys)).signature).toEqual({ status: 'unsigned' });
    await expect(verifyTag(store(), commit, keys)).rejects.toThrow(GitError);
    await expect(verifyTag(store(), '0'.repeat(40), keys)).rejects.toThrow(GitError);
  });

  const edits: [string, (signed: string) => string][] = [
    ['moved to another commit', (text) => text.replace(/^object ./, 'object f')],
    ['renamed', (text) => text.replace('tag v1', 'tag v2')],
    ['with another message', (text) => text.replace('Version one', 'Version two')],
    ['with words behind the signature', (text) => `${text}words\n`],
    ['with a second signature', (text) => text + text.slice(text.indexOf('-----BEGIN'))],
    ['with a header that is no part of the signed text', (text) => text.replace('\n\n', '\ngpgsig x\n\n')],
    ['with half a signature', (text) => text.slice(0, -60)],
    ['without a tagger', (text) => text.replace(/tagger .*\n/, '')],
  ];
  test.each(edits)('%s is invalid', async (_, edit) => {
    expect((await verifyTag(store(), await tagged(tagText(), edit), keys)).signature).toEqual(INVALID);
  });

  test('of a time that ssh-keygen cannot read is invalid', async () => {
    const tag = await tagged(tagText().replace('1700000000', '99999999999999'));
    expect((await verifyTag(store(), tag, keys)).signature).toEqual(INVALID);
  });

  test('signed for another purpose than git’s is invalid', async () => {
    const signature = await sshSignature(alice.file, Buffer.from(tagText()), 'file');
    const tag = await writeObject(repository, 'tag', tagText() + signature);
    expect((await verifyTag(store(), tag, keys)).signature).toEqual(INVALID);
  });

  test.skipIf(!hasGpg)('that is signed with OpenPGP gets the answers of a commit', async () => {
    await using home = await GpgHome.create();
    const key = await home.key('Alice <alice@example.com>');
    const old = await home.key('Old <old@example.com>', {
      expires: '2d',
      options: ['--faked-system-time', '20200101T000000'],
    });
    const given = { ssh: [], openpgp: [await home.publicKey(key), await home.publicKey(old)] };
    const sign = home.signer(key);
    const signature = await sign(Buffer.from(tagText()));
    const late = await home.signer(old, '--faked-system-time', '20200101T000000')(Buffer.from(tagText()));
    const tag = await writeObject(repository, 'tag', tagText() + signature);
    expect((await verifyTag(store(), tag, given)).signature).toEqual({ status: 'holds', fingerprint: key });
    expect((await verifyTag(store(), tag, NONE)).signature).toEqual({ status: 'unverifiable' });
    const others = { ssh: [], openpgp: [await home.publicKey(old)] };
    expect((await verifyTag(store(), tag, others)).signature).toEqual({ status: 'unverifiable' });
    const expired = await writeObject(repository, 'tag', tagText() + late);
    expect((await verifyTag(store(), expired, given)).signature).toEqual({
      status: 'expired',
      fingerprint: old,
    });
    const bad = await writeObject(repository, 'tag', tagText().replace('one', 'two') + signature);
    expect((await verifyTag(store(), bad, given)).signature).toEqual(INVALID);
  });
});
