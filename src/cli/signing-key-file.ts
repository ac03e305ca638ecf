// Key files that options name: the private one that checkpoints are signed with, and the public ones of their signers.
import { readFile } from 'node:fs/promises';
import { readSigner, readSigningKey, type SigningKey } from '../audit/signing-key.ts';
import { UsageError } from '../lib/errors.ts';

/** Throws UsageError where the file cannot be read, or holds no unencrypted Ed25519 key. */
export async function signingKeyFile(path: string, option: string): Promise<SigningKey> {
  const name = `${option} ${path}`;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${name} cannot be read.`, { cause });
  });
  return readSigningKey(text, name);
}

/** The fingerprints of signers, each given by itself or by a public key file. Throws UsageError. */
export function signerFingerprints(signers: readonly string[], option: string): Promise<string[]> {
  return Promise.all(
    signers.map(async (signer) => {
      const name = `${option} ${signer}`;
      if (signer.startsWith('SHA256:')) return readSigner(signer, name);
      const text = await readFile(signer, 'utf8').catch((cause: unknown) => {
        throw new UsageError(`${name} is neither a fingerprint (SHA256:…) nor a file that can be read.`, {
          cause,
        });
      });
      return readSigner(text, name);
    }),
  );
}
