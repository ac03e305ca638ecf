// Gathers what speaks for a commit: the approvals that its repository keeps, and the reviews that a forge does.
import type { Mirror } from '../../git/mirror.ts';
import { UnreachableError } from '../../lib/errors.ts';
import type { ForgeEvidence } from '../../model/evidence.ts';
import type { EvidenceQuestion, GatherEvidence, Gathered } from '../evidence.ts';
import { ApprovalVerifier } from './approvals.ts';
import type { Forge } from './forge.ts';
import { Reviews } from './reviews.ts';

export interface GatherOptions {
  mirror: Mirror;
  /** Where the definitions are; empty for the root. */
  path: string;
  /** The branch that is followed. */
  branch: string;
  forge?: Forge;
  /** The clock, in epoch milliseconds. */
  now: () => number;
}

/** What remembers, for one mirror, which approvals hold and when the forge was asked. */
export function evidenceGatherer({ mirror, path, branch, forge, now }: GatherOptions): GatherEvidence {
  const verifier = new ApprovalVerifier();
  const reviews = forge && new Reviews({ forge, mirror, path, branch, now });
  return async (question, signal) => {
    const blobs = await mirror.approvalsOf(question.tree, signal);
    const approvals = await verifier.evidenceIn(blobs, question, now(), signal);
    const { records, incomplete } = await recordsFor(question, reviews, signal);
    return { evidence: [...approvals, ...records], ...(incomplete && { incomplete }) };
  };
}

async function recordsFor(
  { commits, later, tree }: EvidenceQuestion,
  reviews: Reviews | undefined,
  signal: AbortSignal,
): Promise<{ records: ForgeEvidence[] } & Pick<Gathered, 'incomplete'>> {
  const records = new Map<string, ForgeEvidence>();
  try {
    for (const [at, commit] of reviews ? commits.entries() : []) {
      for (const record of (await reviews?.recordsOf(commit, at === 0 ? later : [], signal)) ?? []) {
        if (record.tree === tree) records.set(record.record, record);
      }
    }
  } catch (error) {
    if (!(error instanceof UnreachableError) || error.code !== 'http') throw error;
    return { records: inOrder(records), incomplete: error };
  }
  return { records: inOrder(records) };
}

function inOrder(records: ReadonlyMap<string, ForgeEvidence>): ForgeEvidence[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...records.values()].sort((a, b) => compare(a.reviewer, b.reviewer) || compare(a.at, b.at));
}
