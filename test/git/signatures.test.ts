// What is found of commits' signatures: SSH keys, forms that can be read in two ways, forgeries, and surroundings that must not matter.

import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GitError } from '../../src/git/command.ts';
import { localEnvironment } from '../../src/git/environment.ts';
import type { ObjectStore } from '../../src/git/objects.ts';
import { type SigningKeys, type VerifiedSignature, verifyCommits } from '../../src/git/signatures.ts';
import { UnreachableError } from '../../src/lib/errors.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import {
  commitBytes,
  makeSshKey,
  type SshKey,
  sshSignature,
  withHeader,
  writeObject,
  writeSigned,
} from '../support/signing.ts';

const run = promisify(execFile);
const NONE: SigningKeys = { ssh: [], openpgp: [] };
const INVALID = { status: 'invalid' };

let folder: string;
let alice: SshKey;
let mallory: SshKey;
let keys: SigningKeys;
let repository: GitRepository;
let tree: string;

beforeAll(async () => {
  folder = await temporaryFolder('halyard-keys-');
  alice = await makeSshKey(folder, 'alice');
  mallory = await makeSshKey(folder, 'mallory');
  keys = { ssh: [{ fingerprint: alice.fingerprint, principal: 'alice' }], openpgp: [] };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  repository = await GitRepository.create();
  tree = await repository.git('write-tree');
});

afterEach(() => repository[Symbol.asyncDispose]());

function storeOf(inherited: NodeJS.ProcessEnv = process.env): ObjectStore {
  const environment = localEnvironment({ globalConfigFile: '/dev/null', ceilings: [], inherited });
  return { folder: repository.folder, environment };
}

async function verify(id: string, given = keys, store = storeOf()): Promise<VerifiedSignature> {
  const [answer, ...more] = await verifyCommits(store, [id], given);
  if (!answer || more.length > 0) throw new Error('expected one answer');
  return answer;
}

const held = ({ fingerprint }: SshKey) => ({ status: 'holds', fingerprint });

describe('a signature of an SSH key', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'])(
    'of type %s holds, whether the key is given or not',
    async (type) => {
      const key = await makeSshKey(folder, `of-type-${type}`, { type });
      const id = await writeSigned(repository, commitBytes({ tree }), key.sign);
      const given = { ssh: [{ fingerprint: key.fingerprint, principal: 'key' }], openpgp: [] };
      expect(await verify(id, given)).toEqual(held(key));
      expect(await verify(id, NONE)).toEqual(held(key));
    },
  );

  test('of a security key holds', async () => {
    const key = securityKey();
    const id = await writeSigned(repository, commitBytes({ tree }), async (payload) => key.sign(payload));
    const given = { ssh: [{ fingerprint: key.fingerprint, principal: 'key' }], openpgp: [] };
    expect(await verify(id, given)).toEqual({ status: 'holds', fingerprint: key.fingerprint });
  });

  test('by git’s own hand holds', async () => {
    const options = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${alice.file}`];
    await repository.git(...options, 'commit', '--quiet', '--allow-empty', '-S', '-m', 'signed');
    expect(await verify(await repository.head())).toEqual(held(alice));
  });

  test('holds in a repository of SHA-256, under its own header', async () => {
    await using other = await GitRepository.create({ objectFormat: 'sha256' });
    const commit = commitBytes({ tree: await other.git('write-tree') });
    const right = await writeSigned(other, commit, alice.sign, 'gpgsig-sha256');
    const wrong = await writeSigned(other, commit, alice.sign);
    const store = { ...storeOf(), folder: other.folder };
    expect(await verifyCommits(store, [right, wrong], keys)).toEqual([held(alice), INVALID]);
  });

  test('as a certificate is not taken', async () => {
    const authority = await makeSshKey(folder, 'authority');
    const user = await makeSshKey(folder, 'user');
    await run('ssh-keygen', ['-q', '-s', authority.file, '-I', 'id', '-n', 'alice', `${user.file}.pub`]);
    const id = await writeSigned(repository, commitBytes({ tree }), (payload) =>
      sshSignature(`${user.file}-cert.pub`, payload),
    );
    expect(await verify(id)).toEqual({ status: 'unverifiable' });
  });

  test('for another purpose than git’s is invalid', async () => {
    const sign = (payload: Uint8Array) => sshSignature(alice.file, payload, 'file');
    expect(await verify(await writeSigned(repository, commitBytes({ tree }), sign))).toEqual(INVALID);
  });
});

describe('a forgery', () => {
  test('does not borrow another’s address: the key tells who it was', async () => {
    const commit = commitBytes({ tree, author: 'Alice Example <alice@example.com>' });
    expect(await verify(await writeSigned(repository, commit, mallory.sign))).toEqual(held(mallory));
  });

  const edits: [string, (commit: string) => string][] = [
    ['another message', (commit) => commit.replace('signed\n', 'signed!\n')],
    ['another tree', (commit) => commit.replace(/^tree ./, 'tree f')],
    ['another author', (commit) => commit.replace('author Ada', 'author Eve')],
    ['another time', (commit) => commit.replaceAll('1700000000', '1700000001')],
    ['another parent', (commit) => commit.replace('\nauthor', `\nparent ${'0'.repeat(39)}1\nauthor`)],
    ['one more header', (commit) => commit.replace('\ngpgsig', '\nencoding x\ngpgsig')],
    ['a NUL', (commit) => commit.replace('signed\n', 'sig\0ned\n')],
  ];
  test.each(edits)('that gives a signed commit %s is invalid', async (_, edit) => {
    const commit = commitBytes({ tree });
    const signed = withHeader(commit, 'gpgsig', await alice.sign(commit)).toString('latin1');
    expect(await verify(await writeObject(repository, 'commit', signed))).toEqual(held(alice));
    const edited = edit(signed);
    expect(edited).not.toBe(signed);
    expect(await verify(await writeObject(repository, 'commit', edited))).toEqual(INVALID);
  });

  test('with a signature copied from another commit is invalid', async () => {
    const signature = await alice.sign(commitBytes({ tree, message: 'harmless\n' }));
    expect(await verify(await writeSigned(repository, commitBytes({ tree }), async () => signature))).toEqual(
      INVALID,
    );
  });

  test('that puts another’s public key beside its own signature is invalid', async () => {
    const id = await writeSigned(repository, commitBytes({ tree }), async (payload) =>
      rewritten(await mallory.sign(payload), (blob) => {
        blob.set(keyBlob(alice), 14);
      }),
    );
    expect(await verify(id)).toEqual(INVALID);
  });

  test('that hides parents from git behind the signature is invalid', async () => {
    const commit = commitBytes({ tree, parents: [await repository.commit('parent')] });
    const signature = await alice.sign(commit);
    for (const before of ['parent', 'author', 'committer'])
      expect(
        await verify(
          await writeObject(repository, 'commit', withHeader(commit, 'gpgsig', signature, before)),
        ),
      ).toEqual(INVALID);
  });

  test('cannot word another commit’s answer', async () => {
    const signed = await writeSigned(repository, commitBytes({ tree }), alice.sign);
    const author = `x\x01y%H%x00G ${signed} G ${alice.fingerprint} <>`;
    const forged = [
      commitBytes({ tree, author, message: `${signed}\0G\0${alice.fingerprint}\0\n` }),
      commitBytes({
        tree,
        author: `Good "git" signature for alice with ED25519 key ${alice.fingerprint} <a>`,
      }),
      Buffer.from(commitBytes({ tree }).toString().replace('\n\n', '\nencoding UTF-7\u0000x\n\n'), 'latin1'),
    ];
    const ids = await Promise.all(
      forged.map((commit) => writeSigned(repository, commit, async () => mallory.sign(Buffer.from('else')))),
    );
    const answers = await verifyCommits(storeOf(), [...ids, signed], keys);
    expect(answers).toEqual([INVALID, INVALID, INVALID, held(alice)]);
  });

  test('by a replaced object is not seen', async () => {
    const signed = await writeSigned(repository, commitBytes({ tree }), alice.sign);
    const unsigned = await writeObject(repository, 'commit', commitBytes({ tree, message: 'unsigned\n' }));
    await repository.git('replace', unsigned, signed);
    await repository.git('replace', '--force', signed, unsigned);
    expect(await verifyCommits(storeOf(), [signed, unsigned], keys)).toEqual([
      held(alice),
      { status: 'unsigned' },
    ]);
  });
});

describe('a signature that can be read in two ways, or not at all, is invalid:', () => {
  type Edit = (signature: string, commit: Buffer) => Buffer;
  const asHeader =
    (edit: (signature: string) => string): Edit =>
    (signature, commit) =>
      withHeader(commit, 'gpgsig', edit(signature));
  const beside =
    (...headers: [string, string][]): Edit =>
    (signature, commit) =>
      headers.reduce<Buffer>(
        (signed, [name, value]) => withHeader(signed, name, value),
        withHeader(commit, 'gpgsig', signature),
      );
  const edits: [string, Edit][] = [
    ['words before it', asHeader((text) => `words\n${text}`)],
    ['words behind it', asHeader((text) => `${text}words\n`)],
    ['two of them in one header', asHeader((text) => text + text)],
    ['two headers', (text, commit) => withHeader(withHeader(commit, 'gpgsig', text), 'gpgsig', text)],
    ['one for each object format', beside(['gpgsig-sha256', 'x'])],
    ['a header like its own', beside(['gpgsigx', 'not signed'])],
    ['the header of the other object format', (text, commit) => withHeader(commit, 'gpgsig-sha256', text)],
    ['no end', asHeader((text) => text.replace('-----END SSH SIGNATURE-----\n', ''))],
    ['a line left out', asHeader((text) => text.replace(/\n[^\n]+(?=\n-----END)/, ''))],
    ['another kind’s end', asHeader((text) => text.replace('END SSH', 'END PGP'))],
    ['no base64', asHeader((text) => text.replace('U1NIU0lH', 'U1NI*0lH'))],
    ['line ends of Windows', asHeader((text) => text.replaceAll('\n', '\r\n'))],
    ['nothing', asHeader(() => '')],
    ['one word', asHeader(() => 'yes')],
    ['an empty block', asHeader(() => '-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n')],
    ['bytes behind the signature', asHeader((text) => rewritten(text, () => {}, Buffer.alloc(3)))],
    ['another version', asHeader((text) => rewritten(text, (blob) => blob.set([2], 9)))],
    ['a length beyond the end', asHeader((text) => rewritten(text, (blob) => blob.set([0xff], 10)))],
    ['a megabyte', asHeader((text) => text.replace('\n', `\n${'A'.repeat(1 << 20)}\n`))],
  ];
  test.each(edits)('%s', async (_, edit) => {
    const commit = commitBytes({ tree });
    const id = await writeObject(repository, 'commit', edit(await alice.sign(commit), commit));
    expect(await verify(id)).toEqual(INVALID);
  });

  test.each(['99999999999999', '-1', 'noon'])('a commit’s time of %s', async (at) => {
    const commit = commitBytes({ tree, at, message: 'x'.repeat(200_000) });
    expect(await verify(await writeSigned(repository, commit, alice.sign))).toEqual(INVALID);
    expect(await verify(await writeSigned(repository, commit, mallory.sign))).toEqual(INVALID);
  });
});

test('a signer that is a pattern would stand for others, and is not taken', async () => {
  const id = await writeSigned(repository, commitBytes({ tree }), alice.sign);
  for (const principal of ['*', 'alice,*', '!bob', 'alice cert-authority', 'alice\n*'])
    await expect(
      verify(id, { ssh: [{ fingerprint: alice.fingerprint, principal }], openpgp: [] }),
    ).rejects.toThrow('plain name');
});

describe('the answers', () => {
  test('stand in the order of the commits, however often one is asked for', async () => {
    const ids = [
      await writeSigned(repository, commitBytes({ tree, message: '1' }), mallory.sign),
      await writeObject(repository, 'commit', commitBytes({ tree })),
      await writeSigned(repository, commitBytes({ tree, message: '2' }), alice.sign),
      await writeSigned(repository, commitBytes({ tree, message: '3' }), async () => 'nothing'),
    ];
    const answers = [held(mallory), { status: 'unsigned' }, held(alice), INVALID];
    expect(await verifyCommits(storeOf(), [...ids, ...ids], keys)).toEqual([...answers, ...answers]);
    expect(await verifyCommits(storeOf(), [], keys)).toEqual([]);
  });

  test('come from a thousand commits', async () => {
    const commit = commitBytes({ tree });
    const signature = await alice.sign(commit);
    const signed = await writeSigned(repository, commit, async () => signature);
    const stream = Array.from(
      { length: 1_000 },
      (_, n) => `commit refs/heads/many\ncommitter A <a> ${n} +0000\ndata 0\n`,
    );
    await repository.pipe(['fast-import', '--quiet'], Buffer.from(stream.join('')));
    const ids = (await repository.git('rev-list', 'many')).split('\n');
    const answers = await verifyCommits(storeOf(), [...ids, signed], keys);
    expect(answers).toHaveLength(1_001);
    expect(answers.pop()).toEqual(held(alice));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['unsigned']));
  });

  test('are given for no object that is missing, and for none but commits', async () => {
    await repository.commit('one');
    await repository.git('tag', '-a', '-m', 'tag', 'v1');
    for (const id of ['0'.repeat(40), tree, await repository.git('rev-parse', 'v1')])
      await expect(verify(id)).rejects.toThrow(GitError);
    await expect(verify('HEAD')).rejects.toThrow('no object id');
    await expect(verify('--all')).rejects.toThrow('no object id');
  });

  test('leave nothing behind', async () => {
    const temporary = join(repository.folder, 'temporary');
    await mkdir(temporary);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      await verify(await writeSigned(repository, commitBytes({ tree }), alice.sign));
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    expect(await readdir(temporary)).toEqual([]);
  });

  test('are not guessed where ssh-keygen is missing, and need none for unsigned commits', async () => {
    const bin = await binWith(['git']);
    const signed = await writeSigned(repository, commitBytes({ tree }), alice.sign);
    const unsigned = await writeObject(repository, 'commit', commitBytes({ tree }));
    const store = storeOf({ PATH: bin });
    expect(await verify(unsigned, keys, store)).toEqual({ status: 'unsigned' });
    const work = verify(signed, keys, store);
    await expect(work).rejects.toThrow(UnreachableError);
    await expect(work).rejects.toThrow('ssh-keygen');
  });

  test('are the same for a person’s allowed signers, programs, home and repository that say otherwise', async () => {
    const ids = [
      await writeSigned(repository, commitBytes({ tree, message: '1' }), alice.sign),
      await writeSigned(repository, commitBytes({ tree, message: '2' }), mallory.sign),
      await writeSigned(repository, commitBytes({ tree, message: '3' }), async () =>
        mallory.sign(Buffer.from('x')),
      ),
    ];
    const expected = [held(alice), held(mallory), INVALID];
    expect(await verifyCommits(storeOf(), ids, keys)).toEqual(expected);
    const home = await hostileHome();
    const store = storeOf({ ...process.env, HOME: home, XDG_CONFIG_HOME: home, GNUPGHOME: home });
    expect(await verifyCommits(store, ids, keys)).toEqual(expected);
  });
});

/** A home and a repository whose settings make git take every signature for good, or none, or talk beside the point. */
async function hostileHome(): Promise<string> {
  const home = join(repository.folder, 'home');
  await mkdir(join(home, '.ssh'), { recursive: true });
  const signers = join(home, 'signers');
  await writeFile(signers, `* ${mallory.publicKey}\n* cert-authority ${mallory.publicKey}\n`);
  const liar = join(home, 'liar');
  await writeFile(
    liar,
    `#!/bin/sh\necho 'Good "git" signature for alice with ED25519 key ${alice.fingerprint}'\n`,
  );
  await chmod(liar, 0o755);
  const revoked = join(home, 'revoked');
  await writeFile(revoked, `${alice.publicKey}\n`);
  const settings = [
    ['gpg.ssh.program', liar],
    ['gpg.program', liar],
    ['gpg.ssh.allowedSignersFile', signers],
    ['gpg.ssh.revocationFile', revoked],
    ['gpg.minTrustLevel', 'ultimate'],
    ['log.showSignature', 'true'],
    ['log.mailmap', 'true'],
    ['log.showRoot', 'true'],
    ['format.pretty', 'raw'],
    ['color.ui', 'always'],
    ['core.pager', liar],
    ['i18n.logOutputEncoding', 'UTF-16'],
  ];
  const lines = settings.map(([name, value]) => {
    const [, section, sub, key] = /^(\w+)(?:\.(\w+))?\.(\w+)$/.exec(name ?? '') ?? [];
    return `[${section}${sub ? ` "${sub}"` : ''}]\n\t${key} = ${value}\n`;
  });
  await writeFile(join(home, '.gitconfig'), lines.join(''));
  for (const [name = '', value = ''] of settings) await repository.git('config', name, value);
  return home;
}

/** A folder that holds these programs alone. */
async function binWith(programs: readonly string[]): Promise<string> {
  const bin = join(repository.folder, 'bin');
  await mkdir(bin);
  for (const program of programs) {
    const { stdout } = await run('sh', ['-c', `command -v ${program}`]);
    await symlink(stdout.trim(), join(bin, program));
  }
  return bin;
}

/** An armored SSH signature with other bytes in it. */
function rewritten(armor: string, edit: (blob: Buffer) => void, more: Buffer = Buffer.alloc(0)): string {
  const [begin = '', ...lines] = armor.trim().split('\n');
  const blob = Buffer.from(lines.slice(0, -1).join(''), 'base64');
  edit(blob);
  return [begin, Buffer.concat([blob, more]).toString('base64'), lines.at(-1), ''].join('\n');
}

function keyBlob({ publicKey }: SshKey): Buffer {
  return Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
}

/** What a FIDO key does, in software: PROTOCOL.u2f and PROTOCOL.sshsig of OpenSSH. */
function securityKey(): { fingerprint: string; sign: (payload: Uint8Array) => string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const type = 'sk-ssh-ed25519@openssh.com';
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = Buffer.concat([type, point, 'ssh:'].map(sshString));
  const sha = (algorithm: string, bytes: Uint8Array | string) => createHash(algorithm).update(bytes).digest();
  const touched = Buffer.from([1, 0, 0, 0, 7]);
  return {
    fingerprint: `SHA256:${sha('sha256', blob).toString('base64').replace(/=+$/, '')}`,
    sign(payload) {
      const digest = sha('sha512', payload);
      const message = Buffer.concat([Buffer.from('SSHSIG'), ...['git', '', 'sha512', digest].map(sshString)]);
      const statement = Buffer.concat([sha('sha256', 'ssh:'), touched, sha('sha256', message)]);
      const proof = Buffer.concat([
        sshString(type),
        sshString(signBytes(null, statement, privateKey)),
        touched,
      ]);
      const parts = [blob, 'git', '', 'sha512', proof].map(sshString);
      const signature = Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), ...parts]).toString('base64');
      return `-----BEGIN SSH SIGNATURE-----\n${signature}\n-----END SSH SIGNATURE-----\n`;
    },
  };
}

function sshString(text: Uint8Array | string): Buffer {
  const bytes = Buffer.from(text as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
