// Thrown where something cannot be said in a definition; caught where a whole flag or segment is left out for it.
import { UsageError } from '../lib/errors.ts';
import type { ReportItem } from './imported.ts';

/** Where nobody catches it, the file as a whole is not understood. */
export class Untranslatable extends UsageError {
  override name = 'Untranslatable';
  /** The place in the other system's file; empty where it is known to whoever catches it. */
  readonly what: string;

  /** `reason` is a whole sentence for the report. */
  constructor(what: string, reason: string) {
    super(reason);
    this.what = what;
  }
}

/** Undefined, with an item in the report, where `make` finds that it cannot be said. */
export function orLeftOut<Made>(what: string, report: ReportItem[], make: () => Made): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    report.push({ what: error.what || what, kind: 'left-out', reason: error.message });
    return undefined;
  }
}
