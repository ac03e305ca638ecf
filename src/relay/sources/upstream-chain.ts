// What another relay tells of the audit chain, held against what this one has seen of it: whether anything may be taken.
import type { Fault, Witness } from '../source.ts';
import { staleFault, type Told } from './upstream-answer.ts';
import type { Reply } from './upstream-client.ts';

/** Of several relays behind one address, one may be behind for so long before that means that the database went back. */
const LAG_MS = 3_000;
/** Each commit reaches one of them first; that others lack it for so long is worth no word. */
const QUIET_MS = 1_000;

/** The hash that the other relay's chain has for the witness; null = none, undefined = it does not tell. */
export function witnessedBy(
  { end, witnessed }: Told,
  witness: Witness | undefined,
): string | null | undefined {
  return witness && end && end.entry < witness.entry ? null : witnessed;
}

/** Why nothing is taken now. Without a fault there is nothing to say yet. */
export interface Hold {
  fault?: Fault;
}

export class UpstreamChain {
  #behindSinceMs: number | undefined;

  /** @param place the other relay's address as it may be shown */
  whyHold(
    place: string,
    reply: Exclude<Reply, { type: 'not-ready' }>,
    witness: Witness | undefined,
  ): Hold | undefined {
    if (!witness) return undefined;
    if (reply.end && reply.end.entry < witness.entry) return this.#whyBehind(place, reply);
    this.#behindSinceMs = undefined;
    const isUnproven = reply.type === 'changed' && reply.answer.entry !== undefined;
    if (!isUnproven || reply.witnessed !== undefined) return undefined;
    if (reply.stale !== undefined) return { fault: staleFault(place, reply.stale) };
    const message = `the relay at ${place} does not tell whether its audit chain holds entry ${witness.entry}, which this relay has seen`;
    return { fault: { code: 'unproven', message } };
  }

  #whyBehind(place: string, { stale }: Told): Hold | undefined {
    if (stale !== undefined) return { fault: staleFault(place, stale) };
    this.#behindSinceMs ??= performance.now();
    const behindMs = performance.now() - this.#behindSinceMs;
    if (behindMs > LAG_MS) return undefined;
    if (behindMs < QUIET_MS) return {};
    const message = `the relay at ${place} is behind: it has seen less of the audit chain than this relay`;
    return { fault: { code: 'behind', message } };
  }
}
