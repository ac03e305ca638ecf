// The answers of one ruleset: each decision is serialised once, counted where it is found, and joined from then on.
import { hash } from 'node:crypto';
import type { Decision } from '../model/decision.ts';

/** A decision with its texts. Those that not everyone asks for are made when first asked for. */
export interface Answer {
  readonly decision: Decision;
  /** The decision as JSON. */
  json: string | undefined;
  /** As OFREP names things. */
  ofrep: string | undefined;
  /** A part of a longer answer: `,"key":{…}` of the native API, `,{…}` of OFREP. */
  member: Buffer | undefined;
  item: Buffer | undefined;
  /** A digest of what an app sees of it: key, value, variation, reason, error, and until when an override stands. */
  tag: string | undefined;
  /** How often it was given since it was last counted. */
  count: number;
}

/** Bounds what decisions that the engine does not share could cost. */
const MOST_KEPT = 1_000_000;

export class Answers {
  readonly #byDecision = new Map<Decision, Answer>();
  /** How often an unknown flag was asked for since it was last counted. */
  unknown = 0;

  /** The answer that is given for a decision; kept, because decisions are shared between evaluations of one ruleset. */
  give(decision: Decision): Answer {
    const answer = this.#byDecision.get(decision) ?? this.#make(decision);
    answer.count++;
    return answer;
  }

  #make(decision: Decision): Answer {
    const answer: Answer = {
      decision,
      json: undefined,
      ofrep: undefined,
      member: undefined,
      item: undefined,
      tag: undefined,
      count: 0,
    };
    // An unknown flag's decision is made for the one request: its key is the caller's, and there is no end of those.
    if (decision.errorCode === 'FLAG_NOT_FOUND') this.unknown++;
    else if (this.#byDecision.size < MOST_KEPT) this.#byDecision.set(decision, answer);
    return answer;
  }

  /** All that were given since the ruleset came. */
  all(): IterableIterator<Answer> {
    return this.#byDecision.values();
  }
}

/** The decision as JSON. */
export function jsonOf(answer: Answer): string {
  answer.json ??= JSON.stringify(answer.decision);
  return answer.json;
}

/** The decision in OFREP's words: a success, or a failure with `errorCode`. `value` is left out where there is none. */
export function ofrepOf(answer: Answer): string {
  answer.ofrep ??= ofrepText(answer.decision);
  return answer.ofrep;
}

function ofrepText(decision: Decision): string {
  return JSON.stringify(ofrepItem(decision));
}

function ofrepItem({ flag: key, value, variation: variant, reason, errorCode, metadata }: Decision): unknown {
  if (errorCode) return { key, errorCode, errorDetails: errorDetails(errorCode), metadata };
  return { key, reason, variant, value, metadata };
}

/** The decision as a member of an object, after a comma. */
export function memberOf(answer: Answer): Buffer {
  answer.member ??= Buffer.from(`,${JSON.stringify(answer.decision.flag)}:${jsonOf(answer)}`);
  return answer.member;
}

/** The decision in OFREP's words as an item of a list, after a comma. */
export function itemOf(answer: Answer): Buffer {
  answer.item ??= Buffer.from(`,${answer.ofrep ?? ofrepText(answer.decision)}`);
  return answer.item;
}

/** Joins parts that each begin with a comma. Copying bytes costs a quarter of what joining texts does. */
export function joinParts(head: string, parts: readonly Buffer[], tail: string): Buffer {
  const [first, ...rest] = parts;
  return Buffer.concat([
    Buffer.from(head),
    ...(first ? [first.subarray(1)] : []),
    ...rest,
    Buffer.from(tail),
  ]);
}

/** Tells two results apart whatever revision they come from. */
export function tagOf(answer: Answer): string {
  if (answer.tag === undefined) {
    const { flag, value, variation, reason, errorCode, metadata } = answer.decision;
    answer.tag = hash(
      'sha256',
      JSON.stringify([flag, value, variation, reason, errorCode, metadata.override]),
      'base64url',
    ).slice(0, 16);
  }
  return answer.tag;
}

const DETAILS: { [Code in NonNullable<Decision['errorCode']>]: string } = {
  FLAG_NOT_FOUND: 'There is no flag of this key in this environment.',
  TARGETING_KEY_MISSING:
    'The context lacks the attribute that this flag splits by (targetingKey, unless the flag names another).',
  PROVIDER_NOT_READY: 'The relay has no snapshot yet; it goes on trying to get one.',
  PARSE_ERROR: 'The request body is not JSON.',
  INVALID_CONTEXT: 'The context is not a JSON object.',
  TYPE_MISMATCH: 'The value is of another type than the one asked for.',
  GENERAL: 'The flag could not be evaluated.',
};

/** A sentence for people about an error code. It never holds anything of the request. */
export function errorDetails(code: NonNullable<Decision['errorCode']>): string {
  return DETAILS[code];
}
