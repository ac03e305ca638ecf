// A case of a flag's tests as it runs: one combination of its matrix, in one environment.
import type { JsonValue } from '../lib/json.ts';
import type { Context } from '../model/context.ts';
import type { ErrorCode, Reason } from '../model/decision.ts';

/** What a case can expect something of. `reason` and the rest are as decisions have them. */
export const FIELDS = [
  'value',
  'variation',
  'reason',
  'errorCode',
  'rule',
  'experiment',
  'arm',
  'requires',
] as const;

export type Field = (typeof FIELDS)[number];

/** What schemas/test.schema.json has too, for what a placeholder becomes. */
export const REASONS = [
  'STATIC',
  'DEFAULT',
  'TARGETING_MATCH',
  'SPLIT',
  'DISABLED',
  'ERROR',
] as const satisfies readonly Reason[];

/** The only error that a test can meet: the others are of requests. */
export const ERROR_CODES = ['TARGETING_KEY_MISSING'] as const satisfies readonly ErrorCode[];

/** The decision's field must be one of these; null stands for a field that it does not have. */
export interface Expected {
  field: Field;
  anyOf: readonly JsonValue[];
}

/** Each bucket from `from` to `to`, both included, must get one of these variations. */
export interface ExpectedBuckets {
  from: number;
  to: number;
  anyOf: readonly (string | null)[];
}

export interface FlagCase {
  /** The test's file, relative to the definitions' folder, and where the case stands in it (from 1). */
  file: string;
  line: number;
  column: number;
  flag: string;
  environment: string;
  /** With its combination: `any plan (plan: free, country: US)`. Values of personal attributes are not in it. */
  name: string;
  context: Context;
  /** Epoch milliseconds. */
  nowMs: number;
  /** By the experiment's key: an arm, or `none`. */
  experiments: readonly (readonly [key: string, arm: string])[];
  expected: readonly Expected[];
  /** In ascending order, without overlaps. */
  buckets: readonly ExpectedBuckets[];
}

/** How an experiment is fixed to take no part. */
export const NO_ARM = 'none';
