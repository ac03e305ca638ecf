// One answer: a decision with its texts, each of which is made once and joined from then on.
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
  digest: Int32Array | undefined;
  /** How often it was given since it was last counted. */
  count: number;
}

export function newAnswer(decision: Decision): Answer {
  return {
    decision,
    json: undefined,
    ofrep: undefined,
    member: undefined,
    item: undefined,
    digest: undefined,
    count: 0,
  };
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

/**
 * An entity tag over answers, whatever revision they come from: the sum of their digests. It depends on which answers
 * there are and not on their order, and follows one that is exchanged without a look at the others.
 */
export class Tag {
  readonly #sums = new Int32Array(4);

  add(answer: Answer): void {
    const digest = digestOf(answer);
    for (let at = 0; at < 4; at++) this.#sums[at] = (this.#sums[at] as number) + (digest[at] as number);
  }

  remove(answer: Answer): void {
    const digest = digestOf(answer);
    for (let at = 0; at < 4; at++) this.#sums[at] = (this.#sums[at] as number) - (digest[at] as number);
  }

  toString(): string {
    return `W/"${Buffer.from(this.#sums.buffer).toString('base64url')}"`;
  }
}

function digestOf(answer: Answer): Int32Array {
  if (answer.digest === undefined) {
    const { flag, value, variation, reason, errorCode, metadata } = answer.decision;
    const seen = JSON.stringify([flag, value, variation, reason, errorCode, metadata.override]);
    answer.digest = new Int32Array(new Uint8Array(hash('sha256', seen, 'buffer')).buffer, 0, 4);
  }
  return answer.digest;
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
