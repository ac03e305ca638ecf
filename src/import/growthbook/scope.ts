// What a feature of GrowthBook is translated in: its place, the saved groups, and what is found on the way.
import type { Noted } from '../notes.ts';
import type { JsonObject } from '../read.ts';
import type { GroupSegments } from './groups.ts';

export interface Scope extends Noted {
  savedGroups: JsonObject;
  segments: GroupSegments;
  /** Groups that are being written out, so that a cycle ends. */
  open: ReadonlySet<string>;
}
