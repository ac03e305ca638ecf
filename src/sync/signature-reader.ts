// Has the signatures of a range of commits verified in batches, ahead of their judgement: each run costs about the same for one as for a few.
import type { Policy } from '../access/policy.ts';
import type { SigningKeys, VerifiedSignature } from '../git/signatures.ts';

/** One answer a commit, in their order. */
export type VerifySignatures = (
  commits: readonly string[],
  keys: SigningKeys,
  signal: AbortSignal,
) => Promise<VerifiedSignature[]>;

/** Batches grow from this, since a commit that changes the policy's keys makes what was verified ahead worthless. */
const FIRST_BATCH = 8;
const LARGEST_BATCH = 256;

export class SignatureReader {
  readonly #verify: VerifySignatures;
  readonly #known = new Map<string, VerifiedSignature>();
  /** The keys that the known ones were verified with. */
  #keys = '';
  #batch = FIRST_BATCH;

  constructor(verify: VerifySignatures) {
    this.#verify = verify;
  }

  /** @param upcoming commits that will probably be asked for next, in that order */
  async read(
    commit: string,
    upcoming: Iterable<string>,
    policy: Policy | undefined,
    signal: AbortSignal,
  ): Promise<VerifiedSignature> {
    const keys = signingKeys(policy);
    const name = JSON.stringify(keys);
    if (name !== this.#keys) this.forget();
    this.#keys = name;
    const known = this.#known.get(commit);
    if (known) return known;
    const batch = [commit];
    for (const id of upcoming) {
      if (batch.length >= this.#batch) break;
      if (!this.#known.has(id)) batch.push(id);
    }
    const verified = await this.#verify(batch, keys, signal);
    for (const [index, id] of batch.entries()) {
      const signature = verified[index];
      if (signature) this.#known.set(id, signature);
    }
    this.#batch = Math.min(2 * this.#batch, LARGEST_BATCH);
    const found = this.#known.get(commit);
    if (!found) throw new Error(`the signature of ${commit} was not verified`);
    return found;
  }

  /** Forgets what it verified: at the end of a range, so that it neither grows nor keeps what time makes wrong. */
  forget(): void {
    this.#known.clear();
    this.#batch = FIRST_BATCH;
  }
}

/** The keys of a policy, those that vouch for others among them. Without a policy there are none. */
export function signingKeys(policy: Policy | undefined): SigningKeys {
  if (!policy) return { ssh: [], openpgp: [] };
  const { people, trust = [], openpgp = [] } = policy.body;
  const ofPeople = Object.entries(people).flatMap(([principal, { keys = [] }]) =>
    keys.map((fingerprint) => ({ fingerprint, principal })),
  );
  const ofTrust = trust.map(({ key }) => ({ fingerprint: key, principal: 'trust' }));
  const ssh = [...ofPeople, ...ofTrust].filter(({ fingerprint }) => fingerprint.startsWith('SHA256:'));
  return { ssh, openpgp };
}
