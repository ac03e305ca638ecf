// The decision: the answer to one evaluation, and why. Reasons and error codes are OpenFeature's.
import type { JsonValue } from '../lib/json.ts';

export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'ERROR';

export type ErrorCode =
  | 'FLAG_NOT_FOUND'
  | 'TARGETING_KEY_MISSING'
  | 'PROVIDER_NOT_READY'
  | 'PARSE_ERROR'
  | 'INVALID_CONTEXT'
  | 'TYPE_MISMATCH'
  | 'GENERAL';

/** `value` and `variation` are absent where the app's own default stands; they are never null. Decisions are frozen and shared. */
export interface Decision {
  readonly flag: string;
  readonly value?: JsonValue;
  readonly variation?: string;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode;
  readonly metadata: DecisionMetadata;
}

export interface DecisionMetadata {
  readonly environment: string;
  readonly revision?: number;
  readonly commit?: string;
  /** The rule's name, or `#2` (counted from 1) for one without a name. */
  readonly rule?: string;
  readonly experiment?: string;
  /** The variation that the experiment's arm gives. */
  readonly arm?: string;
  /** The key of the required flag that did not give the required variation. */
  readonly requires?: string;
  /** Until when an emergency override stands (RFC 3339). */
  readonly override?: string;
}
