// Looks approvals up for a judgement, and says why where nobody did.
import { UnreachableError } from '../../lib/errors.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { GatherEvidence } from '../../sync/evidence.ts';
import type { Foresight } from '../../sync/foresee.ts';
import { approvalsAt } from '../place/approvals.ts';
import type { Place } from '../place/place.ts';

export interface Lookup {
  gather: GatherEvidence;
  /** Why approvals were not looked for, once a judgement is made; undefined where they were. */
  unasked(sight: Foresight, isRecorded: boolean): string | undefined;
}

/** At the remote, or in an entry, whose evidence is then `recorded`. */
export function lookupAt(place: Place, recorded: readonly Evidence[] | undefined): Lookup {
  let wasAsked = false;
  let fault: UnreachableError | undefined;
  const gather: GatherEvidence = async (question) => {
    wasAsked = true;
    if (recorded) return { evidence: recorded.filter((piece) => piece.kind !== 'trailer') };
    try {
      return { evidence: await approvalsAt(place, question, Date.now()) };
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      fault = error;
      return { evidence: [], incomplete: error };
    }
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
  return { gather, unasked };
}
