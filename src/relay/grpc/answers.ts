// Decisions as flagd's protocol has them. Each is written once, and then handed out as the same bytes.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Decision } from '../../model/decision.ts';
import { type Codec, envelop } from './framing.ts';
import { AnyFlagSchema, ResolveAllResponseSchema } from './gen/flagd/evaluation/v1/evaluation_pb.ts';
import {
  ResolveBooleanResponseSchema,
  ResolveFloatResponseSchema,
  ResolveIntResponseSchema,
  ResolveObjectResponseSchema,
  ResolveStringResponseSchema,
} from './gen/flagd/evaluation/v2/evaluation_pb.ts';
import type { Kind } from './methods.ts';

type JsonObject = { [member: string]: never };

/** A decision's bytes, made when they are first asked for. */
interface Written {
  /** The answer to the call for this flag, in an envelope. */
  one?: Buffer;
  /** The same where a whole number was asked for. */
  int?: Buffer;
  /** A part of the answer to the call for all flags: a message with this flag alone, or a member after a comma. */
  part?: Buffer;
}

const known = new WeakMap<Decision, { [codec in Codec]: Written }>();

function writtenOf(decision: Decision): { [codec in Codec]: Written } {
  let written = known.get(decision);
  if (!written) {
    written = { proto: {}, json: {} };
    known.set(decision, written);
  }
  return written;
}

/** Whether a decision's value is of the kind that was asked for. Numbers with a fraction are no `Int`, and lists no `Object`. */
export function isOfKind({ value }: Decision, kind: Kind): boolean {
  switch (kind) {
    case 'Boolean':
      return typeof value === 'boolean';
    case 'String':
      return typeof value === 'string';
    case 'Float':
      return typeof value === 'number';
    case 'Int':
      return Number.isSafeInteger(value);
    case 'Object':
      return typeof value === 'object' && !Array.isArray(value);
  }
}

/**
 * The answer to a call for one flag, in an envelope. The decision is no error, and its value of the kind or absent; then
 * the app's own default stands.
 */
export function answerOf(decision: Decision, kind: Kind, codec: Codec): Buffer {
  const written = writtenOf(decision)[codec];
  if (kind === 'Int') {
    written.int ??= envelop(codec === 'json' ? jsonOf(decision, 'Int') : protoOf(decision, 'Int'));
    return written.int;
  }
  written.one ??= envelop(codec === 'json' ? jsonOf(decision, kind) : protoOf(decision, kind));
  return written.one;
}

/** flagd's providers take a flag without a value for the app's own default where its reason is one of two. */
function reasonOf({ value, reason }: Decision): string {
  return value === undefined && reason !== 'DISABLED' ? 'DEFAULT' : reason;
}

function jsonOf(decision: Decision, kind: Kind): Buffer {
  const { value, variation: variant, metadata } = decision;
  // protobuf's JSON has 64-bit numbers as text.
  const written = kind === 'Int' && value !== undefined ? String(value) : value;
  return Buffer.from(JSON.stringify({ value: written, reason: reasonOf(decision), variant, metadata }));
}

/** Version 2's messages, which version 1 reads too: there a value is never absent. */
function protoOf(decision: Decision, kind: Kind): Uint8Array {
  const { value, variation, metadata } = decision;
  const rest = {
    reason: reasonOf(decision),
    ...(variation !== undefined && { variant: variation }),
    metadata: metadata as unknown as JsonObject,
  };
  const withValue = <Value>() => (value === undefined ? rest : { ...rest, value: value as Value });
  switch (kind) {
    case 'Boolean':
      return toBinary(
        ResolveBooleanResponseSchema,
        create(ResolveBooleanResponseSchema, withValue<boolean>()),
      );
    case 'String':
      return toBinary(ResolveStringResponseSchema, create(ResolveStringResponseSchema, withValue<string>()));
    case 'Float':
      return toBinary(ResolveFloatResponseSchema, create(ResolveFloatResponseSchema, withValue<number>()));
    case 'Int': {
      const whole = value === undefined ? rest : { ...rest, value: BigInt(value as number) };
      return toBinary(ResolveIntResponseSchema, create(ResolveIntResponseSchema, whole));
    }
    case 'Object':
      return toBinary(
        ResolveObjectResponseSchema,
        create(ResolveObjectResponseSchema, withValue<JsonObject>()),
      );
  }
}

/** The decisions that the answer for all flags can hold: no errors, none without a value, no lists. */
export function isInAll({ value, reason }: Decision): boolean {
  return value !== undefined && reason !== 'ERROR' && !Array.isArray(value);
}

/** The answer to a call for all flags, in an envelope. Messages that follow each other are one, so parts are only joined. */
export function answerOfAll(decisions: readonly Decision[], metadata: object, codec: Codec): Buffer {
  const parts = decisions.filter(isInAll).map((decision) => partOf(decision, codec));
  if (codec === 'json') {
    const [first, ...rest] = parts;
    const head = Buffer.from('{"flags":{');
    const tail = Buffer.from(`},"metadata":${JSON.stringify(metadata)}}`);
    return envelop(Buffer.concat([head, ...(first ? [first.subarray(1)] : []), ...rest, tail]));
  }
  const last = create(ResolveAllResponseSchema, { metadata: metadata as JsonObject });
  return envelop(Buffer.concat([...parts, toBinary(ResolveAllResponseSchema, last)]));
}

function partOf(decision: Decision, codec: Codec): Buffer {
  const written = writtenOf(decision)[codec];
  written.part ??= codec === 'json' ? jsonPart(decision) : protoPart(decision);
  return written.part;
}

const CASES = {
  boolean: 'boolValue',
  string: 'stringValue',
  number: 'doubleValue',
  object: 'objectValue',
} as const;

function caseOf({ value }: Decision): (typeof CASES)[keyof typeof CASES] {
  return CASES[typeof value as keyof typeof CASES];
}

function jsonPart(decision: Decision): Buffer {
  const { flag, reason, variation: variant, value, metadata } = decision;
  const body = JSON.stringify({ reason, variant, [caseOf(decision)]: value, metadata });
  return Buffer.from(`,${JSON.stringify(flag)}:${body}`);
}

function protoPart(decision: Decision): Buffer {
  const { flag, reason, variation = '', value, metadata } = decision;
  const any = create(AnyFlagSchema, {
    reason,
    variant: variation,
    value: { case: caseOf(decision), value } as never,
    metadata: metadata as unknown as JsonObject,
  });
  return Buffer.from(
    toBinary(ResolveAllResponseSchema, create(ResolveAllResponseSchema, { flags: { [flag]: any } })),
  );
}
