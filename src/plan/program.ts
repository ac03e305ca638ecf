// A flag's whole behaviour as a graph of decisions. Equal parts are the same object, on both sides of a comparison.
import type { JsonValue } from '../lib/json.ts';
import { canonical } from '../lib/json.ts';
import type { Decision } from '../model/decision.ts';
import type { Formula } from './formula.ts';

/** What an app sees of a decision. Why it was made is left out: who gets the same for another reason has not moved. */
export interface Answer {
  readonly variation?: string;
  readonly value?: JsonValue;
  /** Apps use their own default instead. */
  readonly error?: string;
  /** Not an answer: who comes here is passed on. For programs of a single rule. */
  readonly passes?: true;
}

/**
 * One uniform draw from 0 … 9999 for each unit. Equal ones are the same draw; others are independent. `prefix` is what
 * is hashed before the unit: salt and name.
 */
export interface Dimension {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly unit: string;
}

export function dimension(salt: string, name: string, unit: string): Dimension {
  const prefix = salt + name;
  return { id: canonical([prefix, unit]), prefix, name, unit };
}

/** Buckets below `to`, and not below the part before it, go on with `program`. */
export interface Part {
  readonly to: number;
  readonly program: Program;
}

export type Program = Size & { readonly id: number } & (
    | { readonly kind: 'answer'; readonly answer: Answer }
    | { readonly kind: 'if'; readonly condition: Formula; readonly then: Program; readonly else: Program }
    /** `none` is for those without a unit. */
    | {
        readonly kind: 'split';
        readonly dimension: Dimension;
        readonly parts: readonly Part[];
        readonly none: Program;
      }
  );

/** By id. */
export type Dimensions = ReadonlyMap<string, Dimension>;

export type Split = Extract<Program, { kind: 'split' }>;

export interface Size {
  /** Whether a condition occurs in it. */
  readonly isConditional: boolean;
  /** Those that occur in it, for units that all have. */
  readonly dimensions: Dimensions;
  readonly depth: number;
}

/** The answer that a decision gives. */
export function answerOf({ variation, value, errorCode }: Decision): Answer {
  return {
    ...(variation !== undefined && { variation }),
    ...(value !== undefined && { value }),
    ...(errorCode !== undefined && { error: errorCode }),
  };
}
