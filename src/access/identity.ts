// Who signed: what git found of a signature, judged by the policy that is applied. Pure.
import type { Signature } from '../model/evidence.ts';
import type { Policy } from './policy.ts';

/** What verifying found, before any policy is asked (`src/git/signatures.ts` gives the same shape). */
export interface VerifiedSignature {
  /** `holds`: its key may be anyone's. `unverifiable`: an OpenPGP signature whose public key is not known, or X.509. */
  status: 'unsigned' | 'holds' | 'expired' | 'invalid' | 'unverifiable';
  fingerprint?: string;
}

/**
 * The signature as the audit keeps it: one that does not hold is `invalid`, else a revoked key makes it `revoked`, else
 * it may be `expired`, else a person's or a trusted key makes it `valid`. All others, and without a policy all that hold,
 * are `unknown-key`. Where a trusted key's author is nobody of the policy, it is valid and vouched, but no person's.
 * @param author the commit's author, `Name <mail>`: for whom a trusted key vouches. Absent for what is no commit
 */
export function judgeSignature(
  policy: Policy | undefined,
  { status, fingerprint }: VerifiedSignature,
  author?: string,
): Signature {
  if (status === 'unsigned') return { status };
  if (fingerprint === undefined)
    return { status: status === 'invalid' || status === 'expired' ? status : 'unknown-key' };
  if (status === 'invalid') return { status, fingerprint };
  if (policy?.isRevoked(fingerprint)) return { status: 'revoked', fingerprint };
  if (status === 'expired') return { status, fingerprint };
  if (status === 'unverifiable') return { status: 'unknown-key', fingerprint };
  const signer = policy?.personOfKey(fingerprint);
  if (signer !== undefined) return { status: 'valid', fingerprint, person: signer };
  // What is no commit has no author to vouch for.
  if (!policy?.isTrusted(fingerprint) || author === undefined) return { status: 'unknown-key', fingerprint };
  const person = policy.personOfIdentity(author);
  return { status: 'valid', fingerprint, ...(person !== undefined && { person }), vouched: true };
}
