// Verifies the signatures of many commits, those that come next together with the one that is asked for.
import { lookUpObjects } from '../../git/objects.ts';
import { verifyCommits } from '../../git/signatures.ts';
import type { Verified } from './people.ts';
import type { Ask } from './reader.ts';
import type { AppliedPolicy } from './state.ts';

const AT_ONCE = 1_000;

export class SignatureVerifier {
  readonly #ask: Ask;
  #found = new Map<string, Verified>();
  /** The OpenPGP keys that `#found` was found with. SSH signatures bring their key along. */
  #keys = '';
  /** How many were verified. */
  verified = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** @param upcoming the commits that will be asked for next */
  async verify(commit: string, upcoming: () => readonly string[], policy: AppliedPolicy): Promise<Verified> {
    const keys = keysIn(policy);
    if (this.#keys !== keys.join('\n') || !this.#found.has(commit)) {
      const commits = [...new Set([commit, ...upcoming().slice(0, AT_ONCE)])];
      const present = await this.#present(commits);
      const answers = await this.#ask((store) => verifyCommits(store, present, { ssh: [], openpgp: keys }));
      this.#found = new Map(present.map((id, index) => [id, answers[index] ?? { status: 'unsigned' }]));
      this.#keys = keys.join('\n');
    }
    const found = this.#found.get(commit) ?? { status: 'unsigned' };
    if (found.status !== 'unsigned') this.verified += 1;
    return found;
  }

  async verifyAll(commits: readonly string[], policy: AppliedPolicy): Promise<Verified[]> {
    if (commits.length === 0) return [];
    const keys = keysIn(policy);
    const answers = await this.#ask((store) => verifyCommits(store, commits, { ssh: [], openpgp: keys }));
    this.verified += answers.filter(({ status }) => status !== 'unsigned').length;
    return answers;
  }

  /** Later ones may be gone from the repository. */
  async #present(commits: readonly string[]): Promise<string[]> {
    const found = await this.#ask((store) => lookUpObjects(store, commits));
    return commits.filter((_, index) => found[index]?.type === 'commit');
  }
}

function keysIn(policy: AppliedPolicy): readonly string[] {
  return typeof policy === 'object' ? (policy.openpgp ?? []) : [];
}
