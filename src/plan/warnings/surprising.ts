// What warnings are made from.
import type { Definitions } from '../../model/definition.ts';
import type { Compared } from '../comparison.ts';
import type { Edit } from '../edits.ts';
import type { Warning } from '../plan.ts';
import type { ExperimentTraffic } from '../traffic.ts';

export interface Surprising {
  readonly before: Definitions | undefined;
  readonly after: Definitions;
  readonly edits: readonly Edit[];
  /** By environment in the order of promotion, then by flag. */
  readonly compared: readonly Compared[];
  /** YYYY-MM-DD. */
  readonly today: string;
  /** Of the experiments of `measuredByChange`, where a database was asked. */
  readonly traffic?: readonly ExperimentTraffic[] | undefined;
}

/** One kind of surprise. */
export type Warn = (surprising: Surprising) => Warning[];

/** `a`, `b` and 3 more. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  if (more > 0) shown.push(`${more.toLocaleString('en')} more`);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
