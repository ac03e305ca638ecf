// What a feature of Unleash is translated in: its place, the segments, and what is found on the way.
import type { ReportItem, ReportKind } from '../imported.ts';
import { Untranslatable } from '../untranslatable.ts';
import type { Segment } from './file.ts';

export interface Scope {
  what: string;
  segments: ReadonlyMap<number, Segment>;
  /** The keys of the segments that are definitions, by id. */
  segmentKeys: ReadonlyMap<number, string>;
  /** How the answer differs; each is told once. */
  notes: Map<string, ReportItem>;
}

export function note({ what, notes }: Scope, kind: ReportKind, reason: string): void {
  notes.set(reason, { what, kind, reason });
}

export function refuse({ what }: Scope, reason: string): never {
  throw new Untranslatable(what, reason);
}

/** OpenFeature's name for what Unleash calls `userId`; all others stay. */
export function attributeOf(field: string): string {
  return field === 'userId' ? 'targetingKey' : field;
}
