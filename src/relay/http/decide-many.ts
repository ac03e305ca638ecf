// Decides many flags for one context: at once, or in turn with everyone else where others ask for many too, or a large body does.
import type { FastifyRequest } from 'fastify';
import { evaluateAll, evaluateAllInSteps } from '../../engine/evaluate.ts';
import type { Context } from '../../model/context.ts';
import type { Decision } from '../../model/decision.ts';
import { countLate, type RelayCore } from '../core.ts';
import { LARGE_BYTES } from '../large/bodies.ts';
import type { Served } from '../snapshot-store.ts';
import { bodyOf, TOO_MANY_LARGE } from './json-body.ts';
import { callOf } from './recorded-calls.ts';
import { ownTurn } from './turns.ts';

/** Deciding and sending more costs as much as some calls for one flag do. */
const FEW_FLAGS = 100;

export interface Asked {
  context: Context;
  nowMs: number;
  /** Left out: every flag. */
  flags?: readonly string[] | undefined;
}

/**
 * Hands on what the flags decide, in the order asked or in the ruleset's; which may be later, for many flags and for a large
 * body. Rejects with a RequestFault where too much is under way.
 */
export function decideMany(
  relay: Pick<RelayCore, 'large' | 'counters' | 'store'>,
  request: FastifyRequest,
  served: Served,
  { context, nowMs, flags }: Asked,
  answer: (decisions: readonly Decision[]) => void,
): void | Promise<void> {
  const { text, bytes } = bodyOf(request);
  const { ruleset, recentCallers } = served;
  const count = flags?.length ?? ruleset.flags.size;
  const later = (decisions: readonly Decision[]) => {
    const call = callOf(request);
    if (call) call.answer(() => answer(decisions));
    else answer(decisions);
    countLate(relay, served);
  };
  if (bytes > LARGE_BYTES) {
    const decided = relay.large.run(evaluateAllInSteps(ruleset, context, nowMs, flags), count, bytes);
    return decided.then((decisions) => {
      if (!decisions) {
        relay.counters.refusedRequests.add('too_many');
        throw TOO_MANY_LARGE;
      }
      later(decisions);
    });
  }
  const isRecognisable = text !== '' && flags === undefined;
  const decide = () =>
    isRecognisable
      ? recentCallers.decideAll(text, context, nowMs)
      : evaluateAll(ruleset, context, nowMs, flags);
  if (count <= FEW_FLAGS) answer(decide());
  else return ownTurn(request.raw.socket, () => later(decide()));
}
