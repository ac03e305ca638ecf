// Stands in for a flag that was proven to compile and yet does not, so that evaluation stays total (invariant 3).
import type { Decision } from '../model/decision.ts';
import { Flag, type FlagSurroundings } from './flag.ts';

/** Everyone gets an error, and the app its own default. */
export class BrokenFlag extends Flag {
  override readonly disabled: Decision;
  override readonly always: Decision;

  constructor(key: string, around: FlagSurroundings) {
    super(key, { type: 'boolean', variations: {}, unit: 'targetingKey', enabled: false }, around, []);
    this.disabled = Object.freeze({
      flag: key,
      reason: 'ERROR',
      errorCode: 'GENERAL',
      metadata: around.where,
    });
    this.always = this.disabled;
  }
}
