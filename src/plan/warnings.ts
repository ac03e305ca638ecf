// What surprises people about a change. Each warning is a pure function of what was compared.
import type { Definitions } from '../model/definition.ts';
import type { Compared } from './comparison.ts';
import type { Edit } from './edits.ts';
import type { Warning } from './plan.ts';

export interface Surprising {
  readonly before: Definitions | undefined;
  readonly after: Definitions;
  readonly edits: readonly Edit[];
  readonly compared: readonly Compared[];
  /** YYYY-MM-DD. */
  readonly today: string;
}

export function warningsOf(_: Surprising): Warning[] {
  return [];
}
