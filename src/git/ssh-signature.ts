// Signs and verifies texts that are no git objects with SSH keys, through ssh-keygen: approvals and emergency overrides.
import type { VerifiedSignature } from './signatures.ts';

export interface SignedText {
  text: string;
  /** Keeps a signature for one purpose from passing for one of another: `halyard-approval`, say. */
  namespace: string;
}

/**
 * Signs with the private key of a file, or with the agent's where the file holds a public key.
 * @returns the armored signature and the key's fingerprint. Throws UsageError where the key cannot be used
 */
export async function signText(
  signed: SignedText,
  keyFile: string,
): Promise<{ signature: string; fingerprint: string }> {
  throw new Error(`${signed.namespace} ${keyFile}`);
}

/** Never `unsigned`, `expired` or `unverifiable`: an SSH signature carries its key. */
export async function verifyText(signed: SignedText, signature: string): Promise<VerifiedSignature> {
  throw new Error(`${signed.namespace} ${signature}`);
}
