// The SSH key that an approval is signed with: the one that is named, else the one that git signs commits with.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnGit } from '../../git/own-git.ts';
import { type SignedText, signText } from '../../git/ssh-signature.ts';
import { UsageError } from '../../lib/errors.ts';

/** Signs as a person does. Throws UsageError where there is no key, or it cannot be used. */
export async function signAsOneself(
  signed: SignedText,
  named: string | undefined,
  git: OwnGit,
): Promise<{ signature: string; fingerprint: string }> {
  if (named !== undefined) return signText(signed, named);
  const format = await git.setting('gpg.format');
  const key = format === 'ssh' ? await git.setting('user.signingkey', 'path') : undefined;
  if (key === undefined) {
    throw new UsageError(
      'name your SSH key with --key: git is not set up to sign with one (gpg.format=ssh, user.signingkey).',
    );
  }
  const literal = /^(?:key::)?((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+ .+)$/.exec(key)?.[1];
  return literal === undefined
    ? signText(signed, key)
    : withAgentsKey(literal, (file) => signText(signed, file));
}

/** Git takes the text of a public key, whose private half the agent has; ssh-keygen wants it in a file. */
async function withAgentsKey<T>(publicKey: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'halyard-key-'));
  try {
    const file = join(folder, 'key.pub');
    await writeFile(file, `${publicKey}\n`, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
