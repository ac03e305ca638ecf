// What a feature of Unleash is translated in: its place, the segments, and what is found on the way.
import type { Noted } from '../notes.ts';
import type { Segment } from './file.ts';

export interface Scope extends Noted {
  segments: ReadonlyMap<number, Segment>;
  /** The keys of the segments that are definitions, by id. */
  segmentKeys: ReadonlyMap<number, string>;
}

/** OpenFeature's name for what Unleash calls `userId`; all others stay. */
export function attributeOf(field: string): string {
  return field === 'userId' ? 'targetingKey' : field;
}
