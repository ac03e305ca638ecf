// Verifies signatures of commits and tags through git itself, which asks ssh-keygen and gpg; with keys that are given, and none of the machine's.
import type { ObjectStore } from './objects.ts';

/** Keys that signatures are verified with. */
export interface SigningKeys {
  /** SSH keys by fingerprint (`SHA256:…`) with whom they belong to. The key itself stands in each signature. */
  ssh: readonly { fingerprint: string; principal: string }[];
  /** Armored OpenPGP public keys. */
  openpgp: readonly string[];
}

export interface VerifiedSignature {
  /**
   * - `unsigned`: there is no signature
   * - `holds`: it is of this very content, by the key `fingerprint`, whoever's that is
   * - `expired`: it holds, and the OpenPGP key or signature has expired
   * - `invalid`: it does not hold, or cannot be read
   * - `unverifiable`: an OpenPGP signature whose public key was not given, or of a kind that is not taken (X.509)
   */
  status: 'unsigned' | 'holds' | 'expired' | 'invalid' | 'unverifiable';
  /** `SHA256:…` for SSH, the primary key's upper-case hex digits for OpenPGP. Absent where it cannot be told. */
  fingerprint?: string;
}

/** One answer a commit, in their order. Throws GitError where git, ssh-keygen or gpg cannot be run. */
export async function verifyCommits(
  store: ObjectStore,
  commits: readonly string[],
  keys: SigningKeys,
): Promise<VerifiedSignature[]> {
  throw new Error(`${store.folder} ${commits.length} ${keys.ssh.length}`);
}
