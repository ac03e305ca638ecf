// One environment, before the change or after it: compiled, with what compiling hides.
import { compile, type Ruleset } from '../engine/compile.ts';
import type { SegmentBody, Snapshot } from '../model/snapshot.ts';
import type { SegmentSource } from './formula.ts';

export interface Side extends SegmentSource {
  readonly ruleset: Ruleset;
  readonly salt: string;
  /** The instant whose schedules hold, epoch milliseconds. */
  readonly nowMs: number;
}

export function sideOf(when: Side['when'], snapshot: Snapshot, nowMs: number): Side {
  const ruleset = compile(snapshot);
  const bodies = new Map<string, SegmentBody>();
  let salt = '';
  for (const { kind, key, body } of snapshot.definitions) {
    if (kind === 'segment') bodies.set(key, body);
    if (kind === 'project') salt = body.salt;
  }
  return { when, ruleset, salt, nowMs, compiled: ruleset.segments, bodies };
}
