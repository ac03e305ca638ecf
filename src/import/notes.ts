// What is found while one flag or segment is translated: how its answer differs, and that it cannot be said at all.
import type { ReportItem, ReportKind } from './imported.ts';
import { Untranslatable } from './untranslatable.ts';

export interface Noted {
  /** The place in the other system's file. */
  what: string;
  /** By their reasons: each is told once. */
  notes: Map<string, ReportItem>;
  /** Attributes that hold lists, of all flags and segments, where a system tells them from others. */
  lists?: Set<string>;
}

export function note({ what, notes }: Noted, kind: ReportKind, reason: string): void {
  notes.set(reason, { what, kind, reason });
}

/** Throws Untranslatable. `reason` is a whole sentence. */
export function refuse({ what }: Noted, reason: string): never {
  throw new Untranslatable(what, reason);
}
