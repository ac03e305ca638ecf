// What deriving one entry comes to.
import type { EntryContent } from '../content.ts';
import type { DerivedRow } from './rows.ts';

/** What one entry must be, or why it can be nothing. */
export interface Outcome {
  content?: EntryContent;
  fault?: string;
  rows?: ReadonlyMap<string, DerivedRow>;
  isUnderivable?: boolean;
}
