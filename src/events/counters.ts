// What the collector counts from its start on.
import { SHAPE_FAULTS } from '../model/event-shape.ts';
import { TIME_FAULTS, UNKNOWN_FAULTS } from './known.ts';
import type { Refusal } from './lines.ts';

/** Every code with which an event can be refused. */
export const REFUSAL_CODES = [...SHAPE_FAULTS, ...TIME_FAULTS, ...UNKNOWN_FAULTS, 'unstorable'] as const;

export class Counters {
  counted = 0;
  duplicates = 0;
  /** By code, each from the start, so that there are as many series as codes. */
  readonly refused = new Map<string, number>(REFUSAL_CODES.map((code) => [code, 0]));
  /** Requests for events by the status of their answer. */
  readonly requests = new Map<number, number>();

  add({
    counted,
    duplicates,
    refused,
  }: {
    counted: number;
    duplicates: number;
    refused: readonly Refusal[];
  }): void {
    this.counted += counted;
    this.duplicates += duplicates;
    for (const { code } of refused) this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }

  answered(status: number): void {
    this.requests.set(status, (this.requests.get(status) ?? 0) + 1);
  }

  get refusedInAll(): number {
    let all = 0;
    for (const count of this.refused.values()) all += count;
    return all;
  }
}
