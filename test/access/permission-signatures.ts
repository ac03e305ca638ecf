// The signatures of the permission suite: what is found of each, and who stands behind the commit by it.
import type { VerifiedSignature } from '../../src/access/identity.ts';
import type { Signature } from '../../src/model/evidence.ts';
import type { ProblemCode } from '../../src/model/problem.ts';
import { keyOf, own, type Role } from './permission-people.ts';
import type { Signer } from './permission-tables.ts';

export interface SignatureState {
  title: string;
  author: (signer: string) => string;
  /** A finding of verification, which the policy judges; or what no verification finds, as it is. */
  found: (signer: string) => VerifiedSignature | { as: Signature };
  /** Who stands behind the commit; or nobody, and why it is refused where signatures are required. */
  worth: 'signer' | 'nobody' | ProblemCode;
  /** Neither signature nor author says whose commit it is. */
  isUntraceable?: true;
}

const stranger = () => 'Eve <eve@example.com>';
const holds = (name: string): VerifiedSignature => ({ status: 'holds', fingerprint: keyOf(name) });

export const SIGNATURES: readonly SignatureState[] = [
  { title: 'valid', author: own, found: holds, worth: 'signer' },
  { title: 'valid, of an unknown author’s commit', author: stranger, found: holds, worth: 'signer' },
  { title: 'valid, of another person’s commit', author: () => own('otto'), found: holds, worth: 'signer' },
  { title: 'vouched', author: own, found: () => holds('merge'), worth: 'signer' },
  {
    title: 'vouched, for nobody',
    author: stranger,
    found: () => holds('merge'),
    worth: 'nobody',
    isUntraceable: true,
  },
  {
    title: 'vouched, for an author with two addresses',
    author: (name) => `Eve <eve@example.com> <${name}@example.com>`,
    found: () => holds('merge'),
    worth: 'nobody',
    isUntraceable: true,
  },
  { title: 'unsigned', author: own, found: () => ({ status: 'unsigned' }), worth: 'signature-missing' },
  {
    title: 'unverified',
    author: own,
    found: () => ({ as: { status: 'unverified' } }),
    worth: 'signature-missing',
  },
  { title: 'of an unknown key', author: own, found: () => holds('eve'), worth: 'signature-unknown-key' },
  {
    title: 'that could not be verified',
    author: own,
    found: (name) => ({ status: 'unverifiable', fingerprint: keyOf(name) }),
    worth: 'signature-unknown-key',
  },
  {
    title: 'of a revoked key',
    author: own,
    found: (name) => holds(`${name}Old`),
    worth: 'signature-revoked',
  },
  {
    title: 'of a revoked trusted key',
    author: own,
    found: () => holds('mergeOld'),
    worth: 'signature-revoked',
  },
  {
    title: 'expired',
    author: own,
    found: (name) => ({ status: 'expired', fingerprint: keyOf(name) }),
    worth: 'signature-expired',
  },
  {
    title: 'invalid',
    author: own,
    found: (name) => ({ status: 'invalid', fingerprint: keyOf(name) }),
    worth: 'signature-invalid',
  },
  {
    title: 'expired, of a key that is revoked',
    author: own,
    found: (name) => ({ status: 'expired', fingerprint: keyOf(`${name}Old`) }),
    worth: 'signature-revoked',
  },
  {
    title: 'invalid, and names a person all the same',
    author: own,
    found: (name) => ({ as: { status: 'invalid', fingerprint: keyOf(name), person: name } }),
    worth: 'signature-invalid',
  },
];

/** Who stands behind the commit: the one who signed, or nobody. */
export function standing({ worth }: SignatureState, role: Role): Signer {
  return worth === 'signer' ? role : 'nobody';
}
