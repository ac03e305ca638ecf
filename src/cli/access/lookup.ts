// Looks approvals up for a judgement, and says why where nobody did.
import { UnreachableError } from '../../lib/errors.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { GatherEvidence } from '../../sync/evidence.ts';
import type { Foresight } from '../../sync/foresee.ts';
import { approvalsAt } from '../place/approvals.ts';
import type { Question } from './basis.ts';

export interface Lookup {
  gather: GatherEvidence;
  /** Approvals of the last tree that was asked about which count no more, since they let an earlier change be applied. */
  used(): readonly Evidence[];
  /** Why approvals were not looked for, once a judgement is made; undefined where they were. */
  unasked(sight: Foresight, isRecorded: boolean): string | undefined;
}

/** At the remote, without those that the database says were used; or in an entry, whose evidence is then `recorded`. */
export function lookupAt({ place, database }: Question, recorded: readonly Evidence[] | undefined): Lookup {
  let wasAsked = false;
  let fault: UnreachableError | undefined;
  let found: Evidence[] = [];
  let left: readonly Evidence[] = [];
  const atRemote: GatherEvidence = async (question) => {
    try {
      const evidence = await approvalsAt(place, question, Date.now());
      found = evidence;
      return { evidence };
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      fault = error;
      return { evidence: [], incomplete: error };
    }
  };
  const unused = database ? database.withoutUsed(atRemote) : atRemote;
  const gather: GatherEvidence = async (question, signal) => {
    wasAsked = true;
    if (recorded) return { evidence: recorded.filter((piece) => piece.kind !== 'trailer') };
    found = [];
    const gathered = await unused(question, signal);
    left = gathered.evidence;
    return gathered;
  };
  const unasked: Lookup['unasked'] = ({ applied, judged }, isRecorded) => {
    if (isRecorded) return undefined;
    if (fault) return fault.message;
    if (!judged) return 'it is not judged by itself';
    if (wasAsked) return undefined;
    return applied.policy
      ? 'no approval mends what it is refused for'
      : 'without an access policy nothing has to be approved';
  };
  return { gather, unasked, used: () => found.filter((piece) => !left.includes(piece)) };
}
