// Why an approval would count for nothing: the approver's own commit, a key that is nobody's, a branch that has moved on.
import type { Policy } from '../../access/policy.ts';
import { treesUnder } from '../../git/history.ts';
import { findCommit, mergeBaseOf } from '../../git/revisions.ts';
import { verifyCommits } from '../../git/signatures.ts';
import { ticked } from '../../lib/printable.ts';
import type { Place } from '../place/place.ts';
import type { Subject } from './subject.ts';

/** Whose commit it is where it is the approver's own: nobody approves what they have made. */
export async function ownCommit(
  { repository }: Place,
  { commit }: Subject,
  { policy, fingerprint }: { policy: Policy | undefined; fingerprint: string },
): Promise<string | undefined> {
  const [signed] = await verifyCommits(repository.store, [commit.id], { ssh: [], openpgp: [] });
  if (signed?.fingerprint === fingerprint) return 'you have signed this commit yourself';
  const person = policy?.personOfKey(fingerprint);
  if (person === undefined) return undefined;
  if (signed?.fingerprint !== undefined && policy?.personOfKey(signed.fingerprint) === person)
    return `${ticked(person)}, who you are by your key, has signed this commit`;
  return policy?.personOfIdentity(commit.author) === person
    ? `${ticked(person)}, who you are by your key, is this commit's author`
    : undefined;
}

/** What the approver should know, one sentence each; the approval may count yet. */
export async function doubtsAbout(
  place: Place,
  subject: Subject,
  { policy, fingerprint }: { policy: Policy | undefined; fingerprint: string },
): Promise<string[]> {
  const base = subject.sides?.base.revision;
  const doubts: string[] = [];
  if (base !== undefined && (await hasMovedOn(place, subject, base))) {
    doubts.push(
      `${ticked(base)} has other definitions since this commit left it, so another tree will be merged, for which this approval does not count. Update the branch, then approve it again.`,
    );
  }
  if (base === `${subject.commit.id.slice(0, 10)}^`) {
    doubts.push(
      `it is merged already, and compared with the commit before. If that was refused, the approval answers for both: \`halyard access explain ${subject.commit.id.slice(0, 10)}\` with the database tells all that would be applied.`,
    );
  }
  if (policy && policy.personOfKey(fingerprint) === undefined) {
    doubts.push(
      `the key ${fingerprint} is nobody's in access.yaml of ${ticked(base ?? '')}: this approval counts for nothing until it is somebody's.`,
    );
  }
  return doubts;
}

/** Whether the branch's definitions have changed since the commit left it. */
async function hasMovedOn({ repository }: Place, { commit, tree }: Subject, base: string): Promise<boolean> {
  const { store, path } = repository;
  const tip = await findCommit(store, base);
  const left = tip && (await mergeBaseOf(store, tip, commit.id));
  if (tip === undefined || left === undefined || left === commit.id) return false;
  const [now, then] = await treesUnder(store, [tip, left], path);
  return now !== then && now !== tree;
}
