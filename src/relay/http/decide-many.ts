// Decides many flags for one context: at once, or in turn with everyone else where a large body asks for them.
import type { FastifyRequest } from 'fastify';
import { evaluateAll, evaluateAllInSteps } from '../../engine/evaluate.ts';
import type { Context } from '../../model/context.ts';
import type { Decision } from '../../model/decision.ts';
import { countLate, type RelayCore } from '../core.ts';
import { LARGE_BYTES } from '../large/bodies.ts';
import type { Served } from '../snapshot-store.ts';
import { TOO_MANY_LARGE } from './json-body.ts';
import { callOf } from './recorded-calls.ts';

export interface Asked {
  context: Context;
  nowMs: number;
  /** Left out: every flag. */
  flags?: readonly string[] | undefined;
}

/**
 * Hands on what the flags decide, in the order asked or in the ruleset's; for a large body that may be later. Then
 * rejects with a RequestFault where too much is under way.
 */
export function decideMany(
  relay: Pick<RelayCore, 'large' | 'counters' | 'store'>,
  request: FastifyRequest,
  served: Served,
  { context, nowMs, flags }: Asked,
  answer: (decisions: readonly Decision[]) => void,
): void | Promise<void> {
  const { bodyText, bodyBytes } = request;
  const { ruleset, recentCallers } = served;
  if (bodyBytes > LARGE_BYTES) {
    const count = flags?.length ?? ruleset.flags.size;
    const decided = relay.large.run(evaluateAllInSteps(ruleset, context, nowMs, flags), count, bodyBytes);
    return decided.then((decisions) => {
      if (!decisions) {
        relay.counters.refusedRequests.add('too_many');
        throw TOO_MANY_LARGE;
      }
      const call = callOf(request);
      if (call) call.answer(() => answer(decisions));
      else answer(decisions);
      countLate(relay, served);
    });
  }
  const isRecognisable = bodyText !== '' && flags === undefined;
  answer(
    isRecognisable
      ? recentCallers.decideAll(bodyText, context, nowMs)
      : evaluateAll(ruleset, context, nowMs, flags),
  );
}
