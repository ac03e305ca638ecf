// Answers a call for one flag or for all of them.
import { evaluate, evaluateAll, evaluateAllInSteps } from '../../engine/evaluate.ts';
import type { Context } from '../../model/context.ts';
import type { Decision } from '../../model/decision.ts';
import { errorDetails } from '../answer.ts';
import { countLate, type RelayCore } from '../core.ts';
import type { Served } from '../snapshot-store.ts';
import { answerOf, answerOfAll, isOfKind } from './answers.ts';
import type { Codec } from './framing.ts';
import type { Kind, Method } from './methods.ts';
import type { Asked } from './received.ts';
import { CallFault } from './status.ts';

/** What a decision's error is called here. They are made once, since nothing of a request is in them. */
const FAULTS: { [code in NonNullable<Decision['errorCode']>]: CallFault } = {
  FLAG_NOT_FOUND: new CallFault('not_found', errorDetails('FLAG_NOT_FOUND')),
  TARGETING_KEY_MISSING: new CallFault('failed_precondition', errorDetails('TARGETING_KEY_MISSING')),
  PROVIDER_NOT_READY: new CallFault('unavailable', errorDetails('PROVIDER_NOT_READY'), 1),
  PARSE_ERROR: new CallFault('data_loss', errorDetails('PARSE_ERROR')),
  INVALID_CONTEXT: new CallFault('invalid_argument', errorDetails('INVALID_CONTEXT')),
  TYPE_MISMATCH: new CallFault('invalid_argument', errorDetails('TYPE_MISMATCH')),
  GENERAL: new CallFault('internal', errorDetails('GENERAL')),
};
/** What version 1 calls a flag whose value is left to the app: its providers would take silence for `false`, 0 or "". */
const NO_VALUE = new CallFault('not_found', "The flag gives no value here, so the app's own default stands.");

/** The answer to a call, in an envelope. Throws a CallFault. */
export function resolve(
  core: RelayCore,
  served: Served | undefined,
  { version, asks }: Method,
  { flagKey, context }: Asked,
  codec: Codec,
): Buffer {
  const started = performance.now();
  if (!served) throw FAULTS.PROVIDER_NOT_READY;
  if (asks === 'All') {
    const answer = resolveAll(core, served, context, codec);
    core.counters.latency.grpc_all.observe(performance.now() - started);
    return answer;
  }
  const now = core.now();
  const { decision } = served.answers.give(evaluate(served.ruleset, flagKey, context, now));
  try {
    const answer = judged(decision, version, asks as Kind, codec);
    // Whoever is told of a fault shows the app's own default, and no arm.
    core.events?.gave(served, decision, context, now);
    return answer;
  } finally {
    core.counters.latency.grpc.observe(performance.now() - started);
  }
}

function judged(decision: Decision, version: Method['version'], kind: Kind, codec: Codec): Buffer {
  if (decision.errorCode) throw FAULTS[decision.errorCode];
  if (decision.value === undefined) {
    if (version === 1) throw NO_VALUE;
  } else if (!isOfKind(decision, kind)) {
    throw FAULTS.TYPE_MISMATCH;
  }
  return answerOf(decision, kind, codec);
}

function resolveAll(core: RelayCore, served: Served, context: Context, codec: Codec): Buffer {
  const nowMs = core.now();
  return answerAll(core, served, {
    decisions: evaluateAll(served.ruleset, context, nowMs),
    context,
    nowMs,
    codec,
  });
}

/**
 * The same for a large context, whose flags are decided in turn with everyone else. Resolves with what answers, or with
 * undefined where too much is under way. Rejects with a CallFault.
 */
export async function resolveAllInSteps(
  core: RelayCore,
  served: Served | undefined,
  { context }: Asked,
  codec: Codec,
  bytes: number,
): Promise<(() => Buffer) | undefined> {
  const started = performance.now();
  if (!served) throw FAULTS.PROVIDER_NOT_READY;
  const nowMs = core.now();
  const { ruleset } = served;
  const steps = evaluateAllInSteps(ruleset, context, nowMs);
  const decisions = await core.large.run(steps, ruleset.flags.size, bytes);
  if (!decisions) return undefined;
  return () => {
    const answer = answerAll(core, served, { decisions, context, nowMs, codec });
    countLate(core, served);
    core.counters.latency.grpc_all.observe(performance.now() - started);
    return answer;
  };
}

interface Decided {
  decisions: readonly Decision[];
  context: Context;
  nowMs: number;
  codec: Codec;
}

function answerAll(core: RelayCore, served: Served, { decisions, context, nowMs, codec }: Decided): Buffer {
  const { answers, snapshot } = served;
  answers.giveEvery(decisions);
  core.events?.gaveEvery(served, decisions, context, nowMs);
  const { project, environment, revision, commit } = snapshot;
  const metadata = { project, environment, revision, ...(commit !== undefined && { commit }) };
  return answerOfAll(decisions, metadata, codec);
}
