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
 * The signature as the audit keeps it. Without a policy every key is unknown.
 * @param author the commit's author, `Name <mail>`: for whom a trusted key vouches. Absent for what is no commit
 */
export function judgeSignature(
  policy: Policy | undefined,
  verified: VerifiedSignature,
  author?: string,
): Signature {
  throw new Error(`${policy} ${verified.status} ${author}`);
}
